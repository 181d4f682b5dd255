/** A short cut of the copies rig: 25 copies. The long one takes 500. */
import assert from 'node:assert/strict'
import { runCopies, runInPlaceCopies } from './copies.ts'

describe('plain copies of a folder that is being written to', function () {
  this.timeout(240_000)
  before(function () {
    // The copying programs are those of Linux.
    if (process.platform !== 'linux') this.skip()
  })

  it('25 copies in seven ways, each unlocked with the kit elsewhere, hold all that was acknowledged before they began', async () => {
    const { points, lost, wrong, uncaught, notes } = await runCopies(25)
    assert.deepEqual(
      { points, lost, wrong, uncaught },
      { points: 25, lost: 0, wrong: 0, uncaught: 0 },
      notes.join('\n'),
    )
  })

  it('control: a writer that writes over its file in place is copied in halves', async () => {
    assert.ok((await runInPlaceCopies(2_000)).lost > 0)
  })
})
