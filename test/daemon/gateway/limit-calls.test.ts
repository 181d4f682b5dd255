/** Limits and guessing at the gateway: what callers are told, what is counted once, and what is recorded. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { PolicyRecord } from '../../../daemon/src/document/document.ts'
import { importedVerifier, sha256Of } from '../../../daemon/src/verifiers/imported.ts'
import { makeClient, makeDocument, makeEndpoint, makeKey, makePolicy } from '../../support/access-document.ts'
import { bearer, call } from '../../support/call.ts'
import { startUpstream, type FakeUpstream } from '../../support/fake-upstream.ts'
import { startGatewayBed, type GatewayBed } from '../../support/gateway-bed.ts'
import { rawCaller } from '../../support/raw-caller.ts'

describe('limits at the gateway', () => {
  const key = makeKey({ policies: ['po_small'] })
  const free = makeKey()
  const honey = makeKey({ honey: { blockSeconds: 0 } })
  let bed: GatewayBed
  let upstream: FakeUpstream
  let waiting: ServerResponse[]
  const publish = (policy: Partial<PolicyRecord> | null, perMinute = 30): void => {
    const document = makeDocument({
      keys: [key, free, honey],
      clients: [makeClient()],
      endpoints: [makeEndpoint('ANY', '/erp/{rest*}', { upstream: `${upstream.origin}/{rest*}`, bodyBytesMax: 3 })],
      policies: policy === null ? [] : [makePolicy(policy)],
    })
    bed.publish({ ...document, settings: { ...document.settings, wrongCredentialsPerMinute: perMinute } })
  }
  const get = (path = '/erp/x', headers: Record<string, string> = {}, value = key.value) =>
    call(`${bed.url}${path}`, { headers: { ...bearer(value), ...headers } })
  const forward = (headers: Record<string, string> = {}, value = key.value, path = '/erp/x') =>
    get('/authz/forward-auth', { 'x-forwarded-method': 'GET', 'x-forwarded-uri': path, ...headers }, value)
  const nginx = () => get('/authz/auth-request', { 'x-original-method': 'GET', 'x-original-uri': '/erp/x' })
  const outcomes = (): string[] => bed.records.splice(0).map(({ outcome }) => outcome)

  beforeEach(async () => {
    waiting = []
    upstream = await startUpstream((request, response) => {
      if (request.url === '/wait') waiting.push(response)
      else response.writeHead(200, { ratelimit: '"theirs";r=7', 'ratelimit-policy': '"theirs";q=8' }).end('ok')
    })
    bed = await startGatewayBed(makeDocument({}))
  })
  afterEach(async () => {
    await bed.stop()
    await upstream.close()
  })

  it('allowed and refused calls say what is left; the upstream’s own words stay beside ours', async () => {
    publish({})
    const first = await get()
    assert.equal(first.headers['ratelimit-policy'], '"theirs";q=8, "Small/minute";q=2;w=60')
    assert.equal(first.headers['ratelimit'], '"theirs";r=7, "Small/minute";r=1;t=60')
    bed.clock.nowMs += 20_500
    assert.equal((await get()).headers['ratelimit'], '"theirs";r=7, "Small/minute";r=0;t=40')
    const refused = await get()
    assert.equal(refused.status, 429)
    const { code, 'violated-policies': violated } = refused.problem() as unknown as Record<string, unknown>
    assert.deepEqual([code, violated], ['rate_limited', ['Small/minute']])
    assert.deepEqual(
      [refused.headers['retry-after'], refused.headers['ratelimit'], refused.headers['ratelimit-policy']],
      ['40', '"Small/minute";r=0;t=40', '"Small/minute";q=2;w=60'],
    )
    assert.equal(upstream.received.length, 2)
    bed.clock.nowMs += 39_500
    assert.equal((await get()).status, 200)
    const last = bed.records.at(-2)
    assert.deepEqual([last?.outcome, last?.rule, last?.keyId], ['rate_limited', 'limits', key.record.id])
    const other = await get('/erp/x', {}, free.value)
    assert.deepEqual([other.headers['ratelimit'], other.headers['ratelimit-policy']], ['"theirs";r=7', '"theirs";q=8'])
  })

  it('a used-up day is a quota, and a call that fails on its way says what is left too', async () => {
    publish({ windows: [{ per: 'day', calls: 1 }] })
    const tooLarge = await call(`${bed.url}/erp/x`, { method: 'POST', headers: bearer(key.value), body: '12345' })
    assert.deepEqual([tooLarge.status, tooLarge.headers['ratelimit']], [413, '"Small/day";r=0;t=86400'])
    const refused = await get()
    assert.deepEqual([refused.status, refused.problem().code], [429, 'quota_exceeded'])
    assert.equal(refused.headers['retry-after'], '86400')
    assert.deepEqual(outcomes(), ['allow', 'quota_exceeded'])
  })

  it('a call that was refused before its limits is not taken from them', async () => {
    publish({})
    assert.equal((await get('/none')).status, 404)
    assert.equal((await get('/none')).status, 404)
    assert.match(String((await get()).headers['ratelimit']), /"Small\/minute";r=1/)
  })

  it('a key under a policy that is not there is refused', async () => {
    publish(null)
    const refused = await get()
    assert.deepEqual(
      [refused.status, refused.problem().code, refused.headers['retry-after']],
      [429, 'rate_limited', '10'],
    )
    assert.equal((await get('/erp/x', {}, free.value)).status, 200)
  })

  it('a place under way is given back when the answer is out, when the caller goes, and when it never came so far', async () => {
    publish({ windows: [], concurrent: 2 })
    const wait = (): ReturnType<typeof rawCaller> => {
      const caller = rawCaller(bed.url)
      caller.send(`GET /erp/wait HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key.value}\r\n\r\n`)
      return caller
    }
    const until = async (what: string, done: () => Promise<boolean> | boolean): Promise<void> => {
      const deadline = Date.now() + 5_000
      while (!(await done())) {
        if (Date.now() > deadline) assert.fail(what)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
    const left = async (): Promise<string> => String((await get()).headers['ratelimit'])
    const [one, other] = [wait(), wait()]
    await until('both are under way', () => waiting.length === 2)
    const refused = await get()
    assert.deepEqual(
      [refused.status, refused.problem().code, refused.headers['retry-after']],
      [429, 'rate_limited', '1'],
    )
    assert.deepEqual(
      [refused.headers['ratelimit'], refused.headers['ratelimit-policy']],
      ['"Small/concurrent";r=0', '"Small/concurrent";q=2;qu="concurrent-requests"'],
    )
    assert.equal((await forward()).status, 200, 'who only asks takes no place')
    waiting[0]?.end('done')
    await until('an answer gives its place back', async () => (await left()).endsWith('"Small/concurrent";r=0'))
    one.destroy()
    other.destroy()
    await until('who goes gives it back', async () => (await left()).endsWith('"Small/concurrent";r=1'))
    for (let each = 0; each < 10; each++)
      await call(`${bed.url}/erp/x`, { method: 'POST', headers: bearer(key.value), body: '12345' })
    assert.ok((await left()).endsWith('"Small/concurrent";r=1'))
    // One behind another on the same connection, which ends before the first is answered.
    const pipelined = rawCaller(bed.url)
    const line = `GET /erp/wait HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key.value}\r\n\r\n`
    const before = waiting.length
    pipelined.send(line + line)
    await until('it is under way', () => waiting.length > before)
    pipelined.destroy()
    await until('both places are given back', async () => (await left()).endsWith('"Small/concurrent";r=1'))
  })

  it('who only asks for a proxy is taken from the limits, and told like a caller', async () => {
    publish({})
    const allowed = await forward()
    assert.equal(allowed.headers['ratelimit'], '"Small/minute";r=1;t=60')
    assert.equal((await nginx()).headers['ratelimit'], '"Small/minute";r=0;t=60')
    const refused = await forward()
    assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '60'])
    const { status, headers } = await nginx()
    assert.deepEqual(
      [status, headers['x-postern-status'], headers['x-postern-code'], headers['x-postern-retry-after']],
      [403, '429', 'rate_limited', '60'],
    )
    assert.deepEqual([headers['ratelimit'], headers['x-postern-receipt']], ['"Small/minute";r=0;t=60', undefined])
  })

  it('a call with a receipt is not counted again, once; a forged, used, late or foreign one is not honoured', async () => {
    publish({ windows: [{ per: 'hour', calls: 3 }] })
    const receiptOf = async (value = key.value): Promise<string> =>
      String((await forward({}, value)).headers['x-postern-receipt'])
    const leftAfter = async (receipt: string, path?: string): Promise<string> =>
      /"Small\/hour";r=(\d)/.exec(
        String((await get(path, { 'x-postern-receipt': receipt })).headers['ratelimit']),
      )?.[1] ?? ''
    const receipt = await receiptOf()
    assert.equal(await leftAfter(receipt), '2')
    assert.deepEqual(
      bed.records.map(({ outcome, countedBefore }) => [outcome, countedBefore]),
      [
        ['allow', false],
        ['allow', true],
      ],
    )
    assert.ok(upstream.received.every(({ headers }) => headers['x-postern-receipt'] === undefined))
    assert.equal(await leftAfter(receipt), '1', 'used')
    assert.equal(await leftAfter(await receiptOf(free.value)), '0', 'of another key')
    assert.equal((await get('/erp/x', { 'x-postern-receipt': 'forged' })).status, 429)
    bed.clock.nowMs += 3_600_000
    const late = await receiptOf()
    bed.clock.nowMs += 30_000
    assert.equal(await leftAfter(late), '1')
    bed.clock.nowMs += 3_600_000
    assert.equal(await leftAfter(await receiptOf(), '/erp/y'), '1', 'of another path')
  })

  it('a receipt does not spare a call its place under way', async () => {
    publish({ windows: [], concurrent: 1 })
    const caller = rawCaller(bed.url)
    caller.send(`GET /erp/wait HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key.value}\r\n\r\n`)
    const deadline = Date.now() + 5_000
    while (waiting.length === 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5))
    const receipt = String((await forward()).headers['x-postern-receipt'])
    assert.equal((await get('/erp/x', { 'x-postern-receipt': receipt })).status, 429)
    caller.destroy()
  })

  it('too many wrong credentials are told to wait on every door, and a good key always passes', async () => {
    publish({ windows: [{ per: 'month', calls: 99 }] }, 4)
    for (const path of ['/erp/x', '/.postern/self', '/none', '/exports/changes'])
      assert.equal((await get(path, {}, 'wrong')).status, 401, path)
    for (const path of ['/erp/x', '/.postern/self', '/authz/nothing', '/exports/changes']) {
      const { status, headers, problem } = await get(path, {}, 'wrong')
      assert.deepEqual([status, problem().code, headers['retry-after']], [429, 'rate_limited', '15'], path)
      assert.equal(headers['ratelimit'], undefined)
    }
    assert.equal((await forward({}, 'wrong')).status, 429)
    assert.equal((await get()).status, 200)
    assert.equal((await call(`${bed.url}/erp/x`)).status, 401, 'no credential is no guess')
    assert.deepEqual(
      bed.records.map(({ outcome, rule, keyId }) => `${outcome} ${rule ?? ''} ${keyId ?? ''}`.trim()).slice(3, 6),
      ['credential_invalid credential_known', 'rate_limited credential_known', 'rate_limited credential_known'],
    )
    bed.clock.nowMs += 15_000
    assert.equal((await get('/erp/x', {}, 'wrong')).status, 401)
    assert.equal((await get('/erp/x', {}, 'wrong')).status, 429)
  })

  it('a key of which somebody guesses the secret goes on to pass, and an unknown one gets the same bytes', async () => {
    publish({}, 3)
    const wrong = makeKey({ id: free.record.id }).value
    const unknown = makeKey().value
    const said = async (value: string, address: string) => {
      const { status, body, headers } = await get(
        '/erp/x',
        { 'x-request-id': 'same', 'x-forwarded-for': address },
        value,
      )
      return JSON.stringify([status, body, { ...headers, date: '' }])
    }
    const answers = async (value: string, network: number): Promise<string[]> => {
      const all: string[] = []
      for (let each = 0; each < 5; each++) all.push(await said(value, `10.${network}.${each}.1`))
      return all
    }
    await bed.stop()
    bed = await startGatewayBed(makeDocument({}), { isProxy: (address) => address === '127.0.0.1' })
    publish({}, 3)
    const ofWrong = await answers(wrong, 1)
    assert.deepEqual(ofWrong, await answers(unknown, 2))
    assert.equal(new Set(ofWrong).size, 2, 'three refused, two told to wait')
    assert.match(await said(free.value, '10.1.0.1'), /^\[200/)
  })

  it('a value from elsewhere, which may be weak, is not even looked up while its network guesses', async () => {
    const pepper = randomBytes(32)
    const value = 'their-own-key'
    const verifier = importedVerifier(pepper, sha256Of(value)).toString('base64url')
    const secrets = key.record.secrets.map((secret) => ({ ...secret, origin: 'imported' as const, verifier }))
    const document = makeDocument({ keys: [{ ...free.record, secrets }, key], endpoints: [makeEndpoint('GET', '/x')] })
    const { settings } = document
    const importPepper = pepper.toString('base64url')
    bed.publish({ ...document, settings: { ...settings, importPepper, wrongCredentialsPerMinute: 2 } })
    assert.equal((await get('/.postern/self', {}, value)).status, 200)
    for (let each = 0; each < 2; each++) assert.equal((await get('/.postern/self', {}, 'wrong')).status, 401)
    assert.equal((await get('/.postern/self', {}, value)).status, 429)
    bed.clock.nowMs += 30_000
    assert.equal((await get('/.postern/self', {}, value)).status, 200)
  })

  it('a trap springs though too many have guessed, and who presents it is told what everybody is told', async () => {
    publish({}, 1)
    const ask = async (value: string) => {
      const { status, body, headers } = await get('/erp/x', { 'x-request-id': 'same' }, value)
      return JSON.stringify([status, body, { ...headers, date: '' }])
    }
    await ask('wrong')
    const other = await ask(makeKey().value)
    assert.match(other, /^\[429/)
    assert.equal(await ask(honey.value), other)
    const { outcome, keyId } = bed.records.at(-1) ?? assert.fail()
    assert.deepEqual([outcome, keyId], ['credential_invalid', honey.record.id])
  })
})
