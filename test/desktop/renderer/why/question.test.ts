/** A call that is asked about. */
import assert from 'node:assert/strict'
import type { KeyCall } from '@postern/shared'
import {
  canAskAgain,
  emptyQuestion,
  isCut,
  questionOf,
  questionOfCall,
  requestOf,
} from '../../../../desktop/src/renderer/why/question.ts'

const zone = 'Europe/Berlin'
const call: KeyCall = {
  at: '2026-11-21T16:05:09.250Z',
  request_id: 'r-1',
  address: '10.0.3.7',
  asked_by_proxy: false,
  method: 'GET',
  endpoint: null,
  path: '/erp/orders',
  outcome: 'insufficient_scope',
  secret: null,
}

describe('console: the question why a call was refused', () => {
  it('what is not said is not sent: no key, no address, now', () => {
    assert.deepEqual(requestOf(emptyQuestion, null, zone), { method: 'GET', path: '/' })
    assert.deepEqual(requestOf({ ...emptyQuestion, address: ' ', path: ' /a ' }, 'k1', zone), {
      key: 'k1',
      method: 'GET',
      path: '/a',
    })
  })
  it('of a call that has been, it is that call, to the second', () => {
    assert.deepEqual(requestOf(questionOf({ ...call, path: '/erp/orders' }, zone), 'k1', zone), {
      key: 'k1',
      method: 'GET',
      path: '/erp/orders',
      address: '10.0.3.7',
      at: '2026-11-21T16:05:09.000Z',
    })
  })
  it('a call that a proxy asked about is judged as one', () => {
    assert.equal(requestOf(questionOfCall({ ...call, asked_by_proxy: true }, zone), 'k1', zone).forward_auth, true)
  })
  it('where only the pattern of the path is known, an example stands for the rest of it', () => {
    const of = (pattern: string | null): string =>
      questionOfCall({ ...call, path: null, endpoint: { id: 'ep_1', pattern } }, zone).path
    assert.deepEqual([of('/orders/{id}/lines'), of('/files/{rest*}'), of(null)], ['/orders/1/lines', '/files/', '/'])
  })
  it('the address of a proxy that does not say for whom it calls is nobody’s; the host is that of the call', () => {
    const asked = questionOf({ ...call, path: '/a', host: 'erp.example', caller_known: false }, zone)
    assert.equal(asked.address, '')
    assert.equal(requestOf(asked, 'k1', zone).host, 'erp.example')
  })
  it('what has long parts left out is no call that can be asked about', () => {
    assert.deepEqual([isCut({ path: '/a/…', host: '' }), isCut({ path: '/a', host: '' })], [true, false])
  })
  it('a refusal that came before the key was known cannot be asked about once more', () => {
    const key = { id: 'k1', name: 'x' }
    const can = (
      ...[rule, of, reason]: [Parameters<typeof canAskAgain>[0]['rule'], typeof key | null, KeyCall['outcome']]
    ) => reason !== 'allow' && canAskAgain({ rule, key: of, reason })
    assert.deepEqual(
      [
        can('limits', key, 'rate_limited'),
        can('credential_given', null, 'credential_missing'),
        can('credential_known', null, 'credential_invalid'),
        can('credential_form', null, 'credential_malformed'),
        can(null, key, 'forbidden'),
      ],
      [true, true, false, false, false],
    )
  })
})
