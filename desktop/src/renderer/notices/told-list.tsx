/** What people were told, newest first: found by words, by how pressing it is, and by what has not arrived. */
import { useMemo, useState } from 'react'
import { noticeSeverities, type NoticeSeverity, type NoticeView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import type { Standing } from '../keys/standing.ts'
import { InfoIcon, StandingIcon } from '../parts/icons.tsx'
import { Loaded } from '../parts/states.tsx'
import { useAsked } from '../use-asked.ts'
import { isMissing, Reach } from './receipts.tsx'

const perPage = 200
const dueApartMs = 3_600_000

const filters = ['all', ...noticeSeverities.toReversed(), 'unreached'] as const
type Filter = (typeof filters)[number]

const inFilter = ({ severity, receipts }: NoticeView, filter: Filter): boolean =>
  filter === 'all' || (filter === 'unreached' ? receipts.some(isMissing) : severity === filter)

const holds = ({ text, subject }: NoticeView, wanted: string): boolean =>
  `${text}\n${subject.name}\n${subject.id}`.toLowerCase().includes(wanted)

export const ToldList = () => {
  const { texts } = useConsole()
  const [page, setPage] = useState(1)
  const told = useAsked('notices.list', { query: { page, per_page: perPage } }, ['notices'])
  return (
    <Loaded asked={told} text={texts.notices.loading}>
      {({ data, count }) =>
        count === 0 ? (
          <div className="nothing">
            <p>{texts.notices.empty}</p>
          </div>
        ) : (
          <>
            <Found notices={data} />
            {count <= perPage ? null : <Pages page={page} count={count} onGo={setPage} />}
          </>
        )
      }
    </Loaded>
  )
}

const Found = ({ notices }: { notices: readonly NoticeView[] }) => {
  const { texts } = useConsole()
  const [filter, setFilter] = useState<Filter>('all')
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const found = useMemo(
    () => notices.filter((notice) => inFilter(notice, filter) && holds(notice, wanted)),
    [notices, filter, wanted],
  )
  const { noMatch, noneIn } = texts.notices
  const where = texts.notices.filters[filter]
  const showAll = (): void => {
    setText('')
    setFilter('all')
  }
  return (
    <>
      <div className="chips" role="group" aria-label={texts.notices.filter}>
        <input
          type="search"
          aria-label={texts.notices.search}
          aria-keyshortcuts="Control+F"
          placeholder={texts.notices.search}
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setText('')
          }}
        />
        {filters.map((each) => (
          <button
            key={each}
            type="button"
            className="chip"
            aria-pressed={each === filter}
            onClick={() => setFilter(each)}
          >
            {texts.notices.filters[each]}
          </button>
        ))}
        <span className="hint shown" role="status">
          {texts.notices.shown(found.length)}
        </span>
      </div>
      {found.length > 0 ? (
        <ul className="notices" aria-label={texts.notices.list}>
          {found.map((notice) => (
            <Row key={notice.id} of={notice} />
          ))}
        </ul>
      ) : (
        <div className="nothing">
          <p>{wanted === '' ? noneIn(where) : noMatch(text.trim(), where)}</p>
          <button type="button" className="button" onClick={showAll}>
            {texts.states.showAll}
          </button>
        </div>
      )}
    </>
  )
}

const pills = { urgent: 'urgent', warning: 'soon', info: 'disabled' } as const satisfies Record<
  NoticeSeverity,
  Standing
>

const Row = ({ of: notice }: { of: NoticeView }) => {
  const { texts, dates, go, nowMs } = useConsole()
  const { severity, kind, at, due_at: dueAt, expires_at: endsAt, subject, text, receipts } = notice
  const { raised, due, ends, ended } = texts.notices
  const said = [
    texts.notices.kinds[kind],
    raised(dates.dayAndTime(at)),
    ...(dueAt === undefined || Date.parse(at) - Date.parse(dueAt) < dueApartMs ? [] : [due(dates.dayAndTime(dueAt))]),
    ...(endsAt === undefined ? [] : [(Date.parse(endsAt) > nowMs() ? ends : ended)(dates.end(endsAt))]),
  ]
  return (
    <li data-id={notice.id}>
      <span className={`pill ${pills[severity]}`}>
        {severity === 'info' ? <InfoIcon /> : <StandingIcon standing={pills[severity]} />}
        {texts.notices.severities[severity]}
      </span>
      <div>
        <p>{text}</p>
        <p className="hint">
          {said.join(' · ')}
          {subject.kind !== 'key' ? null : (
            <>
              {' · '}
              {texts.notices.about}{' '}
              <button type="button" className="link" onClick={() => go('keys', `view:${subject.id}`)}>
                {subject.name}
              </button>
            </>
          )}
        </p>
      </div>
      <div className="reach">
        <Reach receipts={receipts} />
      </div>
    </li>
  )
}

const Pages = ({ page, count, onGo }: { page: number; count: number; onGo: (page: number) => void }) => {
  const { texts } = useConsole()
  const to = Math.min(count, page * perPage)
  return (
    <p className="row end pages">
      <span className="hint">{texts.notices.part((page - 1) * perPage + 1, to, count)}</span>
      <button type="button" className="button" disabled={page === 1} onClick={() => onGo(page - 1)}>
        {texts.notices.newer}
      </button>
      <button type="button" className="button" disabled={to === count} onClick={() => onGo(page + 1)}>
        {texts.notices.older}
      </button>
    </p>
  )
}
