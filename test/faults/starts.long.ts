/** 300 starts, 20 at a time, and after each 20 what people do to a running writer. */
import type { LongRig } from './long-rig.ts'
import { runStarts, runUnheldStarts } from './starts.ts'

const rig: LongRig = {
  name: 'starts: at once, lock deleted, stopped, network apart',
  run: (say) => runStarts(300, { say }),
  controls: [{ name: 'no hold', run: runUnheldStarts }],
}

export default rig
