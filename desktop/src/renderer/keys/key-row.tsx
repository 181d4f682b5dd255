/** One row of the table. Drawn anew only when the key, its place, its use or the time it is judged by is another one. */
import { memo, type ReactNode } from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { MoreIcon } from '../parts/icons.tsx'
import { StandingPill } from '../parts/standing-pill.tsx'
import { gridColumns, type GridColumn } from './columns.ts'
import type { Density } from './density.ts'
import { Sparkline } from './sparkline.tsx'
import { standingOf } from './standing.ts'
import type { DailyUsage } from './use-daily-usage.ts'

interface KeyRowProps {
  readonly of: KeyView
  readonly index: number
  readonly top: number
  readonly judgedMs: number
  readonly shown: readonly GridColumn[]
  readonly density: Density
  readonly selected: boolean
  readonly usage: DailyUsage | undefined
  /** Null: the focus is in another row. */
  readonly focusedColumn: number | null
}

/** A press or a click anywhere in the row is the table's. */
const seenToByTheTable = (): void => undefined

export const KeyRow = memo(function KeyRow(props: KeyRowProps) {
  const { of: key, index, top, judgedMs, shown, density, selected, usage, focusedColumn } = props
  const { texts, dates } = useConsole()
  const { expires_at: expiresAt, last_used_at: usedAt } = key
  const focusable = (column: GridColumn) => {
    const at = gridColumns.indexOf(column)
    return { 'data-column': at, tabIndex: focusedColumn === at ? 0 : -1 }
  }
  const cell = (column: GridColumn) => ({ className: column, 'aria-colindex': gridColumns.indexOf(column) + 1 })
  const day = expiresAt === null ? texts.keys.neverExpires : dates.endDay(expiresAt)

  const drawn: Readonly<Record<GridColumn, () => ReactNode>> = {
    select: () => (
      <div key="select" role="gridcell" {...cell('select')}>
        <input
          type="checkbox"
          onChange={seenToByTheTable}
          checked={selected}
          aria-label={texts.grid.select(key.name)}
          {...focusable('select')}
        />
      </div>
    ),
    name: () => (
      <div key="name" role="rowheader" title={key.name} {...cell('name')} {...focusable('name')}>
        <span className="cut" data-searched>
          {key.name}
        </span>
        {shown.includes('expires') ? (
          density === 'comfortable' && key.description !== '' ? (
            <span className="hint cut" data-searched>
              {key.description}
            </span>
          ) : null
        ) : (
          <span className="hint">{day}</span>
        )}
      </div>
    ),
    expires: () => (
      <div key="expires" role="gridcell" {...cell('expires')} {...focusable('expires')}>
        {expiresAt === null ? (
          day
        ) : (
          <>
            <time dateTime={expiresAt} title={expiresAt}>
              {day}
            </time>
            {density === 'compact' ? null : <span className="hint">{dates.relative(expiresAt, judgedMs)}</span>}
          </>
        )}
      </div>
    ),
    used: () => (
      <div key="used" role="gridcell" {...cell('used')} {...focusable('used')}>
        {usedAt === null ? (
          <span className="hint">{texts.keys.notUsed}</span>
        ) : (
          <time dateTime={usedAt} title={usedAt}>
            {dates.relative(usedAt, Math.max(judgedMs, Date.parse(usedAt)))}
          </time>
        )}
      </div>
    ),
    status: () => (
      <div key="status" role="gridcell" {...cell('status')} {...focusable('status')}>
        <StandingPill of={key} nowMs={judgedMs} />
      </div>
    ),
    usage: () => (
      <div key="usage" role="gridcell" {...cell('usage')} {...focusable('usage')}>
        {usage === undefined ? null : <Sparkline of={usage} />}
      </div>
    ),
    actions: () => (
      <div key="actions" role="gridcell" {...cell('actions')}>
        <button
          type="button"
          aria-haspopup="menu"
          aria-label={texts.keys.actionsOf(key.name)}
          {...focusable('actions')}
        >
          <MoreIcon />
        </button>
      </div>
    ),
  }
  return (
    <div
      role="row"
      className={`cells row-${standingOf(key, judgedMs)}`}
      data-row={index}
      data-key={key.id}
      aria-rowindex={index + 2}
      aria-selected={selected}
      style={{ transform: `translateY(${top}px)` }}
    >
      {shown.map((column) => drawn[column]())}
    </div>
  )
})
