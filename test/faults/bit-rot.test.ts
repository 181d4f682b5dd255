/** Bytes that rot are noticed, whichever they are. */
import assert from 'node:assert/strict'
import { runBitRot, runPlain } from './bit-rot.ts'
import { isClean } from './count.ts'

const silent = (): void => undefined

describe('faults: bit rot', () => {
  it('every byte of slots and generations changed and cut, and 20,000 harms by chance: the same data, the one before, or refused', async () => {
    const tally = await runBitRot({ valuesOfSlots: 1, valuesOfGenerations: 1, random: 20_000, seed: 1 }, silent)
    assert.ok(isClean(tally), tally.notes.join('\n'))
    assert.ok(tally.points > 25_000, String(tally.points))
  }).timeout(300_000)

  it('a folder of plain JSON files under the same harm is found out', async () => {
    const tally = await runPlain({ random: 500, seed: 1 })
    assert.ok(tally.wrong > 10, 'the rig has found nothing')
  })
})
