/**
 * What a fault rig found. A rig is `test/faults/<name>.ts` with `run<Name>(size, report)`; its `.test.ts` runs the short size
 * with every other test, its `.long.ts` default-exports a `LongRun` for the long one.
 */

export interface Tally {
  /** Points tried: crash states, injected faults, damaged copies. */
  readonly points: number
  /** What had been answered for and was gone. */
  readonly lost: number
  /** What was there and is not what anybody wrote, or was refused and came true. */
  readonly wrong: number
  /** Failures that nothing in Postern expected. */
  readonly uncaught: number
  /** The first findings in words, and what the run was made of. */
  readonly notes: string[]
}

export interface LongRun {
  readonly name: string
  run(): Promise<Tally>
}

/** Hears now and then how far a run has come. */
export type Report = (text: string) => void

export type Verdict = 'fine' | 'lost' | 'wrong' | 'uncaught'

const notesMax = 12

/** Counts points. */
export const createTally = (): Tally & {
  count(verdict: Verdict, note: () => string): void
  say(note: string): void
} => {
  const counts = { fine: 0, lost: 0, wrong: 0, uncaught: 0 }
  const notes: string[] = []
  return {
    get points() {
      return counts.fine + counts.lost + counts.wrong + counts.uncaught
    },
    get lost() {
      return counts.lost
    },
    get wrong() {
      return counts.wrong
    },
    get uncaught() {
      return counts.uncaught
    },
    notes,
    count(verdict, note) {
      counts[verdict] += 1
      if (verdict !== 'fine' && notes.length < notesMax) notes.push(`${verdict}: ${note()}`)
    },
    say: (note) => void notes.push(note),
  }
}

export const isClean = ({ lost, wrong, uncaught }: Tally): boolean => lost + wrong + uncaught === 0

/** A table of several runs, with their notes below. */
export const printTable = (rows: readonly (Tally & { name: string; seconds: number })[]): string => {
  const heads = ['rig', 'points', 'lost', 'wrong', 'uncaught', 'seconds']
  const cells = rows.map(({ name, points, lost, wrong, uncaught, seconds }) => [
    name,
    ...[points, lost, wrong, uncaught].map((each) => each.toLocaleString('en')),
    seconds.toFixed(1),
  ])
  const widths = heads.map((head, at) => Math.max(head.length, ...cells.map((row) => row[at]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ')
  const notes = rows.flatMap(({ name, notes: each }) => each.map((note) => `${name}: ${note}`))
  return [line(heads), ...cells.map(line), ...notes].join('\n')
}
