/** Add or edit a key. Promises: whether a name is free is said while it is typed. */
import { useEffect, useRef, useState } from 'react'
import { keyLimits, type KeyEdit, type KeyView } from '@postern/shared'
import { Refusal, type Issued } from '../../bridge.ts'
import { useConsole, useKnown } from '../console-context.ts'
import { Field, FormDialog } from '../parts/form.tsx'
import { Fold } from '../rights/fold.tsx'
import { useNewLimit } from '../rights/use-new-limit.ts'
import { dateOf, defaultChoice, expiresOf, type ExpiryValue } from './expiry-choice.ts'
import { ExpiryField } from './expiry-field.tsx'
import { keyFields, moreFaultsOf, otherFields, rightsFields, type KeyFaults } from './key-form-faults.ts'
import { KeyFormMore } from './key-form-more.tsx'
import { KeyFormRights } from './key-form-rights.tsx'
import { changedMore, moreOf, type KeyMore } from './key-more.ts'
import { nameFault } from './names.ts'
import { rightsSaid } from './rights-said.ts'
import { useKeyActions } from './use-key-actions.ts'

const checkNameAfterMs = 300
const counterFrom = 3_800

interface KeyFormProps {
  /** Null: a new one. */
  readonly of: KeyView | null
  readonly onIssued: (issued: Issued) => void
  readonly onClose: () => void
}

export const KeyForm = ({ of: key, onIssued, onClose }: KeyFormProps) => {
  const { bridge, model, texts, dates, nowMs } = useConsole()
  const { keys } = useKnown(model)
  const { edit } = useKeyActions()
  const { form } = texts
  const [name, setName] = useState(key?.name ?? '')
  const [description, setDescription] = useState(key?.description ?? '')
  const [owner, setOwner] = useState(key?.owner ?? '')
  const [expiry, setExpiry] = useState<ExpiryValue>(() => ({
    choice: key === null ? defaultChoice : 'keep',
    date: dateOf(defaultChoice, nowMs(), dates.zone),
    days: '30',
  }))
  const [more, setMore] = useState(() => moreOf(key))
  const withLimit = useNewLimit()
  const change = (changed: Partial<KeyMore>): void => setMore((before) => ({ ...before, ...changed }))
  const [live, setLive] = useState<KeyFaults>({})
  const seen = useRef(key)

  const nameText = (): string | undefined => {
    const fault = nameFault(name, keys, key?.id)
    if (fault === null) return undefined
    return { short: form.nameShort, long: form.nameLong, taken: form.nameTaken }[fault]
  }
  useEffect(() => {
    if (name === (key?.name ?? '')) return undefined
    const timer = setTimeout(() => setLive({ name: nameText() }), checkNameAfterMs)
    return () => clearTimeout(timer)
    // The keys may change meanwhile; the daemon has the last word on a name.
  }, [name])

  const check = (): KeyFaults => {
    const nameFaultText = nameText()
    return {
      ...(nameFaultText === undefined ? {} : { name: nameFaultText }),
      ...([...description].length > keyLimits.descriptionMax ? { description: form.descriptionLong } : {}),
      ...(expiresOf(expiry) === null
        ? { expires: expiry.choice === 'days' ? texts.care.form.daysMissing : form.dateMissing }
        : {}),
      ...moreFaultsOf(more, texts),
    }
  }

  /** What somebody else has saved meanwhile is not written over unseen: the first try is refused, and told. */
  const editSeen = async (opened: KeyView, changed: KeyEdit): Promise<void> => {
    try {
      await edit(seen.current ?? opened, changed)
    } catch (error) {
      // Asked for, because news of the other change may not have come yet.
      if (error instanceof Refusal && error.code === 'precondition_failed') {
        seen.current = await bridge.call('keys.get', { params: { key: opened.id } })
        model.put(seen.current)
      }
      throw error
    }
  }

  const save = async (attempt: string): Promise<void> => {
    const expires = expiresOf(expiry)
    const plain = { name: name.trim(), description, owner: owner.trim() === '' ? null : owner.trim() }
    const policies = await withLimit(more.policies, more.limit, attempt)
    const others = {
      ...(expires === null || expires === undefined ? {} : { expires }),
      ...changedMore({ ...more, policies }, moreOf(key)),
    }
    if (key === null) {
      const issued = await bridge.createKey({ ...plain, ...others }, attempt)
      model.put(issued.key)
      return onIssued(issued)
    }
    const changed: KeyEdit = {
      ...(plain.name === key.name ? {} : { name: plain.name }),
      ...(plain.description === key.description ? {} : { description: plain.description }),
      ...(plain.owner === key.owner ? {} : { owner: plain.owner }),
      ...others,
    }
    if (Object.keys(changed).length > 0) await editSeen(key, changed)
    return onClose()
  }

  const left = keyLimits.descriptionMax - [...description].length
  return (
    <FormDialog
      title={key === null ? form.addTitle : form.editTitle(key.name)}
      submit={key === null ? form.create : form.save}
      fields={keyFields}
      live={live}
      check={check}
      save={save}
      onClose={onClose}
    >
      {(faults) => (
        <>
          <Field label={form.name} hint={form.nameHint} fault={faults.name}>
            {(props) => (
              <input
                {...props}
                type="text"
                autoFocus
                autoComplete="off"
                required
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field
            label={`${form.description} ${texts.common.optional}`}
            hint={left <= keyLimits.descriptionMax - counterFrom ? form.descriptionLeft(left) : ''}
            fault={faults.description}
          >
            {(props) => (
              <textarea
                {...props}
                rows={3}
                value={description}
                onChange={(event) => setDescription(event.target.value)}
              />
            )}
          </Field>
          <Field label={`${form.owner} ${texts.common.optional}`} hint={form.ownerHint} fault={faults.owner}>
            {(props) => (
              <input
                {...props}
                type="text"
                autoComplete="off"
                value={owner}
                onChange={(event) => setOwner(event.target.value)}
              />
            )}
          </Field>
          <ExpiryField value={expiry} onChange={setExpiry} of={key} fault={faults.expires} />
          <Fold
            summary={texts.rights.may}
            said={rightsSaid(key, texts)}
            isWrong={rightsFields.some((field) => faults[field] !== undefined)}
          >
            <KeyFormRights of={key} value={more} onChange={change} faults={faults} />
          </Fold>
          <Fold summary={texts.care.form.more} isWrong={otherFields.some((field) => faults[field] !== undefined)}>
            <KeyFormMore of={key} value={more} onChange={change} faults={faults} />
          </Fold>
        </>
      )}
    </FormDialog>
  )
}
