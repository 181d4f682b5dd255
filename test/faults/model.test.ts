/** A short cut of the model rig. The long one makes forty times as many runs. */
import assert from 'node:assert/strict'
import { forgets, runModel } from './model.ts'

describe('the store against a pure model of it', function () {
  this.timeout(120_000)

  it('500 lists of 50 commands, with restarts, crashes and days in between, leave what the model says', async () => {
    const { points, lost, wrong, uncaught, notes } = await runModel(500)
    assert.deepEqual({ lost, wrong, uncaught }, { lost: 0, wrong: 0, uncaught: 0 }, notes.join('\n'))
    assert.equal(points, 25_000)
  })

  for (const kind of ['remove', 'disable', 'rotate', 'disableClient'] as const)
    it(`control: a step ${kind} that forgets what it acknowledged is found out`, async () => {
      const { lost, wrong } = await runModel(100, { replace: forgets(kind) })
      assert.equal(lost + wrong, 1)
    })
})
