/**
 * The table of keys: a grid of which only what is in sight is in the document. Promises: one tab stop; where the focus is
 * lives in a ref and not in the document, so that no press of a key is lost; the focused row stays while it is scrolled away.
 */
import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual'
import {
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import type { RowAction } from '../pages/keys-page.tsx'
import { SortIcon } from '../parts/icons.tsx'
import { Menu } from '../parts/menu.tsx'
import { actionsColumn, KeyRow } from './key-row.tsx'
import { columns, type Order } from './order.ts'
import { menuItems } from './row-menu.ts'

const rowHeight = 44
const overscan = 8
const pageRows = 10

export interface KeyTableProps {
  readonly rows: readonly KeyView[]
  readonly order: Order
  readonly onOrder: (order: Order) => void
  readonly judgedMs: number
  /** Why what changes something is off. */
  readonly off: string | null
  readonly onAct: (action: RowAction, key: KeyView) => void
  /** Shown in place of rows. */
  readonly children: ReactNode
}

interface Cell {
  readonly row: number
  readonly column: number
}

export const KeyTable = ({ rows, order, onOrder, judgedMs, off, onAct, children }: KeyTableProps) => {
  const { texts } = useConsole()
  const scroller = useRef<HTMLDivElement>(null)
  const focus = useRef<Cell>({ row: 0, column: 0 })
  const [focused, setFocused] = useState(focus.current)
  const wantsFocus = useRef(false)
  const [menuOf, setMenuOf] = useState<{ key: KeyView; anchor: HTMLElement } | null>(null)

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
    scrollPaddingStart: rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    rangeExtractor: (range: Range) =>
      [...new Set([...defaultRangeExtractor(range), Math.min(focus.current.row, range.count - 1)])]
        .filter((index) => index >= 0)
        .toSorted((a, b) => a - b),
  })

  const cellAt = ({ row, column }: Cell): HTMLElement | null =>
    scroller.current?.querySelector<HTMLElement>(`[data-row="${row}"] [data-column="${column}"]`) ?? null

  useLayoutEffect(() => {
    if (!wantsFocus.current) return
    wantsFocus.current = false
    cellAt(focused)?.focus({ preventScroll: true })
  }, [focused])

  const move = (cell: Cell): void => {
    const row = Math.max(0, Math.min(rows.length - 1, cell.row))
    focus.current = { row, column: Math.max(0, Math.min(actionsColumn, cell.column)) }
    wantsFocus.current = true
    virtual.scrollToIndex(row)
    setFocused(focus.current)
  }

  const openMenu = useCallback((key: KeyView, anchor: HTMLElement) => setMenuOf({ key, anchor }), [])

  const press = (event: KeyboardEvent): void => {
    const { row, column } = focus.current
    const key = rows[row]
    const control = event.ctrlKey || event.metaKey
    if (key === undefined || !(event.target as HTMLElement).hasAttribute('data-column')) return
    const steps: Readonly<Record<string, Cell>> = {
      ArrowDown: { row: row + 1, column },
      ArrowUp: { row: row - 1, column },
      ArrowRight: { row, column: column + 1 },
      ArrowLeft: { row, column: column - 1 },
      Home: { row: control ? 0 : row, column: 0 },
      End: { row: control ? rows.length - 1 : row, column: actionsColumn },
      PageDown: { row: row + pageRows, column },
      PageUp: { row: row - pageRows, column },
    }
    const to = steps[event.key]
    const onButton = column === actionsColumn && event.key === 'Enter' && !event.altKey
    if (to !== undefined) move(to)
    else if (event.key === 'Enter' && !onButton) onAct('view', key)
    else if (event.key === 'F2') onAct('edit', key)
    else if (event.key === 'Delete') onAct('remove', key)
    else if (control && event.key === 'c' && document.getSelection()?.isCollapsed !== false) onAct('copy', key)
    else if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      const button = cellAt({ row, column: actionsColumn })
      if (button !== null) openMenu(key, button)
    } else return
    event.preventDefault()
  }

  const point = (event: MouseEvent): void => {
    const target = event.target as HTMLElement
    const row = Number(target.closest<HTMLElement>('[data-row]')?.dataset['row'] ?? NaN)
    const key = rows[row]
    if (key === undefined) return
    const column = Number(target.closest<HTMLElement>('[data-column]')?.dataset['column'] ?? 0)
    focus.current = { row, column }
    setFocused(focus.current)
    const button = cellAt({ row, column: actionsColumn })
    if (column === actionsColumn || event.type === 'contextmenu') {
      event.preventDefault()
      if (button !== null) openMenu(key, button)
    } else onAct('view', key)
  }

  // Rows may have become fewer than where the focus was.
  const focusedRow = Math.min(focused.row, rows.length - 1)
  return (
    <div className="table-box">
      <div className="scroller" ref={scroller}>
        <div
          role="grid"
          className="grid"
          aria-label={texts.keys.table}
          aria-rowcount={rows.length + 1}
          aria-colcount={actionsColumn + 1}
          onKeyDown={press}
          onClick={point}
          onContextMenu={point}
        >
          <Header order={order} onOrder={onOrder} />
          <div className="rows" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const key = rows[item.index]
              if (key === undefined) return null
              return (
                <KeyRow
                  key={item.key}
                  of={key}
                  index={item.index}
                  top={item.start}
                  judgedMs={judgedMs}
                  focusedColumn={item.index === focusedRow ? focused.column : null}
                />
              )
            })}
          </div>
        </div>
        {children}
      </div>
      {menuOf === null ? null : (
        <Menu
          key={menuOf.key.id}
          anchor={menuOf.anchor}
          label={texts.keys.actionsOf(menuOf.key.name)}
          items={menuItems(menuOf.key, texts, off)}
          onClose={() => setMenuOf(null)}
          onPick={(name) => {
            setMenuOf(null)
            onAct(name as RowAction, menuOf.key)
          }}
        />
      )}
    </div>
  )
}

const Header = ({ order, onOrder }: Pick<KeyTableProps, 'order' | 'onOrder'>) => {
  const { texts } = useConsole()
  return (
    <div role="rowgroup" className="head">
      <div role="row" className="cells" aria-rowindex={1}>
        {columns.map((column) => {
          const isSorted = order.column === column
          const sort = order.descending ? 'descending' : 'ascending'
          return (
            <div key={column} role="columnheader" className={column} aria-sort={isSorted ? sort : 'none'}>
              <button type="button" onClick={() => onOrder({ column, descending: isSorted && !order.descending })}>
                {texts.keys.columns[column]}
                {isSorted ? <SortIcon descending={order.descending} /> : null}
              </button>
            </div>
          )
        })}
        <div role="columnheader" className="actions">
          {texts.keys.columns.actions}
        </div>
      </div>
    </div>
  )
}
