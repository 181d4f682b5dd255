/** Ways to present a key besides the usual ones, and whose word about the caller is taken: through a real listener. */
import assert from 'node:assert/strict'
import { compileNetworks } from '../../daemon/src/addresses/networks.ts'
import type { Document } from '../../daemon/src/document/document.ts'
import { makeDocument, makeEndpoint, makeKey } from '../support/access-document.ts'
import { startGatewayBed, type GatewayBed } from '../support/gateway-bed.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'

const key = makeKey({ addresses: { allow: ['198.51.100.0/24'], deny: [] } })
const anywhere = makeKey()

describe('ways to present a key', () => {
  let upstream: FakeUpstream
  let bed: GatewayBed
  const withHeader = (document: Document, credentialHeader: string | null): Document => ({
    ...document,
    settings: { ...document.settings, credentialHeader },
  })
  before(async () => {
    upstream = await startUpstream()
    const document = makeDocument({
      keys: [key, anywhere],
      endpoints: [makeEndpoint('GET', '/orders', { upstream: `${upstream.origin}/orders`, queryParameter: 'apikey' })],
    })
    bed = await startGatewayBed(withHeader(document, 'ocp-apim-subscription-key'), {
      isProxy: (address) => compileNetworks(['127.0.0.1']).has(address),
    })
  })
  after(async () => {
    await bed.stop()
    await upstream.close()
  })
  const call = (path: string, headers: Record<string, string>): Promise<Response> => fetch(bed.url + path, { headers })
  const from = (address: string) => ({ 'x-forwarded-for': address })

  it('the site’s own header carries a key, which no upstream sees, in whichever way its name is written', async () => {
    const answer = await call('/orders', {
      'Ocp-Apim-Subscription-Key': anywhere.value,
      ocp_apim_subscription_key: 'forged',
    })
    assert.equal(answer.status, 200)
    const seen = upstream.received.at(-1)
    assert.deepEqual(
      Object.keys(seen?.headers ?? {}).filter((name) => name.includes('apim')),
      [],
    )
    assert.equal(JSON.stringify(seen).includes(anywhere.value), false)
  })

  it('beside another credential it is one too many', async () => {
    const answer = await call('/orders', { 'Ocp-Apim-Subscription-Key': anywhere.value, 'x-api-key': anywhere.value })
    assert.equal(answer.status, 400)
    assert.equal(((await answer.json()) as { code: string }).code, 'credential_malformed')
  })

  it('in the query, where the endpoint says so, and the query goes on without it', async () => {
    const answer = await call(`/orders?page=2&apikey=${anywhere.value}&size=5`, {})
    assert.equal(answer.status, 200)
    assert.equal(upstream.received.at(-1)?.url, '/orders?page=2&size=5')
    assert.equal(
      bed.records.every((record) => !JSON.stringify(record).includes(anywhere.value)),
      true,
    )
  })

  it('an address list is judged by what a trusted proxy says of its caller, and its upstream is told the same', async () => {
    const bearer = { authorization: `Bearer ${key.value}` }
    assert.equal((await call('/orders', { ...bearer, ...from('6.6.6.6, 198.51.100.9') })).status, 200)
    assert.equal(upstream.received.at(-1)?.headers['x-forwarded-for'], '198.51.100.9, 127.0.0.1')
    assert.equal(bed.records.at(-1)?.callerAddress, '198.51.100.9')
    assert.equal((await call('/orders', { ...bearer, ...from('198.51.100.9, 203.0.113.1') })).status, 403)
    assert.equal(bed.records.at(-1)?.rule, 'key_addresses')
    assert.equal((await call('/orders', bearer)).status, 403)
    assert.equal((await call('/orders', { ...bearer, ...from('198.51.100.9, nonsense') })).status, 400)
  })

  it('a proxy that only asks is believed about its caller as well', async () => {
    const asked = {
      authorization: `Bearer ${key.value}`,
      'x-forwarded-method': 'GET',
      'x-forwarded-uri': '/orders',
      'x-forwarded-host': 'gw',
    }
    assert.equal((await call('/authz/forward-auth', { ...asked, ...from('198.51.100.9') })).status, 200)
    assert.equal(bed.records.at(-1)?.askedByProxy, false)
    assert.equal((await call('/authz/forward-auth', { ...asked, ...from('203.0.113.1') })).status, 403)
    assert.equal((await call('/authz/forward-auth', asked)).status, 403)
  })
})
