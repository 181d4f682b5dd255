/** Bytes that rot are noticed, whichever they are. */
import assert from 'node:assert/strict'
import { documentOf, runBitRot, runHarm, type Reader } from './bit-rot.ts'
import { nameOf } from './harm.ts'
import { Problem } from '../../daemon/src/problem.ts'
import { createTally, isClean } from './tally.ts'

const silent = (): void => undefined

describe('faults: bit rot', () => {
  it('every byte of slots and generations changed and cut, and 20,000 harms by chance: the same data, the one before, or refused', async () => {
    const tally = await runBitRot({ valuesOfSlots: 1, valuesOfGenerations: 1, random: 20_000, seed: 1 }, silent)
    assert.ok(isClean(tally), tally.notes.join('\n'))
    assert.ok(tally.points > 25_000, String(tally.points))
  }).timeout(300_000)

  it('a folder of plain JSON files under the same harm is found out', async () => {
    const plain: Reader = {
      files: new Map([1, 2, 3, 4, 5].map((gen) => [nameOf(gen), Buffer.from(documentOf(gen))])),
      async read(files) {
        const damaged: number[] = []
        for (const name of [...files.keys()].toSorted().toReversed())
          try {
            const document = files.get(name)?.toString() ?? ''
            return { gen: (JSON.parse(document) as { gen: number }).gen, document, damaged }
          } catch {
            damaged.push(Number(name.slice(0, 10)))
          }
        throw new Problem('keystore_damaged')
      },
    }
    const tally = createTally()
    await runHarm(plain, { random: 500, seed: 1 }, tally, silent)
    assert.ok(tally.wrong > 10, 'the rig has found nothing')
  })
})
