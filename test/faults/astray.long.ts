/** All known ways round proxies and 5,000 mutations of them. */
import { runAstray } from './astray.ts'
import type { LongRig } from './long-rig.ts'

const rig: LongRig = {
  name: 'calls that want to go elsewhere',
  run: () => runAstray(5_000),
  controls: [{ name: 'a key that was granted too much', run: () => runAstray(10, ['co_erp', 'co_other']) }],
}

export default rig
