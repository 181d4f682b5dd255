/** 100,000 wrong keys, 20,000 timed ones, and 2,000 a second for twenty seconds. */
import type { LongRig } from './long-rig.ts'
import type { Tally } from './tally.ts'
import { runSameBytes, runTiming, runUnderGuesses, startGuessing, type StartedGuessing } from './wrong-keys.ts'

const withGateway = async (run: (gateway: StartedGuessing) => Promise<Tally>): Promise<Tally> => {
  const gateway = await startGuessing()
  try {
    return await run(gateway)
  } finally {
    await gateway.stop()
  }
}

const rig: LongRig = {
  name: 'wrong keys: the same bytes in the same time, and honest callers are served',
  run: (say) =>
    withGateway(async (gateway) => {
      const all = [
        await runSameBytes(gateway, 100_000, { say }),
        await runTiming(gateway, 20_000, say),
        await runUnderGuesses(gateway, { perSecond: 2_000, seconds: 20, p99MsMax: 200 }, say),
      ]
      const sum = (read: (tally: Tally) => number): number => all.reduce((total, each) => total + read(each), 0)
      return {
        points: sum(({ points }) => points),
        lost: sum(({ lost }) => lost),
        wrong: sum(({ wrong }) => wrong),
        uncaught: sum(({ uncaught }) => uncaught),
        notes: all.flatMap(({ notes }) => notes),
      }
    }),
  controls: [
    {
      name: 'says of a removed key that it is gone',
      run: () =>
        withGateway((gateway) =>
          runSameBytes(gateway, 1_000, {
            unlike: (answer, kind) => (kind === 'removed' ? answer.replace('not valid', 'gone') : answer),
          }),
        ),
    },
    {
      name: 'takes 0.1 ms longer for an id that is there',
      run: () => withGateway((gateway) => runTiming(gateway, 20_000, () => {}, 0.1)),
    },
  ],
}

export default rig
