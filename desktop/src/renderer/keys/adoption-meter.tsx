/** How far a rotation has come: old and new side by side, and when the old value can go. Before it goes early it is asked. */
import { useState } from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { isQuiet, quietFromMs, type Rotation } from './adoption.ts'
import { useKeyActions } from './use-key-actions.ts'

interface AdoptionProps {
  readonly of: KeyView
  readonly rotation: Rotation
  readonly judgedMs: number
  readonly off: string | null
}

export const AdoptionMeter = ({ of: key, rotation, judgedMs, off }: AdoptionProps) => {
  const { texts, dates } = useConsole()
  const { adoption } = texts.care
  const { retire } = useKeyActions()
  const [asking, setAsking] = useState(false)
  const { moved, callers, still_old: old, on_new: fresh } = rotation
  const quiet = isQuiet(rotation, judgedMs)
  const quietMs = quietFromMs(rotation)
  const endsMs = Date.parse(key.old_secret_valid_until ?? '')
  return (
    <section className="adoption">
      <h3>{adoption.title}</h3>
      <meter min={0} max={Math.max(1, callers)} value={moved} aria-label={texts.details.rotation(moved, callers)} />
      <p>{texts.details.rotation(moved, callers)}</p>
      <div className="sides">
        <Side title={adoption.oldValue} rows={old} nobody={adoption.nobodyOld} />
        <Side title={adoption.newValue} rows={fresh} nobody={adoption.nobodyNew} />
      </div>
      <p className="hint">{texts.details.oldUntil(dates.dayAndTime(endsMs))}</p>
      <p className="hint" role="status">
        {quiet
          ? adoption.quiet
          : quietMs < endsMs
            ? adoption.quietAt(dates.dayAndTime(quietMs), dates.relative(quietMs, judgedMs))
            : adoption.endsFirst}
      </p>
      <button
        type="button"
        className={quiet ? 'button primary' : 'button'}
        disabled={off !== null}
        title={off ?? undefined}
        onClick={() => (quiet ? retire(key) : setAsking(true))}
      >
        {quiet ? adoption.retire : adoption.stop}
      </button>
      {asking ? <StopOldDialog of={key} rotation={rotation} onClose={() => setAsking(false)} /> : null}
    </section>
  )
}

interface SideProps {
  readonly title: string
  readonly rows: readonly { readonly address: string; readonly last_hour: string }[]
  readonly nobody: string
}

const Side = ({ title, rows, nobody }: SideProps) => {
  const { texts, dates } = useConsole()
  return (
    <div className="side">
      <h4>{title}</h4>
      {rows.length === 0 ? <p className="hint">{nobody}</p> : null}
      <ul className="plain-list">
        {rows.map(({ address, last_hour: hour }) => (
          <li key={address}>
            <strong>{address === '*' ? texts.care.more.others : address}</strong>
            <span className="hint">{texts.care.adoption.latest(dates.dayAndTime(hour))}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

const StopOldDialog = ({
  of: key,
  rotation,
  onClose,
}: Omit<AdoptionProps, 'off' | 'judgedMs'> & { onClose(): void }) => {
  const { texts } = useConsole()
  const { adoption } = texts.care
  const { retire } = useKeyActions()
  const addresses = rotation.still_old.map(({ address }) => address)
  return (
    <Dialog title={adoption.ask(key.name)} alert onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onClose()
          retire(key)
        }}
      >
        <p>{addresses.length === 0 ? adoption.nobodyOld : adoption.stillOld(addresses.join(', '))}</p>
        <p>{adoption.effect}</p>
        <div className="row end">
          <button type="button" className="button" autoFocus onClick={onClose}>
            {adoption.keep}
          </button>
          <button type="submit" className="button danger">
            {adoption.go}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
