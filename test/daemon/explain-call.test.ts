/** Asking about a call: the answer is the verdict that the call itself gets, and what has been changed since is told. */
import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import type { Explanation, ExplainRequest, ToldChange } from '@postern/shared'
import { buildIndex } from '../../daemon/src/access/build-index.ts'
import { decide } from '../../daemon/src/access/decide.ts'
import type { Document } from '../../daemon/src/document/document.ts'
import type { LimitState } from '../../daemon/src/limits/limits.ts'
import { explainCall } from '../../daemon/src/explain-call.ts'
import { targetOf } from '../../daemon/src/gateway/forward-auth.ts'
import { readCall } from '../../daemon/src/gateway/read-call.ts'
import { createChance } from '../faults/chance.ts'
import { bearer } from '../support/call.ts'
import { makeCollection, makeDocument, makeEndpoint, makeKey } from '../support/access-document.ts'
import { randomCall, randomWorld, type RandomCall, type RandomWorld } from '../support/random-calls.ts'

const nowMs = Date.parse('2026-06-01T00:00:00.000Z')

const storeOf = (document: Document, told: readonly ToldChange['change'][] = []) => {
  const index = buildIndex(document, 1)
  return {
    document: () => document,
    index: () => index,
    limitsOf: () => [],
    isTrailFull: () => false,
    changes: async function* changes({ fromMs }: { fromMs: number }) {
      for (const change of told) if (Date.parse(change.at) >= fromMs) yield { seq: change.seq, change }
    },
  }
}

/** The call as connectors and proxies make it, read and judged as the gateway does: `status code endpoint`. */
const live = (store: ReturnType<typeof storeOf>, { value, method, path, host, address, forwardAuth }: RandomCall) => {
  const index = store.index()
  const headers = { host: host ?? 'any.example', ...(value === null ? {} : bearer(value)) }
  const sent = { rawHeaders: Object.entries(headers).flat(), url: forwardAuth ? '/' : path, httpVersion: '1.1' }
  const call = readCall({ ...sent, method: forwardAuth ? 'GET' : method } as IncomingMessage)
  if ('code' in call) return { reason: 'request_malformed', endpoint: null, rule: 'request' }
  const target = forwardAuth ? targetOf({ method, host, uri: path }, index) : call
  if (typeof target === 'string') return { reason: 'request_malformed', endpoint: null, rule: 'request' }
  const verdict = decide(index, { credential: call.credential, nowMs, address }, target)
  return {
    reason: verdict.allow ? null : verdict.reason,
    endpoint: verdict.endpoint?.id ?? null,
    rule: verdict.allow ? null : verdict.rule,
  }
}

const questionOf = ({ keyId, method, path, host, address, forwardAuth }: RandomCall): ExplainRequest => ({
  method,
  path,
  ...(keyId === null ? {} : { key: keyId }),
  ...(host === undefined ? {} : { host }),
  ...(address === null ? {} : { address }),
  ...(forwardAuth ? { forward_auth: true } : {}),
})

