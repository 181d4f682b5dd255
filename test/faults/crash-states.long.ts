/** The long run: more than a million crash states, another seed each time it is asked for one. */
import { runCrashStates } from './crash-states.ts'
import type { LongRun } from './tally.ts'

const seed = Number(process.env['FAULTS_SEED'] ?? 1)

export default {
  name: 'crash states',
  run: () =>
    runCrashStates(
      { length: 3, random: 4_000, perChange: 12, points: 1_200_000, seed, wholeEvery: 2_000 },
      (text) => void process.stderr.write(`crash states: ${text}\n`),
    ),
} satisfies LongRun
