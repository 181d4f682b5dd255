/** A short cut of the wrong-keys rig: 2,000 guesses. Time and load are for the long one. */
import assert from 'node:assert/strict'
import { runSameBytes, startGuessing, type StartedGuessing } from './wrong-keys.ts'

describe('wrong keys', function () {
  this.timeout(60_000)
  let gateway: StartedGuessing
  before(async function () {
    // Only there is every address of 127.0.0.0/8 this machine's.
    if (process.platform !== 'linux') return this.skip()
    gateway = await startGuessing()
  })
  after(() => gateway?.stop())

  it('2,000, of unknown ids, with a wrong secret, a wrong checksum, or removed: one answer to the last byte', async () => {
    const { points, wrong, notes } = await runSameBytes(gateway, 2_000)
    assert.deepEqual({ points, wrong }, { points: 2_000, wrong: 0 }, notes.join('\n'))
  })

  it('control: one word of difference for one kind is found', async () => {
    const { wrong } = await runSameBytes(gateway, 100, {
      unlike: (answer, kind) => (kind === 'removed' ? answer.replace('not valid', 'gone') : answer),
    })
    assert.ok(wrong > 0)
  })
})
