/** A deprecated endpoint says so with every answer: forwarded, refused after the match, or failed on its way. */
import assert from 'node:assert/strict'
import { makeCollection, makeDocument, makeEndpoint, makeKey } from '../support/access-document.ts'
import { bearer, call, type Answered } from '../support/call.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { startGatewayBed, type GatewayBed } from '../support/gateway-bed.ts'

const key = makeKey()
const narrow = makeKey({ collections: [] })
const whole = {
  since: '2026-03-01T00:00:00.000Z',
  sunset: '2027-03-31T23:59:59.999Z',
  link: 'https://example.com/move',
}

describe('deprecated endpoints', () => {
  let upstream: FakeUpstream
  let bed: GatewayBed

  before(async () => {
    upstream = await startUpstream((_request, response) =>
      response
        .writeHead(200, ['Deprecation', '@1', 'sunset', 'Mon, 01 Jan 2029 00:00:00 GMT', 'Link', '</b>; rel="next"'])
        .end('ok'),
    )
    const at = { upstream: upstream.origin }
    bed = await startGatewayBed(
      makeDocument({
        keys: [key, narrow],
        collections: [makeCollection()],
        endpoints: [
          makeEndpoint('ANY', '/whole', { ...at, deprecation: whole, bodyBytesMax: 3 }),
          makeEndpoint('GET', '/since', { ...at, deprecation: { since: whole.since, sunset: null, link: null } }),
          makeEndpoint('GET', '/dead', { upstream: 'http://127.0.0.1:1', deprecation: whole }),
          makeEndpoint('GET', '/stays', at),
        ],
      }),
    )
  })
  after(async () => {
    await bed.stop()
    await upstream.close()
  })

  const said = ({ headers }: Answered) => [headers['deprecation'], headers['sunset'], headers['link']]
  const ours = ['@1772323200', 'Wed, 31 Mar 2027 23:59:59 GMT', '<https://example.com/move>; rel="deprecation"']
  const ask = (path: string, value = key.value, more: object = {}) =>
    call(bed.url + path, { headers: bearer(value), ...more })

  it('ours stand instead of the upstream’s dates, and beside its links', async () => {
    const answer = await ask('/whole')
    assert.equal(answer.status, 200)
    assert.deepEqual(said(answer), [ours[0], ours[1], `</b>; rel="next", ${ours[2]}`])
  })

  it('what is not set is left to the upstream', async () => {
    assert.deepEqual(said(await ask('/since')), [ours[0], 'Mon, 01 Jan 2029 00:00:00 GMT', '</b>; rel="next"'])
    assert.deepEqual(said(await ask('/stays')), ['@1', 'Mon, 01 Jan 2029 00:00:00 GMT', '</b>; rel="next"'])
  })

  it('refusals after the match say it: not granted, body too large, upstream gone', async () => {
    for (const [answer, status] of [
      [await ask('/whole', narrow.value), 403],
      [await ask('/whole', key.value, { method: 'POST', body: 'large' }), 413],
      [await ask('/dead'), 502],
    ] as const) {
      assert.equal(answer.status, status)
      assert.deepEqual(said(answer), ours)
    }
  })

  it('refusals before the match tell strangers nothing of it', async () => {
    for (const path of ['/whole', '/dead']) {
      const answer = await call(bed.url + path)
      assert.equal(answer.status, 401)
      assert.deepEqual(said(answer), [undefined, undefined, undefined])
    }
  })
})
