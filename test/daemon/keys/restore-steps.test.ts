/** Restoring a backup brings no key back to life, whatever has become of it since, and leaves a document that holds together. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { documentCodec, firstDocument } from '../../../daemon/src/document/codec.ts'
import type {
  ClientRecord,
  CollectionRecord,
  Document,
  EndpointRecord,
  KeyRecord,
  SignInRecord,
} from '../../../daemon/src/document/document.ts'
import { hashOfPlan, planRestore, restoreRecords, type RestoreAsked } from '../../../daemon/src/keys/restore-steps.ts'
import { makeClient, makeKey, makePolicy, makeToken } from '../../support/access-document.ts'

const nowMs = Date.UTC(2026, 10, 21)
const at = '2026-01-01T00:00:00.000Z'
const later = '2026-06-01T00:00:00.000Z'
const context = { nowMs, zone: 'UTC', sealSecret: () => assert.fail('nothing is sealed') }

const withKeys = (...keys: KeyRecord[]): Document => ({
  ...firstDocument(0),
  keys: Object.fromEntries(keys.map((key) => [key.id, key])),
})
const asked = (backup: Document, more: Partial<RestoreAsked> = {}): RestoreAsked => ({
  backup,
  backupHash: 'h',
  replace: true,
  knownKeys: new Set(),
  ...more,
})
const collection = (id: string, name: string): CollectionRecord => ({
  id,
  revision: 1,
  name,
  description: '',
  project: null,
  version: '1.0.0',
  createdAt: at,
  updatedAt: at,
  disabledAt: null,
})
const endpoint = (id: string, collectionId: string, path: string): EndpointRecord => ({
  id,
  revision: 1,
  collectionId,
  description: '',
  method: 'GET',
  path,
  host: null,
  upstream: null,
  upstreamCa: null,
  queryParameter: null,
  principal: false,
  deprecation: null,
  bodyBytesMax: 1,
  connectTimeoutMs: 1,
  answerTimeoutMs: 1,
  idleTimeoutMs: 1,
  createdAt: at,
  updatedAt: at,
  disabledAt: null,
})

describe('restoring records', () => {
  const { record } = makeKey({ id: 'aaaaaaaa', name: 'Robot', expiresAt: later })

  for (const [state, since, live] of [
    ['removed', { removedAt: later }, false],
    ['disabled', { disabledAt: later, activeSince: null }, false],
    ['rotated', { secrets: makeKey({ id: 'aaaaaaaa' }).record.secrets.map((each) => ({ ...each, version: 9 })) }, true],
    ['expires earlier', { expiresAt: at }, true],
  ] as const)
    it(`a key that was ${state} since stays so and is listed, also when it is replaced`, () => {
      const now = { ...record, ...since, description: 'changed' } as KeyRecord
      const { plan, next } = planRestore(withKeys(now), asked(withKeys(record)), nowMs)
      assert.deepEqual(plan.stays, [{ kind: 'key', id: record.id, name: 'Robot', state }])
      const then = next.keys[record.id]
      for (const field of Object.keys(since) as (keyof KeyRecord)[]) assert.deepEqual(then?.[field], now[field], field)
      assert.deepEqual(then?.description, state === 'removed' ? 'changed' : '')
      assert.equal(then.activeSince !== null && then.removedAt === null, live)
    })

  it('one that is gone stays gone where the trail speaks of it; else it comes back and waits, disabled', () => {
    const known = planRestore(withKeys(), asked(withKeys(record), { knownKeys: new Set([record.id]) }), nowMs)
    assert.deepEqual([known.plan.adds, known.plan.stays[0]?.state, known.next.keys], [[], 'removed', {}])
    const { plan, next } = planRestore(withKeys(), asked(withKeys(record)), nowMs)
    assert.equal(plan.adds[0]?.waits, true)
    const back = next.keys[record.id]
    assert.ok(back?.disabledAt !== null && back?.quarantinedAt !== null && back?.activeSince === null)
  })

  it('how callers of a client sign in stays as it is; a client that is gone comes back with its settings, and no lost key', () => {
    const signIn = (keyId: string | null): SignInRecord => ({
      kind: 'jwt',
      algorithms: ['HS256'],
      secret: { sealed: 'old', version: 1 },
      publicKey: null,
      issuer: null,
      jwksUrl: null,
      ca: null,
      allowedIssuers: [],
      audience: null,
      requiredClaims: [],
      profileClaim: null,
      keyId,
    })
    const client = (id: string, more: Partial<ClientRecord>): ClientRecord => makeClient({ id, name: id, ...more })
    const owned = makeKey({ id: 'bbbbbbbb', name: 'Owned', clientId: 'cl_back' }).record
    const taken = (more: Partial<ClientRecord>): Document['clients'] =>
      Object.fromEntries(
        [client('cl_here', more), ...Object.values(firstDocument(0).clients)].map((each) => [each.id, each]),
      )
    const old = { accepts: ['jwt' as const], signIn: signIn('aaaaaaaa') }
    const backup: Document = {
      ...withKeys(record, owned),
      clients: {
        ...taken({ ...old, description: 'as it was' }),
        cl_back: client('cl_back', { ...old, signIn: signIn('bbbbbbbb') }),
        cl_lost: client('cl_lost', { ...old, signIn: signIn('aaaaaaaa') }),
      },
    }
    const { plan, next } = planRestore({ ...withKeys(record), clients: taken({}) }, asked(backup), nowMs)
    assert.deepEqual(plan.replaces.find(({ id }) => id === 'cl_here')?.fields, ['description'])
    assert.deepEqual([next.clients['cl_here']?.accepts, next.clients['cl_here']?.signIn], [['key', 'oauth2'], null])
    assert.deepEqual(next.clients['cl_back']?.signIn, signIn('bbbbbbbb'))
    assert.deepEqual(next.clients['cl_lost']?.signIn, signIn(null), 'the key is another client’s')
    const gone = asked(backup, { knownKeys: new Set(['bbbbbbbb']) })
    assert.deepEqual(planRestore(withKeys(), gone, nowMs).next.clients['cl_back']?.signIn, signIn(null))
  })

  it('a trap stays a trap, and a value that is shown no more stays so', () => {
    const now: KeyRecord = { ...record, honey: { blockSeconds: 5 }, reveal: 'never', scopes: [] }
    const before: KeyRecord = { ...record, reveal: 'always', scopes: ['exports:read'] }
    const then = planRestore(withKeys(now), asked(withKeys(before)), nowMs).next.keys[record.id]
    assert.deepEqual([then?.honey, then?.reveal, then?.scopes], [now.honey, 'never', []])
  })

  it('names and places that others have now are not taken; what hangs on what is not there stays out', () => {
    const backup: Document = {
      ...withKeys(makeKey({ id: 'bbbbbbbb', name: 'ROBOT', collections: ['co1', 'co2'] }).record),
      collections: { co1: collection('co1', 'Orders'), co2: collection('co2', 'Bills') },
      endpoints: { e1: endpoint('e1', 'co1', '/a/{x}'), e2: endpoint('e2', 'co2', '/b') },
    }
    const live: Document = {
      ...withKeys(record),
      collections: { co3: collection('co3', 'orders'), co4: collection('co4', 'Other') },
      endpoints: { e3: endpoint('e3', 'co4', '/b') },
    }
    const { plan, next } = planRestore(live, asked(backup), nowMs)
    assert.deepEqual(
      plan.skips.map(({ kind, id }) => `${kind} ${id}`),
      ['collection co1', 'endpoint e1', 'endpoint e2', 'key bbbbbbbb'],
    )
    assert.deepEqual(Object.keys(next.collections), ['co3', 'co4', 'co2'])
    const named = planRestore({ ...live, keys: {} }, asked(backup), nowMs).next
    assert.deepEqual(named.keys['bbbbbbbb']?.collections, ['co2'], 'grants of what is not there are left out')
  })

  it('a key or client comes back with its policies, or not at all: a limit is never lost on the way', () => {
    const limited = makeKey({ id: 'bbbbbbbb', name: 'Limited', policies: ['po_small'] }).record
    const clients = {
      ...firstDocument(0).clients,
      cl_1: makeClient({ id: 'cl_1', name: 'Sales', policies: ['po_small'] }),
    }
    const backup: Document = { ...withKeys(limited), clients, policies: { po_small: makePolicy() } }
    const { plan, next } = planRestore(withKeys(), asked(backup), nowMs)
    assert.deepEqual(
      plan.adds.map(({ kind }) => kind),
      ['policy', 'client', 'key'],
    )
    assert.deepEqual([next.keys['bbbbbbbb']?.policies, next.clients['cl_1']?.policies], [['po_small'], ['po_small']])
    const other = { ...withKeys(), policies: { po_other: makePolicy({ id: 'po_other', name: 'SMALL' }) } }
    const clashing = planRestore(other, asked(backup), nowMs)
    assert.deepEqual(
      clashing.plan.skips.map(({ kind, why }) => [kind, why]),
      [
        ['policy', 'po_other has its place: change or remove that one first'],
        ['client', 'its policy po_small is not there'],
        ['key', 'its policy po_small is not there'],
      ],
    )
    assert.deepEqual([clashing.next.keys, Object.keys(clashing.next.clients)], [{}, Object.keys(other.clients)])
    const replaced = planRestore(withKeys({ ...limited, policies: [] }), asked({ ...backup, policies: {} }), nowMs)
    assert.deepEqual(replaced.plan.replaces, [])
    assert.match(replaced.plan.skips.map(({ why }) => why).join(), /po_small is not there/)
  })

  it('a policy that is on stays on, whatever the backup says', () => {
    const off = { ...withKeys(), policies: { po_small: makePolicy({ disabledAt: at, description: 'then' }) } }
    const on = { ...withKeys(), policies: { po_small: makePolicy() } }
    const { next } = planRestore(on, asked(off), nowMs)
    assert.deepEqual([next.policies['po_small']?.description, next.policies['po_small']?.disabledAt], ['then', null])
  })

  it('brings no admin token, and opens no key to those who are not there or from whom it was taken since', () => {
    const token = makeToken({ id: 'at_000000000001' })
    const gone = makeToken({ id: 'at_000000000002' })
    const grant = (tokenId: string) => ({ tokenId, rights: ['view' as const] })
    const granted = { ...record, grants: [grant(token.id), grant(gone.id)] }
    const backup = { ...withKeys(granted), adminTokens: { [token.id]: token, [gone.id]: gone } }
    const live = { ...withKeys(), adminTokens: { [token.id]: token } }
    const added = planRestore(live, asked(backup), nowMs).next
    assert.deepEqual(added.adminTokens, live.adminTokens)
    assert.deepEqual(added.keys[record.id]?.grants, [grant(token.id)])
    assert.deepEqual(planRestore(withKeys(), asked(backup), nowMs).next.keys[record.id]?.grants, [])
    const shut = { ...live, keys: { [record.id]: { ...record, grants: [], description: 'changed' } } }
    for (const wanted of [granted, { ...record, grants: null }])
      assert.deepEqual(planRestore(shut, asked(withKeys(wanted)), nowMs).next.keys[record.id]?.grants, [])
  })

  it('brings back no imported value that another key has by now', () => {
    const secrets = record.secrets.map((secret) => ({ ...secret, origin: 'imported' as const }))
    const [wanted, other] = [
      { ...record, secrets },
      { ...makeKey({ id: 'bbbbbbbb', name: 'Other' }).record, secrets },
    ]
    const { plan, next } = planRestore(withKeys(other), asked(withKeys(wanted)), nowMs)
    assert.deepEqual([plan.adds, Object.keys(next.keys)], [[], [other.id]])
    assert.match(plan.skips[0]?.why ?? '', /imported value/)
  })

  it('does what was shown or nothing; doing it twice changes nothing', () => {
    const question = asked(withKeys(record))
    const { plan } = planRestore(withKeys(), question, nowMs)
    const step = restoreRecords(question, hashOfPlan(plan, question), at)
    const { document, entry } = step(withKeys(), context)
    assert.equal(entry?.action, 'backup.restore')
    assert.throws(() => step(document, context), { code: 'precondition_failed' })
    const again = planRestore(document, question, nowMs).plan
    assert.deepEqual([again.adds, again.replaces], [[], []])
    const without = { ...question, replace: false }
    assert.notEqual(hashOfPlan(plan, question), hashOfPlan(plan, without))
  })

  it('whatever became of keys since, none is livelier than it was, and the document can be written', () => {
    const instant = fc.constantFrom(null, at, later)
    const state = fc.record({
      removedAt: instant,
      disabledAt: instant,
      expiresAt: instant,
      version: fc.integer({ min: 1, max: 3 }),
    })
    const ids = ['aaaaaaaa', 'bbbbbbbb', 'cccccccc']
    const documents = fc.array(fc.option(state), { minLength: 3, maxLength: 3 }).map((states) =>
      withKeys(
        ...states.flatMap((each, index) => {
          if (each === null) return []
          const { version, ...more } = each
          const { record: key } = makeKey({ id: ids[index] ?? '', name: `Key ${index}`, ...more })
          const secrets = key.secrets.map((secret) => ({ ...secret, version, verifier: String(version).repeat(43) }))
          return [{ ...key, secrets, activeSince: more.disabledAt === null ? at : null }]
        }),
      ),
    )
    fc.assert(
      fc.property(documents, documents, fc.boolean(), (live, backup, replace) => {
        const { next, plan } = planRestore(live, asked(backup, { replace }), nowMs)
        assert.deepEqual(documentCodec.parse(documentCodec.serialise(next)), next)
        for (const key of Object.values(next.keys)) {
          const before = live.keys[key.id]
          if (before === undefined) {
            assert.ok(key.disabledAt !== null && key.quarantinedAt !== null)
            continue
          }
          assert.deepEqual(key.secrets, before.secrets)
          if (before.removedAt !== null) assert.equal(key, before)
          if (before.disabledAt !== null) assert.notEqual(key.disabledAt, null)
          if (before.expiresAt !== null) assert.ok(key.expiresAt !== null && key.expiresAt <= before.expiresAt)
        }
        assert.deepEqual(
          Object.keys(live.keys).filter((id) => !Object.hasOwn(next.keys, id)),
          [],
        )
        assert.equal(plan.keeps + plan.replaces.length, Object.keys(live.keys).length + 1)
        if (!replace) assert.equal(plan.replaces.length, 0)
      }),
    )
  })
})
