/** What a restore would do, record by record. Promises: what it would not do is listed with the reason. */
import { restorableKinds, type RestorePreview } from '@postern/shared'
import { useConsole } from '../console-context.ts'

/** A backup may hold ten thousand; the sums are always those of all. */
const shownMost = 50

interface Row {
  readonly kind: (typeof restorableKinds)[number]
  readonly id: string
  readonly name: string
  readonly more?: string
}

/** `expiresAt` reads as two words. */
export const fieldWords = (fields: readonly string[]): string =>
  fields.map((field) => field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)).join(', ')

export const PreviewLists = ({ of: { adds, replaces, differs, stays, skips } }: { of: RestorePreview }) => {
  const { texts } = useConsole()
  const words = texts.recovery
  return (
    // Scrolled with the keyboard where it is long.
    <div className="restore-plan" role="group" aria-label={words.previewTitle} tabIndex={0}>
      <List title={words.adds} rows={adds.map((row) => ({ ...row, ...(row.waits ? { more: words.waits } : {}) }))} />
      <List title={words.replaces} rows={replaces.map((row) => ({ ...row, more: fieldWords(row.fields) }))} />
      <List title={words.differs} rows={differs.map((row) => ({ ...row, more: fieldWords(row.fields) }))} />
      <List title={words.stays} rows={stays.map((row) => ({ ...row, more: words.states[row.state] }))} />
      <List title={words.skips} rows={skips.map((row) => ({ ...row, more: row.why }))} />
    </div>
  )
}

const List = ({ title, rows }: { title: string; rows: readonly Row[] }) => {
  const { texts, dates } = useConsole()
  const words = texts.recovery
  if (rows.length === 0) return null
  const ordered = rows.toSorted((a, b) => restorableKinds.indexOf(a.kind) - restorableKinds.indexOf(b.kind))
  return (
    <>
      <h3>{`${title} (${dates.number(rows.length)})`}</h3>
      <ul>
        {ordered.slice(0, shownMost).map(({ kind, id, name, more }) => (
          <li key={id}>
            <span className="hint">{words.kinds[kind]}</span>
            <span className="name">{name}</span>
            <span className="hint">{more}</span>
          </li>
        ))}
        {rows.length > shownMost ? <li className="rest">{words.andMore(rows.length - shownMost)}</li> : null}
      </ul>
    </>
  )
}
