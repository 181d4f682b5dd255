/** After a power cut at any moment the last state that was answered for is there, or the one in flight, whole. */
import assert from 'node:assert/strict'
import { runCrashStates, type CrashStatesSize } from './crash-states.ts'
import { isClean } from './count.ts'
import { brokenWriters, realWriter, runWriter } from './writers.ts'

const silent = (): void => undefined
const short: CrashStatesSize = { length: 3, random: 400, perChange: 2, points: 50_000, seed: 1, wholeEvery: 1_000 }

describe('faults: crash states', () => {
  it('50,000 states after all sequences of three operations and longer ones: nothing answered for is lost', async () => {
    const tally = await runCrashStates(short, silent)
    assert.ok(isClean(tally), tally.notes.join('\n'))
    assert.equal(tally.points, short.points)
  }).timeout(300_000)

  for (const forgets of ['files', 'folders'] as const)
    it(`the same keystore on a disk whose syncs of ${forgets} do nothing is found out`, async () => {
      const tally = await runCrashStates({ ...short, length: 2, random: 0, points: 1_500, forgets }, silent)
      assert.ok(tally.lost + tally.wrong > 0, 'the rig has found nothing')
    })

  it('the writer alone loses no file that it has answered for, on a disk that takes writes by halves', async () => {
    const tally = await runWriter(realWriter, { writes: 60, perChange: 8, seed: 1 }, silent)
    assert.ok(isClean(tally) && tally.points > 500, tally.notes.join('\n'))
  })

  for (const writer of brokenWriters)
    it(`a broken writer is found out: ${writer.name}`, async () => {
      const tally = await runWriter(writer, { writes: 60, perChange: 8, seed: 1 }, silent)
      assert.ok(tally.lost > 0, 'the rig has found nothing')
    })
})
