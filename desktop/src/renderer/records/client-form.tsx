/** Add or edit a client. What has not been touched is not sent. */
import { useState } from 'react'
import { defaultClientId, type ClientView, type CollectionView, type NewClient } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { FormDialog, type Faults } from '../parts/form.tsx'
import { Fold } from '../rights/fold.tsx'
import { LimitsField, type LimitsValue } from '../rights/limits-field.tsx'
import { addressesOf, linesOf, type NetworkTexts } from '../rights/networks.ts'
import { NetworksFields } from '../rights/networks-fields.tsx'
import { callsOf, noLimit } from '../rights/new-limit.ts'
import { useNewLimit } from '../rights/use-new-limit.ts'
import { descriptionFaultOf, DescriptionField, nameFaultOf, onlyFaults, TextField } from './common-fields.tsx'
import { acceptsOf, signInDraftOf, signInOf, startSignIn } from '../sign-in/sign-in-draft.ts'
import { signInFaultsOf, signInFields } from '../sign-in/sign-in-faults.ts'
import { SignInFields } from '../sign-in/sign-in-later.tsx'
import { waysShort } from '../sign-in/sign-in-said.ts'
import { GrantsField } from './grants-field.tsx'
import { bodiesOf, changesOf, orNull } from './kinds.ts'
import { useRecordActions } from './use-record-actions.ts'

const limitFields = ['addresses.allow', 'addresses.deny', 'policies', 'limit'] as const
const fields = [
  'name',
  'description',
  'project',
  'email',
  'collections',
  ...signInFields,
  ...limitFields,
  'administrator',
] as const
type ClientFaults = Faults<(typeof fields)[number]>

interface ClientFormProps {
  /** Null: a new one. */
  readonly of: ClientView | null
  /** As they are now: somebody else may have changed one since. */
  readonly clients: readonly ClientView[]
  readonly collections: readonly CollectionView[]
  readonly projects: readonly string[]
  readonly onClose: () => void
}

export const ClientForm = ({ of: client, clients, collections, projects, onClose }: ClientFormProps) => {
  const { bridge, texts } = useConsole()
  const { edit, made: sayMade } = useRecordActions('clients')
  const { form } = texts.records
  const [name, setName] = useState(client?.name ?? '')
  const [description, setDescription] = useState(client?.description ?? '')
  const [project, setProject] = useState(client?.project ?? '')
  const [email, setEmail] = useState(client?.email ?? '')
  const [administrator, setAdministrator] = useState(client?.administrator ?? false)
  const [granted, setGranted] = useState<readonly string[] | null>(() =>
    client === null ? [] : (client.collections?.map(({ id }) => id) ?? null),
  )
  const [narrowed, setNarrowed] = useState<NetworkTexts & LimitsValue>(() => ({
    allow: linesOf(client?.addresses.allow ?? []),
    deny: linesOf(client?.addresses.deny ?? []),
    policies: client?.policies.map(({ id }) => id) ?? [],
    limit: noLimit,
  }))
  const narrow = (more: Partial<NetworkTexts & LimitsValue>): void => setNarrowed((before) => ({ ...before, ...more }))
  const withLimit = useNewLimit()
  const [signIn, setSignIn] = useState(() => signInDraftOf(client ?? startSignIn))

  const check = (): ClientFaults => ({
    ...onlyFaults({
      name: nameFaultOf(name, texts),
      description: descriptionFaultOf(description, texts),
      limit: narrowed.limit.wanted && callsOf(narrowed.limit) === null ? texts.rights.limits.wrong : undefined,
    }),
    ...signInFaultsOf(signIn, texts),
  })

  const save = async (attempt: string): Promise<void> => {
    const policies = await withLimit(narrowed.policies, narrowed.limit, attempt)
    const body: Required<NewClient> = {
      name: name.trim(),
      description,
      project: orNull(project),
      email: orNull(email),
      collections: granted === null ? null : [...granted],
      addresses: addressesOf(narrowed),
      policies: [...policies],
      accepts: acceptsOf(signIn),
      sign_in: signInOf(signIn),
      administrator,
    }
    if (client === null) {
      const made = await bridge.createClient(body, attempt)
      sayMade(made)
      return onClose()
    }
    const changed = changesOf(bodiesOf.clients(client), body)
    if (Object.keys(changed).length > 0) await edit(clients.find(({ id }) => id === client.id) ?? client, changed)
    return onClose()
  }

  const isDefault = client?.id === defaultClientId
  return (
    <FormDialog
      title={client === null ? form.addClient : form.edit(client.name)}
      submit={client === null ? form.create.clients : form.save}
      fields={fields}
      check={check}
      save={save}
      onClose={onClose}
    >
      {(faults) => (
        <>
          <TextField
            label={form.name}
            hint={isDefault ? form.nameOfDefault : form.nameHint}
            fault={faults.name}
            value={name}
            onChange={setName}
            readOnly={isDefault}
            autoFocus
          />
          <div className="side-by-side">
            <TextField
              label={texts.records.project}
              hint={form.projectHint}
              fault={faults.project}
              value={project}
              onChange={setProject}
              known={projects}
              optional
            />
            <TextField
              label={form.email}
              hint={form.emailHint}
              fault={faults.email}
              value={email}
              onChange={setEmail}
              inputMode="email"
              optional
            />
          </div>
          <DescriptionField value={description} fault={faults.description} onChange={setDescription} />
          <GrantsField value={granted} onChange={setGranted} collections={collections} fault={faults.collections} />
          <Fold
            summary={texts.signIn.title}
            said={waysShort({ accepts: acceptsOf(signIn) }, texts)}
            isWrong={signInFields.some((field) => faults[field] !== undefined)}
          >
            <SignInFields client={client} draft={signIn} onChange={setSignIn} faults={faults} />
          </Fold>
          <Fold
            summary={texts.rights.networks.title}
            isOpen={client !== null && (hasNetworks(client) || client.policies.length > 0)}
            isWrong={limitFields.some((field) => faults[field] !== undefined)}
          >
            <NetworksFields value={narrowed} onChange={narrow} faults={faults} />
            <LimitsField value={narrowed} onChange={narrow} hint={texts.rights.limits.ofClient} faults={faults} />
          </Fold>
          <label className="check">
            <input
              type="checkbox"
              checked={administrator}
              onChange={({ target }) => setAdministrator(target.checked)}
            />
            {form.administrator}
          </label>
          {faults.administrator === undefined ? null : <p className="fault">{faults.administrator}</p>}
        </>
      )}
    </FormDialog>
  )
}

const hasNetworks = ({ addresses: { allow, deny } }: ClientView): boolean => allow !== null || deny.length > 0
