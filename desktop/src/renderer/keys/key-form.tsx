/** Add or edit a key. Promises: what is wrong is said at its field, the first one gets the focus, and no input is lost. */
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { keyLimits, type KeyEdit, type KeyView } from '@postern/shared'
import { Refusal, type Issued } from '../../bridge.ts'
import { useConsole, useKnown } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { defaultChoice, dateOf } from './expiry-choice.ts'
import { ExpiryField, type ExpiryValue } from './expiry-field.tsx'
import { nameFault } from './names.ts'
import { useKeyActions } from './use-key-actions.ts'

const checkNameAfterMs = 300
const counterFrom = 3_800

type Faults = Partial<Record<'name' | 'description' | 'owner' | 'expires' | 'all', string>>

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
  }))
  const [faults, setFaults] = useState<Faults>({})
  const [busy, setBusy] = useState(false)
  const [attempt, setAttempt] = useState(() => crypto.randomUUID())
  const element = useRef<HTMLFormElement>(null)

  const nameText = (): string | undefined => {
    const fault = nameFault(name, keys, key?.id)
    if (fault === null) return undefined
    return { short: form.nameShort, long: form.nameLong, taken: form.nameTaken }[fault]
  }
  useEffect(() => {
    if (name === (key?.name ?? '')) return undefined
    const timer = setTimeout(
      () =>
        setFaults((before) => {
          const rest = Object.fromEntries(Object.entries(before).filter(([field]) => field !== 'name'))
          const fault = nameText()
          return fault === undefined ? rest : { ...rest, name: fault }
        }),
      checkNameAfterMs,
    )
    return () => clearTimeout(timer)
    // The keys may change meanwhile; the daemon has the last word on a name.
  }, [name])

  useEffect(() => {
    if (Object.keys(faults).length > 0 && !busy)
      element.current?.querySelector<HTMLElement>('[aria-invalid=true][data-told]')?.focus()
  }, [busy])

  const check = (): Faults => {
    const nameFaultText = nameText()
    return {
      ...(nameFaultText === undefined ? {} : { name: nameFaultText }),
      ...([...description].length > keyLimits.descriptionMax ? { description: form.descriptionLong } : {}),
      ...(expiry.choice !== 'keep' && expiry.date === '' ? { expires: form.dateMissing } : {}),
    }
  }

  const save = async (): Promise<void> => {
    const expires = expiry.choice === 'keep' ? {} : { expires: { at: expiry.date } }
    const common = { name: name.trim(), description, owner: owner.trim() === '' ? null : owner.trim(), ...expires }
    if (key === null) {
      const issued = await bridge.createKey(common, attempt)
      model.put(issued.key)
      return onIssued(issued)
    }
    const changed: KeyEdit = Object.fromEntries(
      Object.entries(common).filter(([field, value]) => value !== (key as unknown as Record<string, unknown>)[field]),
    )
    if (Object.keys(changed).length > 0) await edit(keys.find(({ id }) => id === key.id) ?? key, changed)
    return onClose()
  }

  const submit = async (): Promise<void> => {
    const found = check()
    setBusy(true)
    setFaults(found)
    try {
      if (Object.keys(found).length === 0) await save()
    } catch (error) {
      // What is sent next is another request.
      setAttempt(crypto.randomUUID())
      setFaults(faultsOf(error, form.changedMeanwhile))
    }
    setBusy(false)
  }

  const left = keyLimits.descriptionMax - [...description].length
  return (
    <Dialog title={key === null ? form.addTitle : form.editTitle(key.name)} onClose={onClose}>
      <form
        ref={element}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void submit()
        }}
      >
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
        <p className="fault" role="alert">
          {faults.all}
        </p>
        <div className="row end">
          <button type="button" className="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button type="submit" className="button primary" disabled={busy}>
            {busy ? texts.common.working : key === null ? form.create : form.save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** A refusal that names fields is told at them. */
const faultsOf = (error: unknown, changedMeanwhile: string): Faults => {
  if (!(error instanceof Refusal)) return { all: String(error) }
  if (error.code === 'precondition_failed') return { all: changedMeanwhile }
  if (error.code === 'name_taken') return { name: error.message }
  const known = ['name', 'description', 'owner', 'expires'] as const
  const named = error.errors.flatMap(({ field, message }): [string, string][] => {
    const found = known.find((each) => field === each || field.startsWith(`${each}.`))
    return found === undefined ? [] : [[found, message]]
  })
  return named.length > 0 ? Object.fromEntries(named) : { all: error.message }
}

interface FieldControl {
  readonly id: string
  readonly 'aria-invalid': boolean
  readonly 'aria-describedby': string
  readonly 'data-told': true
}

interface FieldProps {
  readonly label: string
  readonly hint: string
  readonly fault: string | undefined
  readonly children: (props: FieldControl) => ReactNode
}

const Field = ({ label, hint, fault, children }: FieldProps) => {
  const id = useId()
  const told = `${id}-told`
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-invalid': fault !== undefined, 'aria-describedby': told, 'data-told': true })}
      <span id={told} className={fault === undefined ? 'hint' : 'fault'}>
        {fault ?? hint}
      </span>
    </div>
  )
}
