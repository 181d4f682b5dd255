/** A short cut of the full-disk rig: 64 sizes. The long one has 1,024. */
import assert from 'node:assert/strict'
import { runFullDisk } from './full-disk.ts'

describe('a disk that is full after so many pages', function () {
  this.timeout(120_000)

  it('every change is made or refused in so many words, and when there is room again nothing is missing', async function () {
    const tally = await runFullDisk(64)
    // Only root may mount a small disk.
    if (tally === undefined) return this.skip()
    const { points, lost, wrong, uncaught, notes } = tally
    assert.deepEqual(
      { points, lost, wrong, uncaught },
      { points: 64, lost: 0, wrong: 0, uncaught: 0 },
      notes.join('\n'),
    )
  })

  it('control: a writer that does not look how much of a write was taken is found out', async function () {
    const tally = await runFullDisk(8, { broken: true })
    if (tally === undefined) return this.skip()
    assert.ok(tally.lost > 0)
  })
})
