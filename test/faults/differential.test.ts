/** A short cut of the differential rig: 20,000 odd requests. The long one takes 1,000,000, or as many as it is told. */
import assert from 'node:assert/strict'
import { mistaken, theGateway, type Mistake } from './between.ts'
import { runDifferential, ways } from './differential.ts'
import { hasFront } from './fronts.ts'
import { foundFault } from './tally.ts'

describe('odd requests, plain, over TLS, through nginx and through HAProxy', function () {
  this.timeout(120_000)
  const each = 5_000

  for (const way of ways)
    it(`${each} by way of ${way}: none smuggled, none with a forged identity, none astray`, async function () {
      if ((way === 'nginx' || way === 'haproxy') && !hasFront(way)) return this.skip()
      const { points, wrong, notes } = await runDifferential(each, theGateway, { only: [way] })
      assert.deepEqual({ points, wrong }, { points: each, wrong: 0 }, notes.join('\n'))
      const [, forwarded] = /, (\d+) answered by the service/.exec(notes.join('\n')) ?? []
      assert.ok(Number(forwarded) > 400, `too few get through to prove anything: ${notes.join('\n')}`)
    })

  for (const mistake of ['forged', 'framing'] as const satisfies readonly Mistake[])
    it(`control: a proxy with one mistake (${mistake}) is found out`, async () => {
      assert.ok(foundFault(await runDifferential(1_000, mistaken(mistake), { only: ['plain'] })))
    })
})
