/**
 * The head of the table: what sorts, what selects all, and how wide the columns are. Promises: all of it with the keyboard,
 * as cells of the grid above its first row; a column is resized by dragging its edge, or by its menu without dragging.
 */
import { useRef, useState } from 'react'
import { useConsole } from '../console-context.ts'
import { ChevronIcon, SortIcon } from '../parts/icons.tsx'
import { isSortable } from './column-menu.tsx'
import { gridColumns, isSized, within, type GridColumn, type SizedColumn, type Widths } from './columns.ts'
import type { Order } from './order.ts'

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
  readonly onMenu: (column: SizedColumn) => void
}

export const GridHead = (props: GridHeadProps) => {
  const { shown, focusedColumn } = props
  return (
    <div role="rowgroup" className="head">
      <div role="row" className="cells" aria-rowindex={1}>
        {shown.map((column) => {
          const index = gridColumns.indexOf(column)
          const cell = { 'data-column': index, tabIndex: focusedColumn === index ? 0 : -1 }
          return isSized(column) ? (
            <SizedHead key={column} column={column} cell={cell} {...props} />
          ) : (
            <div key={column} role="columnheader" aria-colindex={index + 1} className={column}>
              {column === 'select' ? <SelectAll cell={cell} {...props} /> : <ActionsHead cell={cell} {...props} />}
            </div>
          )
        })}
      </div>
    </div>
  )
}

interface HeadCellProps extends GridHeadProps {
  /** What makes an element a cell of the grid that the focus can be in. */
  readonly cell: { readonly 'data-column': number; readonly tabIndex: number }
}

const SelectAll = ({ cell, selection, count, onSelectAll }: HeadCellProps) => {
  const { texts } = useConsole()
  return (
    <input
      type="checkbox"
      aria-label={texts.grid.selectAll(count)}
      checked={selection === 'all'}
      ref={(element) => {
        if (element !== null) element.indeterminate = selection === 'some'
      }}
      onChange={onSelectAll}
      {...cell}
    />
  )
}

const ActionsHead = ({ cell, shown }: HeadCellProps) => {
  const { texts } = useConsole()
  return (
    <span {...cell}>
      <span className={shown.includes('expires') ? undefined : 'unseen'}>{texts.keys.columns.actions}</span>
    </span>
  )
}

const menuKeys = 'Alt+ArrowDown Shift+F10'

const SizedHead = (props: HeadCellProps & { column: SizedColumn }) => {
  const { column, cell, order, onOrder, widths, onWidths, onMenu } = props
  const { texts } = useConsole()
  const isSorted = order.column === column
  const sort = isSorted ? (order.descending ? 'descending' : 'ascending') : 'none'
  return (
    <div
      role="columnheader"
      aria-colindex={cell['data-column'] + 1}
      aria-sort={isSortable(column) ? sort : undefined}
      className={column}
      onContextMenu={(event) => {
        event.preventDefault()
        onMenu(column)
      }}
    >
      {isSortable(column) ? (
        <button
          type="button"
          aria-keyshortcuts={menuKeys}
          onClick={() => onOrder({ column, descending: isSorted && !order.descending })}
          {...cell}
        >
          {texts.keys.columns[column]}
          {isSorted ? <SortIcon descending={order.descending} /> : null}
        </button>
      ) : (
        <span aria-keyshortcuts={menuKeys} {...cell}>
          {texts.grid.usage}
        </span>
      )}
      {/* For the mouse; with the keyboard the menu opens at the cell, whose name this is not to be a part of. */}
      <span className="column-menu" aria-hidden="true" title={texts.grid.columnMenu} onClick={() => onMenu(column)}>
        <ChevronIcon />
      </span>
      <Edge onResize={(px, keep) => onWidths({ ...widths, [column]: within(column, px) }, keep)} />
    </div>
  )
}

/** To be dragged. The menu does the same for those who cannot drag. */
const Edge = ({ onResize }: { onResize: (px: number, keep: boolean) => void }) => {
  const drag = useRef<{ readonly x: number; readonly px: number; now: number } | null>(null)
  const [isDragged, setDragged] = useState(false)
  return (
    <span
      className={isDragged ? 'edge dragged' : 'edge'}
      aria-hidden="true"
      onPointerDown={(event) => {
        const { currentTarget: edge, clientX: x } = event
        if (event.button !== 0) return
        event.preventDefault()
        edge.setPointerCapture(event.pointerId)
        const px = edge.parentElement?.getBoundingClientRect().width ?? 0
        drag.current = { x, px, now: px }
        setDragged(true)
      }}
      onPointerMove={({ clientX: x }) => {
        if (drag.current === null) return
        drag.current.now = drag.current.px + x - drag.current.x
        onResize(drag.current.now, false)
      }}
      onLostPointerCapture={() => {
        const was = drag.current
        drag.current = null
        setDragged(false)
        // Clicked and not dragged: nothing was chosen.
        if (was !== null && was.now !== was.px) onResize(was.now, true)
      }}
    />
  )
}
