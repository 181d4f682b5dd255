/** Sizes as people say them. */
import assert from 'node:assert/strict'
import { sizeText } from '../../../../desktop/src/renderer/recovery/size-text.ts'

describe('console: sizes', () => {
  for (const [bytes, text] of [
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1 kB'],
    [7_654_321, '7.7 MB'],
    [5e9, '5 GB'],
    [2e15, '2000 TB'],
  ] as const)
    it(`${bytes} bytes: ${text}`, () => assert.equal(sizeText(bytes, String), text))
})
