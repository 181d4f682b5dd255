/** A short cut of the rig of simultaneous starts: 20 of them. The long one has 300. */
import assert from 'node:assert/strict'
import { runStarts, runUnheldStarts } from './starts.ts'

describe('starts of the daemon on one folder', function () {
  this.timeout(240_000)
  before(function () {
    // Signals and namespaces are those of Linux; on Windows one folder has one writer by another lock.
    if (process.platform !== 'linux') this.skip()
  })

  it('of 20 at once one runs and the others say why not; no lock deleted, writer stopped or network apart lets a second one lose a change', async () => {
    const { points, lost, wrong, uncaught, notes } = await runStarts(20)
    assert.deepEqual({ lost, wrong, uncaught }, { lost: 0, wrong: 0, uncaught: 0 }, notes.join('\n'))
    assert.ok(points >= 22)
  })

  it('control: programs that hold nothing and do not look all run, and lose what others acknowledged', async () => {
    const { lost, wrong } = await runUnheldStarts()
    assert.ok(lost > 0 && wrong > 0)
  })
})
