/** What is asked before many keys are changed: until when, whose, or whether they are to go at all. */
import { useId, useState } from 'react'
import { keyLimits, type KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { endOfDate } from '../dates.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field, FormDialog } from '../parts/form.tsx'
import { concerns, type Change } from './bulk-changes.ts'
import { datedChoices, defaultChoice, dateLimits, dateOf, type ExpiryValue } from './expiry-choice.ts'
import { ExpiryField } from './expiry-field.tsx'

export type BulkAsking = 'expiry' | 'owner' | 'remove'

interface AskedProps {
  readonly keys: readonly KeyView[]
  /** `keys`: where it is not all that are selected by now. */
  readonly onStart: (change: Change, keys?: readonly KeyView[]) => void
  readonly onClose: () => void
}

export const BulkDialogs = ({ asking, ...props }: AskedProps & { asking: BulkAsking | null }) => {
  switch (asking) {
    case null:
      return null
    case 'expiry':
      return <ExtendDialog {...props} />
    case 'owner':
      return <OwnerDialog {...props} />
    case 'remove':
      return <RemoveManyDialog {...props} />
  }
}

const ExtendDialog = ({ keys, onStart, onClose }: AskedProps) => {
  const { texts, dates, nowMs } = useConsole()
  const { grid, form } = texts
  const [expiry, setExpiry] = useState<ExpiryValue>(() => ({
    choice: defaultChoice,
    date: dateOf(defaultChoice, nowMs(), dates.zone),
    days: '',
  }))
  const { date } = expiry
  const change: Change = { kind: 'expiry', date, endMs: date === '' ? -Infinity : endOfDate(date, dates.zone) }
  const concerned = keys.filter((key) => concerns(change, key)).length
  const check = () => {
    const { min, max } = dateLimits(nowMs(), dates.zone)
    if (date === '' || date < min || date > max) return { expires: form.dateMissing }
    return concerned === 0 ? { expires: grid.extendsNone } : {}
  }
  return (
    <FormDialog
      title={grid.extendTitle(keys.length)}
      submit={grid.extend}
      fields={['expires']}
      check={check}
      save={() => {
        onStart(change)
        onClose()
        return Promise.resolve()
      }}
      onClose={onClose}
    >
      {(faults) => (
        <>
          <ExpiryField value={expiry} onChange={setExpiry} of={null} fault={faults.expires} offered={datedChoices} />
          <p role="status">
            {grid.extended(concerned)} {concerned === keys.length ? null : grid.leftAlone(keys.length - concerned)}
          </p>
        </>
      )}
    </FormDialog>
  )
}

const OwnerDialog = ({ keys, onStart, onClose }: AskedProps) => {
  const { texts } = useConsole()
  const { grid, form } = texts
  const [text, setText] = useState('')
  const change: Change = { kind: 'owner', owner: text.trim() === '' ? null : text.trim() }
  return (
    <FormDialog
      title={grid.ownerTitle(keys.length)}
      submit={grid.setOwner}
      fields={['owner']}
      check={() => (keys.some((key) => concerns(change, key)) ? {} : { owner: grid.ownerSame })}
      save={() => {
        onStart(change)
        onClose()
        return Promise.resolve()
      }}
      onClose={onClose}
    >
      {(faults) => (
        <Field label={form.owner} hint={grid.ownerHint} fault={faults.owner}>
          {(props) => (
            <input
              {...props}
              type="text"
              autoFocus
              autoComplete="off"
              maxLength={keyLimits.ownerMax}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      )}
    </FormDialog>
  )
}

const usedWithinMs = 30 * 86_400_000
const namesShown = 6

const RemoveManyDialog = ({ keys, onStart, onClose }: AskedProps) => {
  const { texts, dates, nowMs } = useConsole()
  const { grid } = texts
  // What is asked about stays what it was, whatever happens to the selection meanwhile.
  const [asked] = useState(keys)
  const [typed, setTyped] = useState('')
  const [fault, setFault] = useState('')
  const faultId = useId()
  const now = nowMs()
  const usedMs = (key: KeyView): number => Date.parse(key.last_used_at ?? '')
  const used = asked.filter((key) => now - usedMs(key) < usedWithinMs).toSorted((a, b) => usedMs(b) - usedMs(a))
  const ready = typed.trim() === String(asked.length)
  return (
    <Dialog title={grid.removeTitle(asked.length)} alert onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!ready) return setFault(grid.removeMismatch)
          onStart({ kind: 'remove' }, asked)
          onClose()
        }}
      >
        <p>
          <strong>{grid.removeUsed(used.length, asked.length)}</strong>
          {used[0] === undefined
            ? null
            : ` ${grid.removeLatest(used[0].name, dates.relative(used[0].last_used_at ?? '', now))}`}
        </p>
        <ul className="names">
          {asked.slice(0, namesShown).map(({ id, name }) => (
            <li key={id} className="cut">
              {name}
            </li>
          ))}
          {asked.length > namesShown ? <li className="hint">{grid.more(asked.length - namesShown)}</li> : null}
        </ul>
        <p>{grid.removeEffect}</p>
        <label className="field">
          {grid.removeType(asked.length)}
          <input
            type="text"
            inputMode="numeric"
            autoComplete="off"
            value={typed}
            aria-describedby={faultId}
            onChange={(event) => {
              setTyped(event.target.value)
              setFault('')
            }}
          />
        </label>
        <p id={faultId} className="fault" role="alert">
          {fault}
        </p>
        <div className="row end">
          <button type="button" className="button" autoFocus onClick={onClose}>
            {grid.keep(asked.length)}
          </button>
          <button type="submit" className="button danger" aria-disabled={!ready}>
            {grid.remove(asked.length)}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
