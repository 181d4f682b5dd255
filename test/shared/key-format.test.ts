/** The key value: what is written reads back, and a typo is noticed before anybody is asked. */
import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import {
  base62,
  checksumOf,
  couldHoldSecret,
  formatKeyValue,
  keyValueInText,
  maskKeyValue,
  parseKeyPair,
  parseKeyValue,
} from '@postern/shared'

const base62Text = (length: number) =>
  fc.string({ unit: fc.constantFrom(...base62.split('')), minLength: length, maxLength: length })
const parts = fc.tuple(base62Text(8), base62Text(43)).map(([keyId, secret]) => ({ keyId, secret }))

describe('key format', () => {
  it('reads back as a value and as a pair', () => {
    fc.assert(
      fc.property(parts, (drawn) => {
        const value = formatKeyValue(drawn)
        assert.match(value, /^postern_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/)
        assert.deepEqual(parseKeyValue(value), drawn)
        assert.deepEqual(parseKeyPair(drawn.keyId, value.slice(-49)), drawn)
        assert.deepEqual(parseKeyPair(drawn.keyId, value), drawn)
        assert.deepEqual(`a ${value}, b`.match(keyValueInText), [value])
      }),
    )
  })

  it('the checksum is CRC-32 of id and secret in base62 with digits first, as zlib counts it', () => {
    fc.assert(
      fc.property(parts, ({ keyId, secret }) => {
        let rest = crc32(keyId + secret)
        let text = ''
        while (text.length < 6) {
          text = `${base62[rest % 62]}${text}`
          rest = Math.floor(rest / 62)
        }
        assert.equal(checksumOf({ keyId, secret }), text)
      }),
    )
  })

  it('is frozen: this value stays valid for ever', () => {
    const frozen = { keyId: 'ab12cd34', secret: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg' }
    assert.equal(formatKeyValue(frozen), `postern_ab12cd34_${frozen.secret}${checksumOf(frozen)}`)
    assert.equal(checksumOf(frozen), '0MyYvd')
    // CRC-32 0x2a95ee6d, found so that the checksum starts with the padding.
    const padded = { keyId: 'ab12cd34', secret: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZaL6e6D1' }
    assert.equal(crc32(padded.keyId + padded.secret), 0x2a95ee6d)
    assert.equal(checksumOf(padded), '0mLq17')
    assert.equal(maskKeyValue('ab12cd34', 'wxyz'), 'postern_ab12cd34_…wxyz')
  })

  it('one character changed is no key', () => {
    fc.assert(
      fc.property(parts, fc.nat(65), base62Text(1), (drawn, at, other) => {
        const value = formatKeyValue(drawn)
        fc.pre(value[at] !== other)
        assert.equal(parseKeyValue(value.slice(0, at) + other + value.slice(at + 1)), null)
      }),
    )
  })

  it('the secret of a key is told as one wherever it stands; ids of calls are not', () => {
    fc.assert(fc.property(parts, (drawn) => assert.ok(couldHoldSecret(`x.${formatKeyValue(drawn).slice(-49)}.y`))))
    for (const id of [
      '0af7651916cd43dd8448eb211c80319c',
      '01890a5d-ac96-774b-bcce-b302099a8057',
      'Robot.of-Accounts_7',
    ])
      assert.equal(couldHoldSecret(id), false, id)
  })

  it('nothing else is one either', () => {
    fc.assert(fc.property(fc.string(), (text) => assert.equal(parseKeyValue(text), null)))
    assert.throws(() => formatKeyValue({ keyId: 'short', secret: '' }), RangeError)
    assert.equal(parseKeyPair('ab12cd34', 'short'), null)
    const value = formatKeyValue({ keyId: 'ab12cd34', secret: 's'.repeat(43) })
    assert.deepEqual([parseKeyPair('other123', value), parseKeyPair('', value)], [null, null])
  })
})
