/**
 * The head of the table: what sorts, what selects all, and how wide the columns are. Promises: all of it with the keyboard,
 * as cells of the grid above its first row; a column is resized by dragging its edge, or by its menu without dragging.
 */
import { useRef, useState, type PointerEvent } from 'react'
import { useConsole } from '../console-context.ts'
import { ChevronIcon, SortIcon } from '../parts/icons.tsx'
import { Menu, type MenuItem } from '../parts/menu.tsx'
import {
  gridColumns,
  isSized,
  widthOf,
  widthStep,
  within,
  type GridColumn,
  type SizedColumn,
  type Widths,
} from './columns.ts'
import { columns, type Column, type Order } from './order.ts'

export interface GridHeadProps {
  readonly shown: readonly GridColumn[]
  readonly order: Order
  readonly onOrder: (order: Order) => void
  readonly widths: Widths
  readonly onWidths: (widths: Widths, keep: boolean) => void
  /** Of the rows that are shown. */
  readonly selection: 'none' | 'some' | 'all'
  readonly count: number
  readonly onSelectAll: () => void
  /** Null: the focus is in a row. */
  readonly focusedColumn: number | null
  /** Whose menu is open. */
  readonly menuOf: SizedColumn | null
  readonly onMenu: (column: SizedColumn | null) => void
}

const isSortable = (column: GridColumn): column is Column => (columns as readonly string[]).includes(column)

export const GridHead = (props: GridHeadProps) => {
  const { shown, order, onOrder, widths, onWidths, selection, count, onSelectAll, focusedColumn, menuOf, onMenu } =
    props
  const { texts } = useConsole()
  const row = useRef<HTMLDivElement>(null)
  const nameOf = (column: SizedColumn): string =>
    column === 'usage' ? texts.grid.usageLong : texts.keys.columns[column]
  const cellOf = (column: GridColumn): HTMLElement | null => row.current?.querySelector(`.${column}`) ?? null
  const widthNow = (column: SizedColumn): number =>
    widths[column] ?? cellOf(column)?.getBoundingClientRect().width ?? widthOf(column, widths)
  const resize = (column: SizedColumn, px: number, keep: boolean): void =>
    onWidths({ ...widths, [column]: within(column, px) }, keep)

  const pick = (column: SizedColumn, name: string): void => {
    if (name === 'wider') return resize(column, widthNow(column) + widthStep, true)
    if (name === 'narrower') return resize(column, widthNow(column) - widthStep, true)
    onMenu(null)
    if (name === 'usual') {
      const { [column]: _, ...others } = widths
      return onWidths(others, true)
    }
    return isSortable(column) ? onOrder({ column, descending: name === 'down' }) : undefined
  }
  const items = (column: SizedColumn): MenuItem[] => [
    ...(isSortable(column)
      ? [
          { name: 'up', text: texts.grid.sortUp },
          { name: 'down', text: texts.grid.sortDown },
        ]
      : []),
    { name: 'wider', text: texts.grid.wider },
    { name: 'narrower', text: texts.grid.narrower },
    { name: 'usual', text: texts.grid.usualWidth },
  ]
  const at = (column: GridColumn) => {
    const index = gridColumns.indexOf(column)
    return { 'data-column': index, tabIndex: focusedColumn === index ? 0 : -1 }
  }
  const anchor = menuOf === null ? null : (cellOf(menuOf)?.querySelector<HTMLElement>('.column-menu') ?? null)

  return (
    <div role="rowgroup" className="head">
      <div ref={row} role="row" className="cells" aria-rowindex={1}>
        {shown.map((column) => {
          const place = { 'aria-colindex': gridColumns.indexOf(column) + 1, className: column }
          if (column === 'select')
            return (
              <div key={column} role="columnheader" {...place}>
                <input
                  type="checkbox"
                  aria-label={texts.grid.selectAll(count)}
                  checked={selection === 'all'}
                  ref={(element) => {
                    if (element !== null) element.indeterminate = selection === 'some'
                  }}
                  onChange={onSelectAll}
                  {...at(column)}
                />
              </div>
            )
          if (!isSized(column))
            return (
              <div key={column} role="columnheader" {...place}>
                <span {...at(column)}>{texts.keys.columns.actions}</span>
              </div>
            )
          const isSorted = order.column === column
          return (
            <div
              key={column}
              role="columnheader"
              {...place}
              {...(isSortable(column)
                ? { 'aria-sort': isSorted ? (order.descending ? 'descending' : 'ascending') : 'none' }
                : {})}
              onContextMenu={(event) => {
                event.preventDefault()
                onMenu(column)
              }}
            >
              {isSortable(column) ? (
                <button
                  type="button"
                  onClick={() => onOrder({ column, descending: isSorted && !order.descending })}
                  {...at(column)}
                >
                  {texts.keys.columns[column]}
                  {isSorted ? <SortIcon descending={order.descending} /> : null}
                </button>
              ) : (
                <span className="label" {...at(column)}>
                  {texts.grid.usage}
                </span>
              )}
              <button
                type="button"
                className="column-menu"
                tabIndex={-1}
                data-column={gridColumns.indexOf(column)}
                aria-haspopup="menu"
                aria-label={texts.grid.columnMenu(nameOf(column))}
                onClick={() => onMenu(column)}
              >
                <ChevronIcon />
              </button>
              <Edge width={() => widthNow(column)} onResize={(px, keep) => resize(column, px, keep)} />
            </div>
          )
        })}
      </div>
      {menuOf === null || anchor === null ? null : (
        <Menu
          key={menuOf}
          anchor={anchor}
          label={texts.grid.columnMenu(nameOf(menuOf))}
          items={items(menuOf)}
          onClose={() => onMenu(null)}
          onPick={(name) => pick(menuOf, name)}
        />
      )}
    </div>
  )
}

/** To be dragged. The menu does the same for those who cannot drag. */
const Edge = ({ width, onResize }: { width: () => number; onResize: (px: number, keep: boolean) => void }) => {
  const [drag, setDrag] = useState<{ fromX: number; fromPx: number } | null>(null)
  const pxOf = (event: PointerEvent): number => (drag?.fromPx ?? 0) + event.clientX - (drag?.fromX ?? 0)
  return (
    <span
      className={drag === null ? 'edge' : 'edge dragged'}
      aria-hidden="true"
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag({ fromX: event.clientX, fromPx: width() })
      }}
      onPointerMove={(event) => {
        if (drag !== null) onResize(pxOf(event), false)
      }}
      onLostPointerCapture={(event) => {
        if (drag === null) return
        setDrag(null)
        // Clicked and not dragged: nothing was chosen.
        if (event.clientX !== drag.fromX) onResize(pxOf(event), true)
      }}
    />
  )
}
