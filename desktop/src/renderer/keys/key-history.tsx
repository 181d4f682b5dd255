/** What was done with a key and by whom, in sentences. */
import type { AuditView, KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import type { Asked } from '../use-asked.ts'
import { creation, historySentence } from './history.ts'
import { useAskedOfKey } from './use-key-evidence.ts'

const [historyAsked, historyShown] = [50, 10]

export interface KeyHistory {
  /** Newest first; null while they are not known. */
  readonly entries: readonly AuditView[] | null
  readonly created: AuditView | null
  readonly isUnknown: boolean
}

export const useKeyHistory = (key: KeyView): KeyHistory => {
  const newest: Asked<{ data: AuditView[]; count: number }> = useAskedOfKey(key, 'audit.list', {
    query: { object: key.id, per_page: historyAsked },
  })
  const { data, fault } = newest
  // The making of a key is its oldest entry, and on the last page where it has a long history.
  const isElsewhere = data !== null && creation(data.data) === null && data.count > historyAsked
  const last = useAskedOfKey(
    key,
    'audit.list',
    isElsewhere
      ? { query: { object: key.id, per_page: historyAsked, page: Math.ceil(data.count / historyAsked) } }
      : null,
  )
  return {
    entries: data?.data.filter((entry) => entry.came_true) ?? null,
    created: creation(data?.data ?? []) ?? creation(last.data?.data ?? []),
    isUnknown: fault !== null,
  }
}

export const HistoryList = ({ of: { entries, isUnknown } }: { of: KeyHistory }) => {
  const { texts, dates } = useConsole()
  const { details, care } = texts
  if (entries === null) return isUnknown ? <p className="hint">{care.more.unknown}</p> : null
  return (
    <section>
      <h3>{details.history}</h3>
      {entries.length === 0 ? <p>{details.noHistory}</p> : null}
      <ul className="plain-list history">
        {entries.slice(0, historyShown).map((entry) => (
          <li key={entry.seq}>
            <time dateTime={entry.ts} title={entry.ts}>
              {dates.dayAndTime(entry.ts)}
            </time>
            <span>{historySentence(entry, texts)}</span>
          </li>
        ))}
      </ul>
      {entries.length > historyShown ? <p className="hint">{care.more.latest(historyShown)}</p> : null}
    </section>
  )
}
