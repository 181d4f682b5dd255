/** One row of the table. Drawn anew only when the key, its place or the time it is judged by is another one. */
import { memo } from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { MoreIcon } from '../parts/icons.tsx'
import { StandingPill } from '../parts/standing-pill.tsx'
import { columns } from './order.ts'
import { standingOf } from './standing.ts'

export const actionsColumn = columns.length

interface KeyRowProps {
  readonly of: KeyView
  readonly index: number
  readonly top: number
  readonly judgedMs: number
  /** Null: the focus is in another row. */
  readonly focusedColumn: number | null
}

export const KeyRow = memo(function KeyRow({ of: key, index, top, judgedMs, focusedColumn }: KeyRowProps) {
  const { texts, dates } = useConsole()
  const at = (column: number) => ({ 'data-column': column, tabIndex: focusedColumn === column ? 0 : -1 })
  const { expires_at: expiresAt, last_used_at: usedAt } = key
  return (
    <div
      role="row"
      className={`cells row-${standingOf(key, judgedMs)}`}
      data-row={index}
      data-key={key.id}
      aria-rowindex={index + 2}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div role="rowheader" className="name cut" title={key.name} {...at(0)}>
        {key.name}
      </div>
      <div role="gridcell" className="expires" {...at(1)}>
        {expiresAt === null ? (
          texts.keys.neverExpires
        ) : (
          <>
            <time dateTime={expiresAt} title={expiresAt}>
              {dates.endDay(expiresAt)}
            </time>
            <span className="hint">{dates.relative(expiresAt, judgedMs)}</span>
          </>
        )}
      </div>
      <div role="gridcell" className="used" {...at(2)}>
        {usedAt === null ? (
          <span className="hint">{texts.keys.notUsed}</span>
        ) : (
          <time dateTime={usedAt} title={usedAt}>
            {dates.relative(usedAt, Math.max(judgedMs, Date.parse(usedAt)))}
          </time>
        )}
      </div>
      <div role="gridcell" className="status" {...at(3)}>
        <StandingPill of={key} nowMs={judgedMs} />
      </div>
      <div role="gridcell" className="actions">
        <button type="button" aria-haspopup="menu" aria-label={texts.keys.actionsOf(key.name)} {...at(actionsColumn)}>
          <MoreIcon />
        </button>
      </div>
    </div>
  )
})
