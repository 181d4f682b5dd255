/** The code on paper: what is printed reads back, and a fixed seed always leads to the same key. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  formatRecoveryCode,
  parseRecoveryCode,
  recoveryPrivateKey,
} from '../../../daemon/src/keystore/recovery-code.ts'
import { Secret } from '../../../daemon/src/problem.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.split('')
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes))

describe('recovery code', () => {
  it('has 14 groups of 4, and reads back whatever the case and the spaces', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const code = formatRecoveryCode(seed).reveal()
        assert.match(code, /^(?:[0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}$/)
        assert.deepEqual(parseRecoveryCode(new Secret(code)), seed)
        assert.deepEqual(
          parseRecoveryCode(
            new Secret(code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')),
          ),
          seed,
        )
      }),
    )
  })

  it('notices a mistyped character', () => {
    fc.assert(
      fc.property(seeds, fc.nat(55), fc.constantFrom(...alphabet), (seed, at, other) => {
        const text = formatRecoveryCode(seed).reveal().replaceAll('-', '')
        fc.pre(text[at] !== other)
        const typed = text.slice(0, at) + other + text.slice(at + 1)
        assert.throws(() => parseRecoveryCode(new Secret(typed)), { code: 'recovery_code_invalid' })
      }),
      { numRuns: 1_000 },
    )
  })

  it('leads to the key of the frozen vector', () => {
    const seed = Buffer.from(Array.from({ length: 32 }, (_, at) => at))
    const key = recoveryPrivateKey(seed, '00000000-0000-4000-8000-000000000000')
    assert.deepEqual(
      [formatRecoveryCode(seed).reveal(), key.d],
      [
        '000G-40R4-0M30-E209-185G-R38E-1W81-24GK-2GAH-C5RR-34D1-P70X-3RFG-2XAC',
        'jKXzo8rS3w8njunwHF5DPPX0p_-bb9OyBZ_BA4eSlXA',
      ],
    )
  })
})
