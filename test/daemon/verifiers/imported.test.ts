/** Verifiers of values from elsewhere: worked out once with other tools, so that what is kept today is checked in ten years. */
import assert from 'node:assert/strict'
import { importedVerifier, sha256Of } from '../../../daemon/src/verifiers/imported.ts'

describe('verifiers of values from elsewhere', () => {
  it('are HMAC-SHA-256 under the pepper of the SHA-256 of the value', () => {
    // printf %s an-older-value-0001 | openssl dgst -sha256 -binary | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…
    const verifier = importedVerifier(Buffer.alloc(32, 7), sha256Of('an-older-value-0001'))
    assert.equal(verifier.toString('hex'), '4e660cb637c6e18cc7b572b2b1a0bb68461fdc40dbd9c0b0ea543cbdd4b72b06')
  })
})
