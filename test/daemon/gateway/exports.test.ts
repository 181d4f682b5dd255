/** Exports of changes: who may read what, in windows, by cursor, streamed without being held. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { ChangesAsked, ToldChange } from '@postern/shared'
import { makeClient, makeDocument, makeKey } from '../../support/access-document.ts'
import { bearer, call } from '../../support/call.ts'
import { startGatewayBed, type GatewayBed } from '../../support/gateway-bed.ts'

const told = (seq: number): ToldChange => {
  const object = { kind: 'key', id: 'k', name: 'x'.repeat(100) }
  return { seq, change: { seq, at: '', action: 'key.edit', object, client: null, generation: seq } }
}
const dayMs = 86_400_000
interface Export {
  data: { seq: number }[]
  has_more: boolean
  next_cursor: string
}

describe('exports of changes', () => {
  const own = makeKey({ scopes: ['exports:read'] })
  const admin = makeKey({ scopes: ['exports:read'], clientId: 'cl_admin' })
  const bare = makeKey()
  const clients = [makeClient(), makeClient({ id: 'cl_admin', name: 'admin', administrator: true })]
  let bed: GatewayBed
  let asked: ChangesAsked[] = []
  let count = 25
  let given = 0
  /** Readings that have begun and not ended. */
  let under = 0
  before(async () => {
    bed = await startGatewayBed(makeDocument({ keys: [own, admin, bare], clients }), {
      changes: async function* (wanted) {
        asked.push(wanted)
        under += 1
        try {
          for (let seq = wanted.after + 1; seq <= count; seq++) {
            given = seq
            yield told(seq)
          }
        } finally {
          under -= 1
        }
      },
    })
  })
  after(() => bed.stop())
  beforeEach(() => {
    asked = []
    count = 25
  })
  const get = (query = '', value = own.value, method = 'GET') =>
    call(`${bed.url}/exports/changes${query}`, { method, headers: bearer(value) })
  const read = async (query: string): Promise<Export> => {
    const { status, body } = await get(query)
    assert.equal(status, 200, body)
    return JSON.parse(body) as Export
  }

  it('a key reads the changes to its client, an administrator’s those to everybody, one without the scope none', async () => {
    await get()
    await get('', admin.value)
    assert.deepEqual(
      asked.map(({ clientId }) => clientId),
      ['cl_000000000000', null],
    )
    const refused = await get('', bare.value)
    assert.deepEqual([refused.status, refused.problem().code], [403, 'insufficient_scope'])
    assert.match(String(refused.headers['www-authenticate']), /scope="exports:read"/)
    assert.equal((await call(`${bed.url}/exports/changes`)).problem().code, 'credential_missing')
    assert.equal((await get('', own.value, 'POST')).status, 405)
    assert.deepEqual(
      bed.records.map(({ outcome }) => outcome),
      ['allow', 'allow', 'insufficient_scope', 'credential_missing', 'allow'],
    )
  })

  it('the window is the last day unless said, at most a year, and read to the day or the instant', async () => {
    const nowMs = bed.clock.nowMs
    for (const query of [
      '',
      '?from=2026-01-01&to=2026-01-31',
      '?from=2026-01-01T12:00:00%2B02:00&to=2026-01-02T00:00:00.5Z',
    ])
      await get(query)
    assert.deepEqual(
      asked.map(({ fromMs, toMs }) => [fromMs, toMs]),
      [
        [nowMs - dayMs, Infinity],
        [Date.UTC(2026, 0, 1), Date.UTC(2026, 1, 1)],
        [Date.UTC(2026, 0, 1, 10), Date.UTC(2026, 0, 2) + 500],
      ],
    )
  })

  it('what cannot be read is refused with the parameter, the limit and the fix', async () => {
    for (const [query, field] of [
      ['?from=2026-11-31', 'from'],
      ['?from=yesterday', 'from'],
      ['?to=1', 'to'],
      ['?from=2026-02-02&to=2026-02-01T00:00:00Z', 'from'],
      ['?from=2024-01-01&to=2026-01-01', 'from'],
      ['?from=1970-01-01&cursor=c1', 'from'],
      ['?cursor=25', 'cursor'],
      ['?cursor=c-1', 'cursor'],
      ['?limit=0', 'limit'],
      ['?limit=100001', 'limit'],
      ['?limit=1e3', 'limit'],
      ['?limit=1&limit=2', 'limit'],
      ['?since=2026-01-01', 'since'],
    ] as const) {
      const refused = await get(query)
      assert.equal(refused.status, 400, query)
      assert.deepEqual([refused.problem().code, refused.problem().errors?.[0]?.field], ['field_invalid', field], query)
    }
    assert.equal(asked.length, 0)
  })

  it('by cursor everything is read once, in order; at the end the cursor waits for what comes later', async () => {
    const seen: number[] = []
    let page = await read('?limit=10')
    for (;;) {
      seen.push(...page.data.map(({ seq }) => seq))
      if (!page.has_more) break
      page = await read(`?limit=10&cursor=${page.next_cursor}`)
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 25 }, (_, at) => at + 1),
    )
    count = 26
    assert.deepEqual(
      (await read(`?cursor=${page.next_cursor}`)).data.map(({ seq }) => seq),
      [26],
    )
    assert.equal(asked.at(-1)?.fromMs, 0, 'a cursor alone misses nothing, however old it is')
    assert.deepEqual(await read('?limit=25&cursor=c26'), { data: [], has_more: false, next_cursor: 'c26' })
  })

  it('every reading is ended, whatever becomes of the call: HEAD, a limit, a caller who goes away', async () => {
    const gone = (): Promise<void> =>
      new Promise((resolve) => {
        const sent = request(`${bed.url}/exports/changes`, { headers: bearer(own.value) })
        sent.on('error', () => resolve())
        sent.on('close', () => resolve())
        sent.end()
        setImmediate(() => sent.destroy())
      })
    count = 10_000
    assert.equal((await get('', own.value, 'HEAD')).body, '')
    await get('?limit=1')
    for (let more = 0; more < 50; more++) await gone()
    const deadline = Date.now() + 5_000
    const isUnder = (): boolean => under > 0
    while (isUnder() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.equal(under, 0)
  })

  it('a caller who does not read holds the export back; when it goes away the export ends', async () => {
    count = 100_000
    const waiting = request(`${bed.url}/exports/changes?limit=100000`, { headers: bearer(own.value) })
    waiting.end()
    await new Promise<void>((resolve) => waiting.once('response', (response) => (response.pause(), resolve())))
    const settled = async (): Promise<number> => {
      for (let before = -1; before !== given; await new Promise((resolve) => setTimeout(resolve, 50))) before = given
      return given
    }
    assert.ok((await settled()) < 60_000, `${given} were made for a caller who reads nothing`)
    waiting.destroy()
    assert.ok((await settled()) < 61_000, `${given} were made for a caller who is gone`)
    count = 5
    assert.equal((await read('')).data.length, 5)
  })

  it('at most four at once are answered; one that fails from the start is a problem', async () => {
    count = 100_000
    const open = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const sent = request(`${bed.url}/exports/changes?limit=100000`, { headers: bearer(own.value) })
        sent.end()
        sent.on('error', () => undefined)
        await new Promise<void>((resolve) => sent.once('response', (response) => (response.pause(), resolve())))
        return sent
      }),
    )
    const refused = await get()
    assert.deepEqual([refused.status, refused.problem().code, refused.headers['retry-after']], [503, 'overloaded', '5'])
    for (const each of open) each.destroy()
    const failing = await startGatewayBed(makeDocument({ keys: [own] }), {
      // eslint-disable-next-line require-yield
      changes: async function* () {
        throw new Error('the disk is gone')
      },
    })
    const failed = await call(`${failing.url}/exports/changes`, { headers: bearer(own.value) })
    assert.deepEqual([failed.status, failed.problem().code, failing.faults.length], [500, 'internal', 1])
    assert.ok(!failed.body.includes('disk'))
    await failing.stop()
  })
})
