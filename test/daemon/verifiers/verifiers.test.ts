/** Verifiers: worked out once by hand with other tools, so that what is kept today is what is checked in ten years. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { digestOf, drawnVerifier, importedVerifier, isSameVerifier } from '../../../daemon/src/verifiers/verifiers.ts'

describe('verifiers', () => {
  it('a drawn one is SHA-256 over id and secret', () => {
    const byHand = createHash('sha256').update('AAAAAAAAsecret').digest('base64url')
    assert.equal(drawnVerifier('AAAAAAAA', 'secret'), byHand)
  })

  it('an imported one is HMAC-SHA-256 under the pepper of the SHA-256 of the value', () => {
    // printf %s an-older-value-0001 | openssl dgst -sha256 -binary | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…
    const pepper = Buffer.alloc(32, 7).toString('base64url')
    assert.equal(
      Buffer.from(importedVerifier(pepper, digestOf('an-older-value-0001')), 'base64url').toString('hex'),
      '4e660cb637c6e18cc7b572b2b1a0bb68461fdc40dbd9c0b0ea543cbdd4b72b06',
    )
  })

  it('two are the same only when every bit is', () => {
    const one = drawnVerifier('a', 'b')
    assert.ok(isSameVerifier(one, one))
    for (const other of ['', one.slice(0, 40), drawnVerifier('a', 'c')]) assert.ok(!isSameVerifier(one, other))
  })
})
