/** 1,000,000 odd requests, about half an hour; `POSTERN_DIFFERENTIAL=20000` takes as many as it says. */
import { mistaken, theGateway } from './between.ts'
import { runDifferential } from './differential.ts'
import type { LongRig } from './long-rig.ts'

const requests = Number(process.env['POSTERN_DIFFERENTIAL'] ?? 1_000_000)

const rig: LongRig = {
  name: 'odd requests by four ways, compared with a strict reader',
  run: (say) => runDifferential(requests, theGateway, { say, seed: 7 }),
  controls: [
    {
      name: 'forwards a forged X-Postern-Key-Id',
      run: () => runDifferential(2_000, mistaken('forged'), { only: ['plain'] }),
    },
    {
      name: 'forwards Content-Length and Transfer-Encoding',
      run: () => runDifferential(2_000, mistaken('framing'), { only: ['plain'] }),
    },
  ],
}

export default rig
