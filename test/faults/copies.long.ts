/** 500 copies under change. */
import { runCopies, runInPlaceCopies } from './copies.ts'
import type { LongRig } from './long-rig.ts'

const rig: LongRig = {
  name: 'copies under change, restored with the kit',
  run: (say) => runCopies(500, { say }),
  controls: [{ name: 'in-place', run: () => runInPlaceCopies(2_000) }],
}

export default rig
