/** A short cut of the strace rig: killed or failed at system calls spread over a whole run. The long one tries them all. */
import assert from 'node:assert/strict'
import { canTrace, runStrace } from './strace.ts'

describe('a process killed or failed at any system call of its changes', function () {
  this.timeout(180_000)
  before(function () {
    // Strace is not on every system, and may be forbidden to trace.
    if (!canTrace()) this.skip()
  })

  it('what was acknowledged is there at the next start, what was refused is not, and nothing else is', async () => {
    const { points, lost, wrong, uncaught, notes } = await runStrace(260)
    assert.deepEqual({ lost, wrong, uncaught }, { lost: 0, wrong: 0, uncaught: 0 }, notes.join('\n'))
    assert.ok(points >= 200, `only ${points} points`)
  })

  it('control: a writer that writes over the file in place is found out by a kill', async () => {
    assert.ok((await runStrace(8, { writer: 'in-place', only: /^pwrite64 .* kill$/ })).lost > 0)
  })

  it('control: a writer that acknowledges before it has written is found out by a kill', async () => {
    assert.ok((await runStrace(8, { writer: 'acknowledges-first', only: /^openat .* kill$/ })).lost > 0)
  })

  it('control: a writer that does not look how much of a write was taken is found out by a short one', async () => {
    assert.ok((await runStrace(Infinity, { writer: 'one-write', only: /half/ })).lost > 0)
  })
})
