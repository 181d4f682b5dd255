/**
 * The columns of the table: which there is room for, and how wide they are. Promises: when it gets narrow the bars go first,
 * then Last used; Expires and Status are never cut off. Pure.
 */
import { columns } from './order.ts'

/** As they stand; the number of a column is its place in this list, whether it is shown or not. */
export const gridColumns = ['select', ...columns, 'usage', 'actions'] as const
export type GridColumn = (typeof gridColumns)[number]

/** Those whose width people may choose, with the least that shows all of what must not be cut. */
const least = { name: 128, expires: 116, used: 96, status: 134, usage: 112 } as const
const usual = { expires: 136, used: 130, status: 150, usage: 150 } as const
const most = 800
export const widthStep = 24

export type SizedColumn = keyof typeof least
export type Widths = Readonly<Partial<Record<SizedColumn, number>>>

export const isSized = (column: GridColumn): column is SizedColumn => Object.hasOwn(least, column)

/** As the two at the edges are, and, on the narrowest screens, all of them. */
const fixed = { select: 40, actions: 76 } as const
const tight = { select: 36, name: 100, status: 134, actions: 48 } as const

/** Of the window, as the specification says; `table` is what a panel beside it leaves, the navigation being 200 px wide. */
export const columnsFor = (windowPx: number, tablePx: number): readonly GridColumn[] => {
  const gone = new Set<GridColumn>()
  if (windowPx < 1080 || tablePx < 880) gone.add('usage')
  if (windowPx < 860 || tablePx < 660) gone.add('used')
  // Then the date stands under the name.
  if (tablePx < 536) gone.add('expires')
  return gridColumns.filter((column) => !gone.has(column))
}

export const within = (column: SizedColumn, px: number): number =>
  Math.round(Math.max(least[column], Math.min(most, px)))

/** What `grid-template-columns` says, and how wide all of that is at the least. */
export const templateOf = (shown: readonly GridColumn[], widths: Widths): { template: string; leastPx: number } => {
  const isTight = !shown.includes('expires')
  const edges = isTight ? tight : fixed
  const pxOf = (column: GridColumn): number => {
    if (column === 'select' || column === 'actions') return edges[column]
    const chosen = widths[column]
    if (chosen !== undefined) return chosen
    if (column === 'name') return isTight ? tight.name : least.name
    return isTight && column === 'status' ? tight.status : usual[column]
  }
  // The name takes the room that is left; where it has a chosen width, the column at the end does.
  const growing: GridColumn = widths.name === undefined ? 'name' : 'actions'
  return {
    template: shown
      .map((column) => (column === growing ? `minmax(${pxOf(column)}px, 1fr)` : `${pxOf(column)}px`))
      .join(' '),
    leastPx: shown.reduce((sum, column) => sum + pxOf(column), 0),
  }
}

/** As it is remembered: `name:300 status:160`. What is not understood is left out. */
export const readWidths = (text: string | undefined): Widths =>
  Object.fromEntries(
    (text ?? '').split(' ').flatMap((part) => {
      const [, column = '', px] = /^(\w+):(\d{1,4})$/.exec(part) ?? []
      return isSized(column as GridColumn) ? [[column, within(column as SizedColumn, Number(px))]] : []
    }),
  )

export const widthsText = (widths: Widths): string =>
  Object.entries(widths)
    .map(([column, px]) => `${column}:${px}`)
    .join(' ')
