/** Every value of every byte, and half a million harms by chance. `FAULTS_SEED` chooses others. */
import { runBitRot, runPlain } from './bit-rot.ts'
import type { LongRig } from './long-rig.ts'

const seed = Number(process.env['FAULTS_SEED'] ?? 1)

const rig: LongRig = {
  name: 'bit rot of slots and generations',
  run: (say) => runBitRot({ valuesOfSlots: 255, valuesOfGenerations: 255, random: 500_000, seed }, say),
  controls: [{ name: 'plain JSON files', run: () => runPlain({ random: 5_000, seed }) }],
}

export default rig
