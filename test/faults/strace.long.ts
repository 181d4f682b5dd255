/** Every system call of the thirty changes, killed before and failed in every way. */
import type { LongRig } from './long-rig.ts'
import { runStrace } from './strace.ts'

const rig: LongRig = {
  name: 'strace: kill, errors, short writes at each system call',
  run: (say) => runStrace(Infinity, { say }),
  controls: [
    { name: 'in-place', run: () => runStrace(30, { writer: 'in-place' }) },
    { name: 'acknowledges-first', run: () => runStrace(30, { writer: 'acknowledges-first' }) },
    { name: 'one-write', run: () => runStrace(Infinity, { writer: 'one-write', only: /half/ }) },
  ],
}

export default rig
