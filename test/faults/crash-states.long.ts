/** More than a million crash states. `FAULTS_SEED` chooses another million. */
import { runCrashStates, type CrashStatesSize } from './crash-states.ts'
import type { LongRig } from './long-rig.ts'
import { brokenWriters, runWriter } from './writers.ts'

const seed = Number(process.env['FAULTS_SEED'] ?? 1)
const long: CrashStatesSize = { length: 3, random: 4_000, perChange: 8, points: 1_200_000, seed, wholeEvery: 2_000 }
const silent = (): void => undefined

const rig: LongRig = {
  name: 'crash states of the real writer',
  run: (say) => runCrashStates(long, say),
  controls: [
    ...(['files', 'folders'] as const).map((forgets) => ({
      name: `syncs of ${forgets} do nothing`,
      run: () => runCrashStates({ ...long, length: 2, random: 0, points: 5_000, forgets }, silent),
    })),
    ...brokenWriters.map((writer) => ({
      name: writer.name,
      run: () => runWriter(writer, { writes: 200, perChange: 8, seed }, silent),
    })),
  ],
}

export default rig
