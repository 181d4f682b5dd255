/** Where a key that moves leads to in the grid, whose head is the row above the first. Pure. */
import { gridColumns, type GridColumn } from './columns.ts'

export interface Cell {
  readonly row: number
  readonly column: number
}

export const headRow = -1
const pageRows = 10

interface Pressed {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}

/** Null: it does not move. `rows`: how many there are. `shown`: columns that are not in sight are passed over. */
export const stepOf = (
  { key, ctrlKey, metaKey }: Pressed,
  { row, column }: Cell,
  rows: number,
  shown: readonly GridColumn[],
): Cell | null => {
  const control = ctrlKey || metaKey
  const numbers = shown.map((each) => gridColumns.indexOf(each))
  const [first = 0, last = 0] = [numbers[0], numbers.at(-1)]
  const firstRow = rows === 0 ? headRow : 0
  switch (key) {
    case 'ArrowDown':
      return { row: row + 1, column }
    case 'ArrowUp':
      return { row: row - 1, column }
    case 'ArrowRight':
      return { row, column: numbers.find((each) => each > column) ?? last }
    case 'ArrowLeft':
      return { row, column: numbers.findLast((each) => each < column) ?? first }
    case 'Home':
      return { row: control ? firstRow : row, column: first }
    case 'End':
      return { row: control ? rows - 1 : row, column: last }
    case 'PageDown':
      return { row: row + pageRows, column }
    case 'PageUp':
      return { row: row === headRow ? headRow : Math.max(firstRow, row - pageRows), column }
    default:
      return null
  }
}
