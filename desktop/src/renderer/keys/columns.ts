/**
 * The columns of the table: which there is room for, and how wide they are. Promises: when it gets narrow the bars go first,
 * then Last used; Expires and Status are never cut off. Pure.
 */
import { columns } from './order.ts'

/** As they stand; the number of a column is its place in this list, whether it is shown or not. */
export const gridColumns = ['select', ...columns, 'usage', 'actions'] as const
export type GridColumn = (typeof gridColumns)[number]

/** Those whose width people may choose, with the least that shows all of what must not be cut. */
const least = { name: 140, expires: 116, used: 96, status: 134, usage: 112 } as const
const usual = { name: 240, expires: 136, used: 132, status: 150, usage: 150 } as const
const most = 800
export const widthStep = 24

export type SizedColumn = keyof typeof least
export type Widths = Readonly<Partial<Record<SizedColumn, number>>>

export const isSized = (column: GridColumn): column is SizedColumn => Object.hasOwn(least, column)

const fixed = { select: 40, actions: 72 } as const
const tight = { nameLeast: 104, actions: 48 } as const

/** Of the window, as the specification says; `table` is what a panel beside it leaves, the navigation being 200 px wide. */
export const columnsFor = (windowPx: number, tablePx: number): readonly GridColumn[] => {
  const gone = new Set<GridColumn>()
  if (windowPx < 1080 || tablePx < 880) gone.add('usage')
  if (windowPx < 860 || tablePx < 660) gone.add('used')
  // Then the date stands under the name.
  if (tablePx < 480) gone.add('expires')
  return gridColumns.filter((column) => !gone.has(column))
}

export const within = (column: SizedColumn, px: number): number =>
  Math.round(Math.max(least[column], Math.min(most, px)))

export const widthOf = (column: SizedColumn, widths: Widths): number => widths[column] ?? usual[column]

/** What `grid-template-columns` says, and how wide all of that is at the least. */
export const templateOf = (shown: readonly GridColumn[], widths: Widths): { template: string; leastPx: number } => {
  const isTight = !shown.includes('expires')
  const actions = isTight ? tight.actions : fixed.actions
  let leastPx = 0
  const parts = shown.map((column) => {
    const named = column === 'name' && widths.name === undefined
    const px =
      column === 'select'
        ? fixed.select
        : column === 'actions'
          ? actions
          : named
            ? isTight
              ? tight.nameLeast
              : least.name
            : widthOf(column, widths)
    leastPx += px
    if (named) return `minmax(${px}px, 1fr)`
    // With a name of a chosen width something else takes the room that is left.
    return column === 'actions' && widths.name !== undefined ? `minmax(${px}px, 1fr)` : `${px}px`
  })
  return { template: parts.join(' '), leastPx }
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
