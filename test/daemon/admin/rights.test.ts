/** Who may do what with which key: the rule as a table, and that nothing made from what a caller is given names more. */
import assert from 'node:assert/strict'
import { adminApi, keyRights, roles, type AdminRow, type AuditEntry, type KeyRight, type Role } from '@postern/shared'
import fc from 'fast-check'
import { narrowRooms } from '../../../daemon/src/admin/narrow-rooms.ts'
import {
  assertMayGrant,
  assertOn,
  entrySeen,
  keyOfCall,
  mayOn,
  noticeSeen,
  sightOf,
  visibleTo,
} from '../../../daemon/src/admin/rights.ts'
import type { AdminRooms } from '../../../daemon/src/admin/rooms.ts'
import { firstDocument } from '../../../daemon/src/document/codec.ts'
import type { Document, KeyGrant, KeyRecord } from '../../../daemon/src/document/document.ts'
import { makeKey } from '../../support/access-document.ts'

const mine = 'at_000000000001'
const others = 'at_000000000002'
const grant = (tokenId: string, ...rights: KeyRight[]): KeyGrant => ({ tokenId, rights: ['view', ...rights] })

/** Grants of a key -> role of a token -> which of view, reveal and manage it has; v, r, m. */
const table: readonly [string, readonly KeyGrant[] | null, Record<Role, string>][] = [
  ['none', null, { viewer: 'v', operator: 'vrm', administrator: 'vrm' }],
  ['an empty list', [], { viewer: '', operator: '', administrator: 'vrm' }],
  ['another token', [grant(others, 'reveal', 'manage')], { viewer: '', operator: '', administrator: 'vrm' }],
  ['this one, to view', [grant(mine)], { viewer: 'v', operator: 'v', administrator: 'vrm' }],
  ['this one, to reveal', [grant(mine, 'reveal')], { viewer: 'vr', operator: 'vr', administrator: 'vrm' }],
  ['this one, to manage', [grant(mine, 'manage')], { viewer: 'vm', operator: 'vm', administrator: 'vrm' }],
  ['both', [grant(others), grant(mine, 'reveal', 'manage')], { viewer: 'vrm', operator: 'vrm', administrator: 'vrm' }],
]

describe('admin: rights on keys', () => {
  for (const [title, grants, expected] of table)
    it(`a key whose grants are ${title}`, () => {
      for (const role of roles) {
        const letters = keyRights.filter((right) => mayOn({ role, tokenId: mine }, { grants }, right))
        assert.equal(letters.map((right) => right[0]).join(''), expected[role], role)
      }
    })

  it('who has no token is named nowhere, and a role or a right that is not known may nothing', () => {
    const grants = [grant(mine, 'reveal', 'manage')]
    assert.equal(mayOn({ role: 'operator', tokenId: null }, { grants }, 'view'), false)
    assert.equal(mayOn({ role: 'operator', tokenId: null }, { grants: null }, 'manage'), true)
    assert.equal(mayOn({ role: 'owner' as Role, tokenId: mine }, { grants }, 'view'), false)
    assert.equal(mayOn({ role: 'administrator', tokenId: null }, { grants }, 'own' as KeyRight), false)
  })

  it('a key they may not view is told of exactly as one that is not there; one they may view says what is missing', () => {
    const hidden = makeKey({ grants: [] }).record
    const seen = makeKey({ grants: [grant(mine)] }).record
    const document = { ...firstDocument(0), keys: { [hidden.id]: hidden, [seen.id]: seen } }
    const asker = { role: 'operator', tokenId: mine } as const
    const said = (ref: string): unknown => {
      try {
        return keyOfCall(document, ref, asker, 'manage')
      } catch (error) {
        const { code, detail, errors, status } = error as {
          code: string
          detail: string
          errors: unknown
          status: number
        }
        return { code, detail, errors, status }
      }
    }
    assert.deepEqual(said(hidden.id), said('nobody'))
    assert.deepEqual(said(hidden.name), said('nobody'))
    assert.throws(() => assertOn(asker, seen, 'manage'), { code: 'forbidden', message: /right to manage/ })
    assert.equal(keyOfCall(document, seen.name, asker, 'view'), seen)
  })

  it('only administrators say who may see a key', () => {
    for (const role of roles)
      for (const grants of [undefined, null, []]) {
        const act = () => assertMayGrant({ role, tokenId: mine }, { grants })
        if (grants === undefined || role === 'administrator') act()
        else assert.throws(act, { code: 'forbidden', message: /grants/ })
      }
  })

  it('every row about one key says which right it needs, and no other row does', () => {
    for (const [name, row] of Object.entries(adminApi) as [string, AdminRow][])
      assert.equal(row.right !== undefined, row.path.includes('/:key'), name)
    const rightOf = (name: keyof typeof adminApi) => (adminApi[name] as AdminRow).right
    assert.deepEqual(
      (['keys.get', 'keys.evidence', 'keys.calls', 'keys.reveal', 'keys.try', 'keys.rotate'] as const).map(rightOf),
      ['view', 'view', 'view', 'reveal', 'reveal', 'manage'],
    )
  })
})

