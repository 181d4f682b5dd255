/** A receipt is good once, for half a minute, for the same key, method and path; anything else is as good as none. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createReceipts } from '../../../daemon/src/limits/receipts.ts'

const nowMs = Date.parse('2026-11-21T12:00:00.000Z')
const call = { keyId: 'abcd1234', method: 'GET', path: '/erp/x' }

describe('receipts', () => {
  it('is good once', () => {
    const receipts = createReceipts()
    const receipt = receipts.issue(call, nowMs)
    assert.match(receipt, /^[\x21-\x7e]{1,100}$/)
    assert.equal(receipts.redeem(receipt, call, nowMs), true)
    assert.equal(receipts.redeem(receipt, call, nowMs), false)
    assert.equal(receipts.redeem(receipts.issue(call, nowMs), call, nowMs + 29_999), true)
  })

  it('is not good late, early, for another call, or after a restart', () => {
    const receipts = createReceipts()
    const refused = (receipt: string, asked = call, atMs = nowMs): void =>
      assert.equal(receipts.redeem(receipt, asked, atMs), false)
    refused(receipts.issue(call, nowMs), call, nowMs + 30_000)
    refused(receipts.issue(call, nowMs), call, nowMs - 1)
    refused(receipts.issue(call, nowMs), { ...call, keyId: 'abcd1235' })
    refused(receipts.issue(call, nowMs), { ...call, method: 'HEAD' })
    refused(receipts.issue(call, nowMs), { ...call, path: '/erp/y' })
    refused(createReceipts().issue(call, nowMs))
  })

  it('nothing but what was issued is honoured', () => {
    const receipts = createReceipts()
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 33, max: 126 }), fc.string(), (at, code, other) => {
        const receipt = receipts.issue(call, nowMs)
        const place = at % receipt.length
        const forged = receipt.slice(0, place) + String.fromCharCode(code) + receipt.slice(place + 1)
        // The last character of a base64url text of 32 bytes has two bits that say nothing.
        if (forged !== receipt && place < receipt.length - 1)
          assert.equal(receipts.redeem(forged, call, nowMs), false, forged)
        assert.equal(receipts.redeem(other, call, nowMs), false)
        assert.equal(receipts.redeem(receipt, call, nowMs), true)
      }),
    )
  })

  it('memory is bounded: past the bound none is honoured, until old ones have ended', () => {
    const receipts = createReceipts(3)
    const issue = (atMs: number) => receipts.issue(call, atMs)
    for (let each = 0; each < 3; each++) assert.equal(receipts.redeem(issue(nowMs), call, nowMs), true)
    assert.equal(receipts.redeem(issue(nowMs), call, nowMs), false)
    const laterMs = nowMs + 30_000
    assert.equal(receipts.redeem(issue(laterMs), call, laterMs), true)
  })
})
