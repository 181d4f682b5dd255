/** An endpoint as it stands in the form. */
import assert from 'node:assert/strict'
import { bodyOf, draftOf, hasCallers } from '../../../../desktop/src/renderer/records/endpoint-draft.ts'
import { someEndpoints } from '../../../support/gallery/records.ts'
import { bodiesOf, changesOf } from '../../../../desktop/src/renderer/records/kinds.ts'

describe('console: an endpoint in the form', () => {
  const [endpoint] = someEndpoints
  assert.ok(endpoint)
  const deprecation = {
    since: '2026-09-01T00:00:00.000Z',
    sunset: '2027-03-01T12:30:00.000Z',
    link: 'https://a.example',
  }

  it('untouched it changes nothing, deprecated or not', () => {
    for (const each of [endpoint, { ...endpoint, deprecation, query_parameter: 'api_key', principal: true }])
      assert.deepEqual(changesOf(bodiesOf.endpoints(each), bodyOf(draftOf(each, ''))), {})
  })
  it('a day that begins at midnight is shown as a date; a date that is typed is that midnight', () => {
    const draft = draftOf({ ...endpoint, deprecation }, '')
    assert.equal(draft.deprecation.since, '2026-09-01')
    assert.equal(draft.deprecation.sunset, deprecation.sunset)
    const typed = bodyOf({ ...draft, deprecation: { told: true, since: ' 2027-01-31 ', sunset: '', link: ' ' } })
    assert.deepEqual(typed.deprecation, { since: '2027-01-31T00:00:00.000Z', sunset: null, link: null })
  })
  it('unticked, nothing of a deprecation is sent, whatever stands in its fields', () => {
    const draft = draftOf({ ...endpoint, deprecation }, '')
    assert.equal(bodyOf({ ...draft, deprecation: { ...draft.deprecation, told: false } }).deprecation, null)
  })
  it('what most endpoints leave as it is stays folded away', () => {
    const plain = draftOf(null, '')
    assert.equal(hasCallers(plain), false)
    assert.equal(hasCallers({ ...plain, query_parameter: 'key' }), true)
    assert.equal(hasCallers({ ...plain, principal: true }), true)
    assert.equal(hasCallers(draftOf({ ...endpoint, deprecation }, '')), true)
  })
})
