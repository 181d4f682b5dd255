/** The disk is full after 0 to 1,023 pages. */
import { runFullDisk } from './full-disk.ts'
import type { LongRig } from './long-rig.ts'
import type { Tally } from './tally.ts'

const needsRoot: Tally = { points: 0, lost: 0, wrong: 0, uncaught: 0, notes: ['only root may mount a small disk'] }

const rig: LongRig = {
  name: 'full disk: sizes',
  run: async (say) => (await runFullDisk(1_024, { say })) ?? needsRoot,
  controls: [{ name: 'one-write', run: async () => (await runFullDisk(8, { broken: true })) ?? needsRoot }],
}

export default rig
