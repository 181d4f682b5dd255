/** Add or edit a collection. What has not been touched is not sent. */
import { useState } from 'react'
import type { CollectionView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { FormDialog, type Faults } from '../parts/form.tsx'
import { descriptionFaultOf, DescriptionField, nameFaultOf, onlyFaults, TextField } from './common-fields.tsx'
import { bodiesOf, changesOf, orNull } from './kinds.ts'
import { useRecordActions } from './use-record-actions.ts'

const fields = ['name', 'version', 'description', 'project'] as const
/** What the daemon takes when none is given. */
const firstVersion = '1.0.0'
type CollectionFaults = Faults<(typeof fields)[number]>

interface CollectionFormProps {
  /** Null: a new one. */
  readonly of: CollectionView | null
  readonly collections: readonly CollectionView[]
  readonly projects: readonly string[]
  readonly onClose: () => void
}

export const CollectionForm = ({ of: collection, collections, projects, onClose }: CollectionFormProps) => {
  const { bridge, texts } = useConsole()
  const { edit, made: sayMade } = useRecordActions('collections')
  const { form } = texts.records
  const [name, setName] = useState(collection?.name ?? '')
  const [version, setVersion] = useState(collection?.version ?? firstVersion)
  const [description, setDescription] = useState(collection?.description ?? '')
  const [project, setProject] = useState(collection?.project ?? '')

  const check = (): CollectionFaults =>
    onlyFaults({
      name: nameFaultOf(name, texts),
      version: version.trim() === '' ? form.versionMissing : undefined,
      description: descriptionFaultOf(description, texts),
    })

  const save = async (attempt: string): Promise<void> => {
    const body = { name: name.trim(), version: version.trim(), description, project: orNull(project) }
    if (collection === null) {
      const made = await bridge.call('collections.create', { body, idempotencyKey: attempt })
      sayMade(made)
      return onClose()
    }
    const changed = changesOf(bodiesOf.collections(collection), body)
    const newest = collections.find(({ id }) => id === collection.id) ?? collection
    if (Object.keys(changed).length > 0) await edit(newest, changed)
    return onClose()
  }

  return (
    <FormDialog
      title={collection === null ? form.addCollection : form.edit(collection.name)}
      submit={collection === null ? form.create.collections : form.save}
      fields={fields}
      check={check}
      save={save}
      onClose={onClose}
    >
      {(faults) => (
        <>
          <TextField
            label={form.name}
            hint={form.nameHint}
            fault={faults.name}
            value={name}
            onChange={setName}
            autoFocus
          />
          <TextField
            label={form.version}
            hint={form.versionHint}
            fault={faults.version}
            value={version}
            onChange={setVersion}
          />
          <TextField
            label={texts.records.project}
            hint={form.projectHint}
            fault={faults.project}
            value={project}
            onChange={setProject}
            known={projects}
            optional
          />
          <DescriptionField value={description} fault={faults.description} onChange={setDescription} />
        </>
      )}
    </FormDialog>
  )
}
