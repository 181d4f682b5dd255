/** The index says what the document says, holds no secret, and costs little to make again. */
import assert from 'node:assert/strict'
import { buildIndex } from '../../../daemon/src/access/build-index.ts'
import {
  makeClient,
  makeDocument,
  makeEndpoint,
  makeKey,
  makePolicy,
  makeSecret,
} from '../../support/access-document.ts'

describe('buildIndex', () => {
  it('removed keys and keys of no client are absent', () => {
    const kept = makeKey()
    const removed = makeKey({ removedAt: '2026-01-01T00:00:00.000Z' })
    const stray = makeKey({ clientId: 'cl_gone' })
    const index = buildIndex(makeDocument({ keys: [kept, removed, stray] }), 7)
    assert.deepEqual([...index.keys.keys()], [kept.record.id])
    assert.equal(index.generation, 7)
  })

  it('no secret and no sealed secret is in it', () => {
    const id = 'abcdefgh'
    const secret = makeSecret(id)
    const key = makeKey({ id, secrets: [{ ...secret.record, sealed: 'SEALED-SECRET' }] })
    const text = JSON.stringify(
      [...buildIndex(makeDocument({ keys: [key] }), 1).keys.values()].map((access) => ({
        ...access,
        collections: null,
      })),
    )
    assert.ok(text.includes(id))
    assert.ok(!text.includes('SEALED') && !text.includes(secret.value.slice(17, 60)))
  })

  it("a key reaches what it is narrowed to, and of that only its client's", () => {
    const clients = [makeClient(), makeClient({ id: 'cl_1', collections: ['co_1', 'co_2'] })]
    const reach = (clientId: string, collections: string[] | null): string[] | null => {
      const key = makeKey({ clientId, collections })
      const access = buildIndex(makeDocument({ keys: [key], clients }), 1).keys.get(key.record.id)
      assert.ok(access !== undefined)
      return access.collections === null ? null : [...access.collections]
    }
    const everything = clients[0]?.id ?? ''
    assert.equal(reach(everything, null), null)
    assert.deepEqual(reach(everything, ['co_3']), ['co_3'])
    assert.deepEqual(reach('cl_1', null), ['co_1', 'co_2'])
    assert.deepEqual(reach('cl_1', ['co_2', 'co_3']), ['co_2'])
    assert.deepEqual(reach('cl_1', []), [])
  })

  it('a key is under its client’s policies and its own, not under disabled ones; one that is not there is not no limit', () => {
    const policies = [
      makePolicy({ windows: [{ per: 'minute', calls: 5 }], concurrent: 2 }),
      makePolicy({ id: 'po_off', name: 'Off', disabledAt: '2026-01-01T00:00:00.000Z' }),
    ]
    const limits = (ofClient: string[], own: string[]) => {
      const key = makeKey({ id: 'abcd1234', policies: own })
      const document = makeDocument({
        keys: [key],
        clients: [makeClient({ id: 'cl_000000000000', policies: ofClient })],
        policies,
      })
      return buildIndex(document, 1).keys.get('abcd1234')?.limits
    }
    assert.deepEqual(
      limits(['po_small'], ['po_off', 'po_small'])?.map(({ counter, limit, heldBy, wireName }) => [
        counter,
        limit,
        heldBy,
        wireName,
      ]),
      [
        ['po_small/cl_000000000000/minute', 5, 'client', 'Small/minute/client'],
        ['po_small/cl_000000000000/concurrent', 2, 'client', 'Small/concurrent/client'],
        ['po_small/abcd1234/minute', 5, 'key', 'Small/minute'],
        ['po_small/abcd1234/concurrent', 2, 'key', 'Small/concurrent'],
      ],
    )
    assert.deepEqual(limits(['po_off'], []), [])
    assert.equal(limits([], ['po_gone']), null)
    assert.equal(limits(['po_gone'], ['po_small']), null)
    assert.equal(limits([], ['__proto__']), null)
  })

  it('a changed policy changes the keys under it, though their records are the same, and no others', () => {
    const [limited, free] = [makeKey({ policies: ['po_small'] }), makeKey()]
    const document = makeDocument({ keys: [limited, free], policies: [makePolicy()] })
    const before = buildIndex(document, 1)
    const after = buildIndex({ ...document, policies: { po_small: makePolicy({ concurrent: 1 }) } }, 2)
    assert.equal(after.keys.get(limited.record.id)?.limits?.length, 2)
    assert.equal(after.keys.get(free.record.id), before.keys.get(free.record.id))
  })

  it('a changed client changes its keys, though their records are the same', () => {
    const key = makeKey()
    const before = buildIndex(makeDocument({ keys: [key] }), 1).keys.get(key.record.id)
    const after = buildIndex(
      makeDocument({ keys: [key], clients: [makeClient({ disabledAt: '2026-01-01T00:00:00.000Z' })] }),
      2,
    ).keys.get(key.record.id)
    assert.deepEqual([before?.disabled, after?.disabled], [false, true])
  })

  it('records that did not change are not translated again', () => {
    const document = makeDocument({ keys: [makeKey(), makeKey()], endpoints: [makeEndpoint('GET', '/a')] })
    const first = buildIndex(document, 1)
    const second = buildIndex({ ...document }, 2)
    for (const [id, access] of first.keys) assert.equal(second.keys.get(id), access)
    assert.equal(second.endpoints[0], first.endpoints[0])
  })

  it('an endpoint whose pattern cannot be read, or whose collection is gone, is not reachable', () => {
    const endpoints = [makeEndpoint('GET', '/{a'), makeEndpoint('GET', '/b', { collectionId: 'co_gone' })]
    assert.deepEqual(buildIndex(makeDocument({ endpoints }), 1).endpoints, [])
  })

  for (const [upstream, expected] of [
    ['http://127.0.0.1:9000', { origin: 'http://127.0.0.1:9000', path: '/' }],
    ['https://erp.example/base/{id}', { origin: 'https://erp.example', path: '/base/{id}' }],
    [null, null],
    ['ftp://erp.example/', null],
  ] as const)
    it(`an upstream ${upstream} is split into origin and path`, () => {
      const [endpoint] = buildIndex(makeDocument({ endpoints: [makeEndpoint('GET', '/a', { upstream })] }), 1).endpoints
      assert.deepEqual(endpoint?.upstream, expected)
    })
})
