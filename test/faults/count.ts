/** Counts the points of the rigs that run in memory. */
import type { Tally } from './tally.ts'

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
