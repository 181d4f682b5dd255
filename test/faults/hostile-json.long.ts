/** 100,000 bodies of any kind against the schemas of all rows. */
import { tryHostileBodies } from '../support/hostile-json.ts'
import { createTally } from './count.ts'
import type { LongRig } from './long-rig.ts'

const rig: LongRig = {
  name: 'hostile JSON against every row',
  run: async () => {
    const tally = createTally()
    for (let seed = 1; seed <= 10; seed++) {
      const tried = tryHostileBodies(10_000, seed)
      for (let n = 0; n < tried; n++) tally.count('fine', () => '')
    }
    return tally
  },
}

export default rig
