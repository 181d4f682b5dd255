/** The long run: every value of every byte, and half a million harms by chance. */
import { runBitRot } from './bit-rot.ts'
import type { LongRun } from './tally.ts'

const seed = Number(process.env['FAULTS_SEED'] ?? 1)

export default {
  name: 'bit rot',
  run: () =>
    runBitRot(
      { valuesOfSlots: 255, valuesOfGenerations: 255, random: 500_000, seed },
      (text) => void process.stderr.write(`bit rot: ${text}\n`),
    ),
} satisfies LongRun
