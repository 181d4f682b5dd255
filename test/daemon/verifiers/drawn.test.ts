/** Verifiers of drawn secrets: worked out once by hand with other tools, so that what is kept today is what is checked in ten years. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { drawnVerifier, isSameVerifier } from '../../../daemon/src/verifiers/drawn.ts'

describe('verifiers of drawn secrets', () => {
  it('a drawn one is SHA-256 over id and secret', () => {
    const byHand = createHash('sha256').update('AAAAAAAAsecret').digest('base64url')
    assert.equal(drawnVerifier('AAAAAAAA', 'secret'), byHand)
  })

  it('two are the same only when every bit is', () => {
    const one = drawnVerifier('a', 'b')
    assert.ok(isSameVerifier(one, one))
    for (const other of ['', one.slice(0, 40), drawnVerifier('a', 'c')]) assert.ok(!isSameVerifier(one, other))
  })
})