describe('asking about a call', () => {
  it('10,000 random calls: what is explained for now is the verdict that the call gets', async function () {
    this.timeout(60_000)
    const seed = Number(process.env['POSTERN_SEED'] ?? Date.now() % 2 ** 31)
    const chance = createChance(seed)
    const reached = new Map<string | null, number>()
    for (let worlds = 0; worlds < 100; worlds++) {
      const world: RandomWorld = randomWorld(chance, nowMs)
      const store = storeOf(world.document)
      for (let calls = 0; calls < 100; calls++) {
        const call = randomCall(chance, world)
        const verdict = live(store, call)
        const told = await explainCall(questionOf(call), { store, nowMs })
        const rule = told.rules.find(({ outcome }) => outcome === 'refuse')?.rule ?? null
        assert.deepEqual(
          { reason: told.reason, endpoint: told.endpoint?.id ?? null, rule },
          verdict,
          `seed ${seed}: ${JSON.stringify(questionOf(call))}`,
        )
        assert.ok(told.rules.every(({ said }) => said !== ''))
        reached.set(rule, (reached.get(rule) ?? 0) + 1)
      }
    }
    // A comparison of calls that are all refused for one reason would prove little.
    const expected = `credential_given credential_known key_enabled key_current address_blocked client_addresses
      key_addresses endpoint collection key_endpoint key_method request`.split(/\s+/)
    for (const rule of [null, ...expected])
      assert.ok(
        (reached.get(rule) ?? 0) >= 20,
        `seed ${seed}: ${rule ?? 'allow'} reached ${reached.get(rule) ?? 0} times`,
      )
  })

  it('another instant is judged by the rules of today, and what has been changed since is told, newest first', async () => {
    const key = makeKey({ id: 'KEY00001', name: 'Robot', expiresAt: '2026-07-01T00:00:00.000Z' })
    const document = makeDocument({ keys: [key], endpoints: [makeEndpoint('GET', '/a', { id: 'ep_a' })] })
    const actor = { kind: 'local', name: 'anna', proof: 'claimed' } as const
    const change = (seq: number, at: string, action: string, id: string): ToldChange['change'] => ({
      seq,
      at,
      action,
      object: { kind: 'key', id },
      client: null,
      generation: seq,
      actor,
    })
    const many = Array.from({ length: 30 }, (_, each) =>
      change(10 + each, `2026-05-20T00:00:${String(each).padStart(2, '0')}.000Z`, 'key.edit', 'KEY00001'),
    )
    const store = storeOf(document, [
      change(1, '2026-05-01T00:00:00.000Z', 'key.issue', 'KEY00001'),
      change(2, '2026-05-15T00:00:00.000Z', 'key.edit', 'KEY00002'),
      change(3, '2026-05-15T00:00:00.001Z', 'key.release', 'KEY00002,KEY00001'),
      change(4, '2026-05-15T00:00:00.002Z', 'endpoint.edit', 'ep_a'),
      change(5, '2026-05-15T00:00:00.003Z', 'client.edit', key.record.clientId),
      change(6, '2026-05-15T00:00:00.004Z', 'collection.edit', 'co_erp'),
    ])
    const question = { key: 'Robot', method: 'GET', path: '/a' }
    const past = await explainCall({ ...question, at: '2026-05-10' }, { store, nowMs })
    assert.deepEqual([past.verdict, past.at, past.judged_by], ['allow', '2026-05-10T00:00:00.000Z', 'rules_of_today'])
    assert.deepEqual(
      past.changed_since.map(({ action, by }) => `${action} ${by}`),
      ['collection.edit anna', 'client.edit anna', 'endpoint.edit anna', 'key.release anna'],
    )
    const cut = await explainCall({ ...question, at: '2026-05-10' }, { store: storeOf(document, many), nowMs })
    assert.deepEqual(
      [cut.changed_since.length, cut.changed_since[0]?.at, cut.changed_since[19]?.at],
      [20, '2026-05-20T00:00:29.000Z', '2026-05-20T00:00:10.000Z'],
    )
    const future = await explainCall({ ...question, at: '2026-07-01T00:00:00.000Z' }, { store, nowMs })
    assert.deepEqual(
      [future.reason, future.judged_by, future.changed_since],
      ['credential_expired', 'rules_of_today', []],
    )
    const now = await explainCall(question, { store, nowMs })
    assert.deepEqual([now.judged_by, now.at, now.changed_since], ['live', '2026-06-01T00:00:00.000Z', []])
  })

  it('limits are asked for now alone, and of the key that would pass', async () => {
    const key = makeKey({ id: 'KEY00001', name: 'Robot' })
    const store = storeOf(makeDocument({ keys: [key], endpoints: [makeEndpoint('GET', '/a')] }))
    const asked: string[] = []
    const policy = { id: 'po_1', name: 'Small' }
    const limit = { counter: '', policy, heldBy: 'key', per: 'minute', limit: 5, wireName: 'Small/minute' } as const
    const limitsOf = (ref: string): LimitState[] => {
      asked.push(ref)
      return [{ limit, remaining: 0, wholeAtMs: null }]
    }
    const limited = { store: { ...store, limitsOf }, nowMs }
    const question = { key: 'Robot', method: 'GET', path: '/a' }
    const now = await explainCall(question, limited)
    assert.deepEqual([now.reason, now.status, now.rules.at(-1)?.outcome], ['rate_limited', 429, 'refuse'])
    const then = await explainCall({ ...question, at: '2026-05-10' }, limited)
    assert.deepEqual([then.reason, then.rules.at(-1)?.outcome], [null, 'unknown'])
    await explainCall({ ...question, path: '/nowhere' }, limited)
    assert.deepEqual(asked, ['KEY00001'])
  })

  it('what is no question is refused by its field', async () => {
    const store = storeOf(makeDocument({ keys: [makeKey({ name: 'Robot' })] }))
    const ask = (more: Partial<ExplainRequest>) =>
      explainCall({ key: 'Robot', method: 'GET', path: '/a', ...more }, { store, nowMs })
    await assert.rejects(ask({ at: 'yesterday' }), { code: 'field_invalid', message: /^at: give an instant/ })
    for (const address of ['203.0.113.0/24', '010.0.0.1', 'localhost', ''])
      await assert.rejects(ask({ address }), { code: 'field_invalid', message: /^address: one IPv4 or IPv6/ }, address)
    await assert.rejects(ask({ path: '/.postern/self' }), { code: 'field_invalid', message: /^path: is answered by/ })
    await assert.rejects(ask({ key: 'nobody' }), { code: 'not_found' })
    const mapped = await ask({ address: '::ffff:203.0.113.9' })
    assert.match(mapped.rules[7]?.said ?? '', /^203\.0\.113\.9 is not blocked/)
  })

  it('a path that nothing answers because something is disabled says what, since when, and who did that', async () => {
    const since = '2026-05-15T00:00:00.000Z'
    const asleep = makeEndpoint('GET', '/a/{id}', { id: 'ep_a', disabledAt: since })
    const disable = { seq: 1, at: since, action: 'endpoint.disable', object: { kind: 'endpoint', id: 'ep_a' } }
    const told = { ...disable, client: null, generation: 1 }
    const ask = (document: Document) =>
      explainCall(
        { key: 'Robot', method: 'GET', path: '/a/1', at: '2026-05-14' },
        { store: storeOf(document, [told]), nowMs },
      )
    const said = ({ rules }: Explanation) => rules.find(({ rule }) => rule === 'endpoint')?.said
    const keys = [makeKey({ name: 'Robot' })]
    const itself = await ask(makeDocument({ keys, endpoints: [asleep] }))
    assert.equal(said(itself), `no endpoint answers GET /a/1: GET /a/{id} is disabled since ${since}`)
    assert.deepEqual(
      itself.changed_since.map(({ action }) => action),
      ['endpoint.disable'],
    )
    const collections = [makeCollection({ disabledAt: since })]
    const byCollection = await ask(makeDocument({ keys, collections, endpoints: [{ ...asleep, disabledAt: null }] }))
    assert.equal(
      said(byCollection),
      `no endpoint answers GET /a/1: GET /a/{id} is in the collection ERP, disabled since ${since}`,
    )
    // What is awake answers, whatever sleeps beside it.
    const beside = await ask(makeDocument({ keys, endpoints: [makeEndpoint('ANY', '/a/{rest*}'), asleep] }))
    assert.deepEqual([beside.verdict, beside.endpoint?.path], ['allow', '/a/{rest*}'])
  })

  it('while refusals cannot be recorded, that is the answer', async () => {
    const store = { ...storeOf(makeDocument({ keys: [makeKey({ name: 'Robot' })] })), isTrailFull: () => true }
    const told = await explainCall({ key: 'Robot', method: 'GET', path: '/a' }, { store, nowMs })
    assert.deepEqual([told.reason, told.status], ['store_unavailable', 503])
  })
})
