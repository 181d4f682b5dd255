/** SHA256SUMS are read back as they were written, and lead nowhere else. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { formatSums, isPlainPath, parseSums } from '../../../daemon/src/backup/sums.ts'

const hash = 'ab'.repeat(32)

describe('SHA256SUMS', () => {
  it('any plain paths come back; any text is read or refused, and never names a place outside', () => {
    const path = fc.array(fc.string({ minLength: 1, unit: 'binary' }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.uniqueArray(path.map((parts) => parts.join('/')).filter(isPlainPath)), (paths) => {
        const sums = new Map(paths.map((each) => [each, hash]))
        assert.deepEqual(parseSums(formatSums(sums)), sums)
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, whole) => {
        try {
          for (const each of parseSums(whole ? `${hash}  ${text}\n` : text).keys()) assert.ok(isPlainPath(each))
        } catch (error) {
          assert.match(String(error), /line/)
        }
      }),
    )
  })

  for (const text of [
    `${hash}  ../x\n`,
    `${hash}  /etc/passwd\n`,
    `${hash}  a/./b\n`,
    `${hash}  C:x\n`,
    `\\${hash}  a\\\\b\n`,
    `\\${hash}  a\\x\n`,
    `${hash}  a`,
    `${hash} a\n`,
    `${hash.toUpperCase()}  a\n`,
    `${hash}  a\n${hash}  a\n`,
  ])
    it(`refused: ${JSON.stringify(text.slice(60))}`, () => {
      assert.throws(() => parseSums(text), /line/)
    })
})
