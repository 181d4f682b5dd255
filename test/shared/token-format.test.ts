/** The form of an admin token: it reads back, is known in running text, and is never taken for a key, nor a key for it. */
import assert from 'node:assert/strict'
import {
  adminTokenInText,
  adminTokenLength,
  base62,
  formatAdminToken,
  keyValueInText,
  maskAdminToken,
  parseAdminToken,
  parseKeyValue,
} from '@postern/shared'
import fc from 'fast-check'

const digit = fc.constantFrom(...base62.split(''))
const text = (length: number) => fc.array(digit, { minLength: length, maxLength: length }).map((all) => all.join(''))
const parts = fc.record({ tokenId: text(12).map((id) => `at_${id}`), secret: text(43) })

describe('the form of an admin token', () => {
  it('what is written reads back, has its length, and is known in running text as itself alone', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const value = formatAdminToken(given)
        assert.deepEqual(parseAdminToken(value), { ...given })
        assert.equal(value.length, adminTokenLength)
        assert.deepEqual(
          [...`a="${value}";`.matchAll(adminTokenInText)].map(([found]) => found),
          [value],
        )
        assert.equal(value.search(keyValueInText), -1)
        assert.equal(parseKeyValue(value), null)
      }),
    )
  })

  it('one changed character is no token: a typing error needs no database to be seen', () => {
    fc.assert(
      fc.property(parts, fc.nat({ max: adminTokenLength - 1 }), digit, (given, at, other) => {
        const value = formatAdminToken(given)
        if (value[at] === other) return
        assert.equal(parseAdminToken(value.slice(0, at) + other + value.slice(at + 1)), null)
      }),
    )
  })

  it('what has another shape is no token, and cannot be written', () => {
    const value = formatAdminToken({ tokenId: 'at_000000000000', secret: 'x'.repeat(43) })
    for (const wrong of ['', ` ${value}`, `${value} `, value.toUpperCase(), value.slice(1), `${value}0`])
      assert.equal(parseAdminToken(wrong), null)
    for (const wrong of [
      { tokenId: '000000000000', secret: 'x'.repeat(43) },
      { tokenId: 'at_000000000000', secret: 'x'.repeat(42) },
      { tokenId: 'at_00000000000-', secret: 'x'.repeat(43) },
    ])
      assert.throws(() => formatAdminToken(wrong), RangeError)
  })

  it('its mask shows the id and the last four characters', () => {
    assert.equal(maskAdminToken('at_0123456789ab', 'wxyz'), 'posternadm_0123456789ab_…wxyz')
  })
})
