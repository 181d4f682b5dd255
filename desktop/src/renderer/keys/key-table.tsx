/**
 * The table of keys: a grid of which only what is in sight is in the document. Promises: one tab stop; where the focus is
 * lives in a ref and not in the document, so that no press of a key is lost; the focused row stays while it is scrolled away.
 */
import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual'
import {
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import type { RowAction } from '../pages/keys-page.tsx'
import { Menu } from '../parts/menu.tsx'
import { ColumnMenu } from './column-menu.tsx'
import { gridColumns, isSized, templateOf, type SizedColumn } from './columns.ts'
import { rowHeightOf, type Density } from './density.ts'
import { GridHead } from './grid-head.tsx'
import { headRow, stepOf, type Cell } from './grid-steps.ts'
import { KeyRow } from './key-row.tsx'
import type { Order } from './order.ts'
import { menuItems } from './row-menu.ts'
import type { Selecting } from './use-selecting.ts'
import { useShownColumns, useWidths } from './use-columns.ts'
import { useDailyUsage } from './use-daily-usage.ts'
import { useHeldFocus } from './use-held-focus.ts'
import { useHighlights } from './use-highlights.ts'

/** As in the stylesheet. */
const headHeight = 40
const overscan = 6
const nameColumn = gridColumns.indexOf('name')
const firstCell: Cell = { row: 0, column: nameColumn }
const selectColumn = gridColumns.indexOf('select')
const actionsColumn = gridColumns.indexOf('actions')

export interface KeyTableProps {
  readonly rows: readonly KeyView[]
  readonly order: Order
  readonly onOrder: (order: Order) => void
  readonly judgedMs: number
  readonly density: Density
  readonly selecting: Selecting
  /** What a search has found is marked. */
  readonly words: readonly string[]
  /** Why what changes something is off. */
  readonly off: string | null
  readonly onAct: (action: RowAction, key: KeyView) => void
  /** Gets the focus, each time it is another object. */
  readonly reached: { readonly id: string } | null
  /** Shown in place of rows. */
  readonly children: ReactNode
}

export const KeyTable = (props: KeyTableProps) => {
  const { rows, order, onOrder, judgedMs, density, selecting, words, off, onAct, reached, children } = props
  const { texts } = useConsole()
  const scroller = useRef<HTMLDivElement>(null)
  const { focus, focused, hold, draw } = useHeldFocus(rows, firstCell)
  const wantsFocus = useRef(false)
  const [menuOf, setMenuOf] = useState<{ key: KeyView; anchor: HTMLElement; from?: HTMLElement | undefined } | null>(
    null,
  )
  const [columnMenu, setColumnMenu] = useState<{ column: SizedColumn; anchor: HTMLElement } | null>(null)
  const shown = useShownColumns(scroller)
  const [widths, setWidths] = useWidths()
  const { template, leastPx } = useMemo(() => templateOf(shown, widths), [shown, widths])
  const rowHeight = rowHeightOf(density, !shown.includes('expires'))

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
    // The head is above the rows, and stays over them: a row that is scrolled to is below it.
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    rangeExtractor: (range: Range) =>
      [...new Set([...defaultRangeExtractor(range), Math.min(focus.current.row, range.count - 1)])]
        .filter((index) => index >= 0)
        .toSorted((a, b) => a - b),
  })
  useLayoutEffect(() => virtual.measure(), [virtual, rowHeight])
  useHighlights(scroller, words)

  const items = virtual.getVirtualItems()
  const usageShown = shown.includes('usage')
  const usages = useDailyUsage(usageShown ? items.flatMap(({ index }) => rows[index]?.id ?? []) : [])

  const cellAt = ({ row, column }: Cell): HTMLElement | null =>
    scroller.current?.querySelector<HTMLElement>(
      row === headRow ? `.head [data-column="${column}"]` : `[data-row="${row}"] [data-column="${column}"]`,
    ) ?? null

  useLayoutEffect(() => {
    if (!wantsFocus.current) return
    cellAt(focused)?.focus({ preventScroll: true })
    // Only now: what gets the focus by this is where the ref has been already.
    wantsFocus.current = false
  }, [focused])

  /** The focus may come to a cell without a press of a key here: by a click, or by what reads the page aloud. */
  const noteFocus = ({ target }: FocusEvent): void => {
    const column = Number((target as HTMLElement).dataset['column'] ?? NaN)
    if (wantsFocus.current || Number.isNaN(column)) return
    const row = Number(target.closest<HTMLElement>('[data-row]')?.dataset['row'] ?? headRow)
    hold({ row, column })
    draw()
  }

  const move = (to: Cell, extend: boolean): void => {
    const from = rows[focus.current.row]
    const row = Math.max(headRow, Math.min(rows.length - 1, to.row))
    hold({ row, column: to.column })
    wantsFocus.current = true
    if (row !== headRow) virtual.scrollToIndex(row)
    draw()
    const key = rows[row]
    if (extend && from !== undefined && key !== undefined) selecting.extend(from.id, key.id)
    else if (!extend) selecting.release()
  }

  /** `from`: the cell that it was opened at, where the focus goes back to. */
  useLayoutEffect(() => {
    const row = reached === null ? -1 : rows.findIndex(({ id }) => id === reached.id)
    if (row >= 0) move({ row, column: nameColumn }, false)
    // Once: where it goes from there is up to whoever works with it.
  }, [reached])

  const openMenu = useCallback(
    (key: KeyView, anchor: HTMLElement, from?: HTMLElement) => setMenuOf({ key, anchor, from }),
    [],
  )

  const openColumnMenu = (column: SizedColumn): void => {
    const anchor = scroller.current?.querySelector<HTMLElement>(`.head .${column} .column-menu`)
    if (anchor !== null && anchor !== undefined) setColumnMenu({ column, anchor })
  }

  /** What is pressed at a row, besides what moves. False: nothing is done with it. */
  const pressAt = (key: KeyView, { row, column }: Cell, event: KeyboardEvent): boolean => {
    const control = event.ctrlKey || event.metaKey
    const onButton = column === actionsColumn && !event.altKey && (event.key === 'Enter' || event.key === ' ')
    if (onButton) return false
    if (event.key === 'Enter') onAct('view', key)
    else if (event.key === ' ' && event.shiftKey) selecting.rangeTo(key.id)
    else if (event.key === ' ') selecting.toggle(key.id)
    else if (control && event.key === 'a') selecting.all()
    else if (event.key === 'F2') onAct('edit', key)
    else if (event.key === 'Delete') {
      if (!selecting.askRemoval(key.id)) onAct('remove', key)
    } else if (control && event.key === 'c' && document.getSelection()?.isCollapsed !== false) onAct('copy', key)
    else if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      const button = cellAt({ row, column: actionsColumn })
      if (button !== null) openMenu(key, button, cellAt({ row, column }) ?? button)
    } else return false
    return true
  }

  const pressAtHead = (column: number, event: KeyboardEvent): boolean => {
    const name = gridColumns[column]
    const opens = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)
    if (!opens && !(event.key === 'ArrowDown' && event.altKey)) return false
    if (name !== undefined && isSized(name)) openColumnMenu(name)
    return true
  }

  const press = (event: KeyboardEvent): void => {
    if (!(event.target as HTMLElement).hasAttribute('data-column')) return
    const now = focus.current
    const key = rows[now.row]
    const step = event.altKey ? null : stepOf(event, now, rows.length, shown)
    let done = true
    if (step !== null) move(step, event.shiftKey && step.row !== now.row && now.row !== headRow)
    else if (event.key === 'Escape' && selecting.count > 0) selecting.clear()
    else if (now.row === headRow) done = pressAtHead(now.column, event)
    else done = key !== undefined && pressAt(key, now, event)
    if (done) event.preventDefault()
  }

  const point = (event: MouseEvent): void => {
    const target = event.target as HTMLElement
    const row = Number(target.closest<HTMLElement>('[data-row]')?.dataset['row'] ?? NaN)
    const key = rows[row]
    if (key === undefined) return
    const inSelect = target.closest('.select') !== null
    const cell = target.closest<HTMLElement>('[data-column]')
    const column = inSelect ? selectColumn : Number(cell?.dataset['column'] ?? nameColumn)
    hold({ row, column })
    draw()
    if (event.type === 'contextmenu' || column === actionsColumn) {
      event.preventDefault()
      const button = cellAt({ row, column: actionsColumn })
      if (button !== null) openMenu(key, button)
    } else if (event.shiftKey) selecting.rangeTo(key.id)
    else if (inSelect || event.ctrlKey || event.metaKey) selecting.toggle(key.id)
    else onAct('view', key)
  }

  // Rows may have become fewer than where the focus was, and columns too.
  const focusedRow = Math.min(focused.row, rows.length - 1)
  const focusedColumn = shown.includes(gridColumns[focused.column] ?? 'name') ? focused.column : nameColumn
  return (
    <div className="table-box">
      <div className="scroller" ref={scroller}>
        <div
          role="grid"
          className={`grid ${density}`}
          style={{ '--columns': template, '--least': `${leastPx}px`, '--row': `${rowHeight}px` } as CSSProperties}
          aria-label={texts.keys.table}
          aria-rowcount={rows.length + 1}
          aria-colcount={gridColumns.length}
          aria-multiselectable
          onKeyDown={press}
          onFocus={noteFocus}
          onClick={point}
          onContextMenu={point}
          onMouseDown={(event) => {
            // A range of rows, not of letters.
            if (event.shiftKey) event.preventDefault()
          }}
        >
          <GridHead
            shown={shown}
            order={order}
            onOrder={onOrder}
            widths={widths}
            onWidths={setWidths}
            selection={selecting.ofRows}
            count={rows.length}
            onSelectAll={selecting.ofRows === 'all' ? selecting.clear : selecting.all}
            focusedColumn={focusedRow === headRow ? focusedColumn : null}
            onMenu={openColumnMenu}
          />
          <div className="rows" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const key = rows[item.index]
              if (key === undefined) return null
              return (
                <KeyRow
                  key={item.key}
                  of={key}
                  index={item.index}
                  top={item.start - headHeight}
                  judgedMs={judgedMs}
                  shown={shown}
                  density={density}
                  selected={selecting.has(key.id)}
                  usage={usageShown ? usages.get(key.id) : undefined}
                  focusedColumn={item.index === focusedRow ? focusedColumn : null}
                />
              )
            })}
          </div>
        </div>
        {children}
      </div>
      {columnMenu === null ? null : (
        <ColumnMenu
          key={columnMenu.column}
          {...columnMenu}
          widths={widths}
          onWidths={setWidths}
          onOrder={onOrder}
          onClose={() => {
            setColumnMenu(null)
            cellAt({ row: headRow, column: gridColumns.indexOf(columnMenu.column) })?.focus()
          }}
        />
      )}
      {menuOf === null ? null : (
        <Menu
          key={menuOf.key.id}
          anchor={menuOf.anchor}
          returnTo={menuOf.from}
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