const anyGrants = fc.option(
  fc.uniqueArray(
    fc.record({
      tokenId: fc.constantFrom(mine, others),
      rights: fc
        .subarray([...keyRights])
        .map((rights) => keyRights.filter((each) => each === 'view' || rights.includes(each))),
    }),
    { selector: ({ tokenId }) => tokenId, maxLength: 2 },
  ),
  { nil: null },
)
const anyKey = fc.record({ grants: anyGrants, removed: fc.boolean(), traps: fc.boolean() })
const anyAsker = fc.record({ role: fc.constantFrom(...roles), tokenId: fc.constantFrom(mine, others, null) })

const documentOf = (keys: readonly KeyRecord[], trapIds: ReadonlySet<string>): Document => {
  const first = firstDocument(0)
  const at = '2026-01-01T00:00:00.000Z'
  return {
    ...first,
    keys: Object.fromEntries(keys.map((key) => [key.id, key])),
    blocks: Object.fromEntries(
      [...trapIds].map((keyId, index) => {
        const id = `203.0.113.${index}`
        return [id, { id, keyId, createdAt: at, until: '2100-01-01T00:00:00.000Z' }]
      }),
    ),
  }
}

describe('admin: lists are as narrow as rights', () => {
  it('whatever grants there are, nothing that is made from what a caller is given names a key they may not view', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyKey, { maxLength: 6 }), anyAsker, async (shapes, asker) => {
        const keys = shapes.map(({ grants, removed }) =>
          makeKey({ grants, removedAt: removed ? '2026-01-02T00:00:00.000Z' : null }),
        )
        const records = keys.map(({ record }) => record)
        const traps = new Set(records.filter((_, at) => shapes[at]?.traps === true).map(({ id }) => id))
        const document = documentOf(records, traps)
        const hidden = records.filter((key) => !mayOn(asker, key, 'view'))
        const namesHidden = (given: unknown): boolean => {
          const text = JSON.stringify(given)
          return hidden.some(({ id, name }) => text.includes(id) || text.includes(name))
        }
        const purged = 'PURGED00'
        const ids = [...records.map(({ id }) => id), purged]
        const entry = (object: AuditEntry['object'], note?: string): AuditEntry => ({
          seq: 1,
          ts: '',
          actor: { kind: 'system', name: 'postern', proof: 'none' },
          action: 'key.edit',
          object,
          outcome: 'done',
          generation: null,
          request_id: null,
          ...(note === undefined ? {} : { note }),
        })
        const trail = [
          ...ids.map((id) => entry({ kind: 'key', id, name: document.keys[id]?.name ?? 'gone' })),
          entry({ kind: 'keys', id: ids.join(',') }),
          ...ids.map((id) => entry({ kind: 'network', id: '203.0.113.1' }, `honey key ${id}; until then`)),
        ]
        const notices = ids.flatMap((id) => [
          { subject: { kind: 'key', id, name: document.keys[id]?.name ?? 'gone' }, text: 'x' },
          {
            subject: { kind: 'alarm', id: 'alarm', name: 'alarm' },
            text: `"${document.keys[id]?.name}" (${id}) waits`,
          },
        ])
        const rooms = narrowRooms(
          {
            now: () => 0,
            status: async () => ({
              keys: { green: 9, orange: 9, red: 9, grey: 9 },
              alarms: ids.map((id) => ({ at: '', kind: 'x', message: `(${id})` })),
            }),
            feed: { wait: async () => ({ keys: ids, used: ids.map((id) => ({ id, last_used_at: '' })) }) },
            store: () => ({
              document: () => document,
              usageRows: async () => [...ids, ''].map((keyId) => ({ keyId, calls: 1 })),
              trail: {
                page: async ({ show = (each) => each }: { show?: (each: AuditEntry) => AuditEntry | null }) =>
                  trail.map(show).filter((each) => each !== null),
              },
            }),
            notices: () => ({ all: () => notices.map((notice) => ({ notice })) }),
            refusals: {
              newestFirst: () => [...ids, null].map((keyId) => ({ keyId, said: 'it has expired' })),
              find: (keyId: string) => ({ keyId, said: 'it has expired' }),
            },
            explain: async () => ({
              rules: ids.map((id) => ({ said: `blocked by "${document.keys[id]?.name}" (${id})` })),
            }),
          } as unknown as AdminRooms,
          asker,
          undefined,
        )
        const store = rooms.store()
        const status = await rooms.status()
        const given = {
          document: store.document(),
          usage: await store.usageRows(0, 0),
          trail: await store.trail.page({ page: 1, perPage: 100 }),
          feed: await rooms.feed.wait({ seen: 0, caller: '', gone: new AbortController().signal }),
          notices: rooms.notices().all(),
          alarms: status.alarms,
          refusals: [...rooms.refusals.newestFirst()],
          refusal: hidden.map(({ id }) => rooms.refusals.find(id)),
          explained: await rooms.explain({ method: 'GET', path: '/' }),
        }
        for (const [what, part] of Object.entries(given)) assert.ok(!namesHidden(part), what)
        for (const { id } of hidden)
          await assert.rejects(rooms.explain({ key: id, method: 'GET', path: '/' }), { code: 'not_found' })
        // And nothing is kept from them that they may see.
        const visible = records.filter((key) => mayOn(asker, key, 'view'))
        assert.deepEqual(Object.keys(given.document.keys).toSorted(), visible.map(({ id }) => id).toSorted())
        const isAdministrator = asker.role === 'administrator'
        assert.equal(given.usage.length, visible.length + 1 + (isAdministrator ? 1 : 0))
        if (!isAdministrator) {
          assert.ok(!JSON.stringify([given.usage, given.feed]).includes(purged))
          const counted = Object.values(status.keys ?? {}).reduce((sum, each) => sum + each, 0)
          assert.equal(counted, visible.filter(({ removedAt }) => removedAt === null).length)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('where nothing is hidden the document is the very same, so that nothing is copied for it', () => {
    const { record } = makeKey()
    const document = documentOf([record], new Set())
    assert.equal(visibleTo(document, { role: 'viewer', tokenId: mine }), document)
    const restricted = documentOf([record, makeKey({ grants: [] }).record], new Set())
    const once = visibleTo(restricted, { role: 'viewer', tokenId: mine })
    assert.equal(visibleTo(restricted, { role: 'viewer', tokenId: mine }), once)
    assert.equal(visibleTo(restricted, { role: 'administrator', tokenId: mine }), restricted)
  })

  it('what is about no key is for everybody who has the role', () => {
    const document = documentOf([makeKey({ grants: [] }).record], new Set())
    const sight = sightOf(document, { role: 'viewer', tokenId: mine })
    const entry = { object: { kind: 'client', id: 'cl_0', name: 'Sales' }, note: 'moved' } as AuditEntry
    assert.equal(entrySeen(entry, sight), entry)
    const notice = { subject: { kind: 'certificate', id: 'x', name: 'x' }, text: 'It ends soon.' }
    assert.equal(noticeSeen(notice as never, sight), true)
  })
})
