/** 20,000 lists of 50 commands against the model. */
import type { LongRig } from './long-rig.ts'
import { forgets, runModel } from './model.ts'

const rig: LongRig = {
  name: 'model: commands, restarts, crashes, days',
  run: (say) => runModel(20_000, { say }),
  controls: (['remove', 'disable', 'rotate', 'disableClient'] as const).map((kind) => ({
    name: `${kind} forgets`,
    run: () => runModel(100, { replace: forgets(kind) }),
  })),
}

export default rig
