/** What a fault rig answers with, and the table of many. A point is one fault at one moment, looked at afterwards. */

export interface Tally {
  /** Faults tried, each with a look at what was left. */
  readonly points: number
  /** Acknowledged changes that were not there afterwards. */
  readonly lost: number
  /** What was there and should not have been: a refused change, or anything that nobody made. */
  readonly wrong: number
  /** Errors that nobody caught. */
  readonly uncaught: number
  /** What went wrong, and figures worth keeping. */
  readonly notes: string[]
}

export interface TallyRow {
  readonly name: string
  readonly tally: Tally
  readonly seconds: number
}

/** Whether a rig found anything. A control must. */
export const foundFault = ({ lost, wrong, uncaught }: Tally): boolean => lost + wrong + uncaught > 0

export const printTable = (rows: readonly TallyRow[]): void => {
  const head = ['rig', 'points', 'lost', 'wrong', 'uncaught', 'seconds']
  const cells = rows.map(({ name, tally: { points, lost, wrong, uncaught }, seconds }) =>
    [name, points, lost, wrong, uncaught, seconds.toFixed(1)].map(String),
  )
  const widths = head.map((title, at) => Math.max(title.length, ...cells.map((row) => row[at]?.length ?? 0)))
  for (const row of [head, ...cells])
    console.log(
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
    )
}
