/** What can be done with a column: how it sorts, and how wide it is. The menu stays while a width is tried out. */
import { useConsole } from '../console-context.ts'
import { Menu, type MenuItem } from '../parts/menu.tsx'
import { widthStep, within, type GridColumn, type SizedColumn, type Widths } from './columns.ts'
import { columns, type Column, type Order } from './order.ts'

export const isSortable = (column: GridColumn): column is Column => (columns as readonly string[]).includes(column)

interface ColumnMenuProps {
  readonly column: SizedColumn
  /** In the head of the column. */
  readonly anchor: HTMLElement
  readonly widths: Widths
  readonly onWidths: (widths: Widths, keep: boolean) => void
  readonly onOrder: (order: Order) => void
  readonly onClose: () => void
}

export const ColumnMenu = ({ column, anchor, widths, onWidths, onOrder, onClose }: ColumnMenuProps) => {
  const { texts } = useConsole()
  const { grid } = texts
  const sorting: readonly MenuItem[] = [
    { name: 'up', text: grid.sortUp },
    { name: 'down', text: grid.sortDown },
  ]
  const resize = (step: number): void => {
    const px = anchor.closest('[role=columnheader]')?.getBoundingClientRect().width ?? 0
    onWidths({ ...widths, [column]: within(column, px + step) }, true)
  }
  const pick = (name: string): void => {
    if (name === 'wider') return resize(widthStep)
    if (name === 'narrower') return resize(-widthStep)
    onClose()
    const { [column]: _, ...others } = widths
    if (name === 'usual') onWidths(others, true)
    else if (isSortable(column)) onOrder({ column, descending: name === 'down' })
    return undefined
  }
  return (
    <Menu
      anchor={anchor}
      label={grid.columnMenu}
      items={[
        ...(isSortable(column) ? sorting : []),
        { name: 'wider', text: grid.wider },
        { name: 'narrower', text: grid.narrower },
        { name: 'usual', text: grid.usualWidth },
      ]}
      onPick={pick}
      onClose={onClose}
    />
  )
}
