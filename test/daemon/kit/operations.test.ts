/** Endpoints as a document can say them. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { operationsOf } from '../../../daemon/src/kit/operations.ts'
import { kitEndpoint, kitSource, manyEndpoints } from '../../support/kit-source.ts'

const of = (...endpoints: Parameters<typeof kitSource>[0]) => operationsOf(kitSource(endpoints))

describe('kit: operations', () => {
  it('ANY is the five usual methods, of which one with an endpoint of its own is that endpoint’s', () => {
    const operations = of(
      kitEndpoint('ANY', '/x', { description: 'all' }),
      kitEndpoint('POST', '/x', { description: 'one' }),
    )
    assert.deepEqual(
      operations.map(({ method, summary }) => [method, summary]),
      [
        ['GET', 'all (GET)'],
        ['PUT', 'all (PUT)'],
        ['PATCH', 'all (PATCH)'],
        ['DELETE', 'all (DELETE)'],
        ['POST', 'one'],
      ],
    )
  })

  it('paths that a document cannot tell apart have one entry with one set of names', () => {
    const operations = of(kitEndpoint('GET', '/orders/{id}'), kitEndpoint('POST', '/orders/{number}'))
    assert.deepEqual(
      operations.map(({ path }) => path),
      ['/orders/{id}', '/orders/{id}'],
    )
    const [only, ...more] = of(kitEndpoint('GET', '/files/{rest*}'), kitEndpoint('GET', '/files/{id}'))
    assert.deepEqual([only?.path, only?.segments.at(-1)?.kind, more.length], ['/files/{id}', 'named', 0])
    assert.match(only?.description ?? '', /Also answered here: \/files\/\{rest\*\}/)
  })

  it('what a document cannot say stands in the description', () => {
    const [one] = of(
      kitEndpoint('GET', '/f/{rest*}', {
        host: 'erp.example',
        deprecation: { since: '2026-01-01', sunset: '2027-01-01', link: null },
      }),
    )
    assert.match(
      one?.description ?? '',
      /host erp\.example only[^]*rest of the path[^]*2026-01-01; .* after 2027-01-01/,
    )
    assert.deepEqual([one?.hosts, one?.deprecated], [['erp.example'], true])
  })

  it('an endpoint for any host beside one for its own makes the operation answered for any', () => {
    const [one] = of(kitEndpoint('GET', '/x', { host: 'a.example' }), kitEndpoint('GET', '/x'))
    assert.deepEqual(one?.hosts, [])
  })

  it('a key narrowed to methods sees these alone', () => {
    const methods = new Set(['GET', 'HEAD'])
    const operations = operationsOf(kitSource(manyEndpoints, { methods }))
    assert.deepEqual([...new Set(operations.map(({ method }) => method))].toSorted(), ['GET', 'HEAD'])
  })

  it('ids are unique, begin with a letter, and do not depend on the order of the endpoints', () => {
    const text = fc.constantFrom('a', 'A', 'b', 'by', 'id', '-', '.', '~', "'", '%20', '1')
    const literal = fc.array(text, { minLength: 1, maxLength: 30 }).map((parts) => parts.join(''))
    const segment = fc.oneof(literal, fc.constantFrom('{id}', '{a}'))
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`)
    const endpoint = fc
      .record({ method: fc.constantFrom('GET', 'POST', 'ANY'), path })
      .map(({ method, path: at }) => kitEndpoint(method as 'GET', at))
    fc.assert(
      fc.property(fc.array(endpoint, { maxLength: 20 }), (endpoints) => {
        const ids = (operations: ReturnType<typeof of>) =>
          operations.map(({ id, method, path: at }) => `${method} ${at.replaceAll(/\{.*?\}/g, '{}')} ${id}`).toSorted()
        const there = of(...endpoints)
        const lower = there.map(({ id }) => id.toLowerCase())
        assert.equal(new Set(lower).size, there.length)
        for (const { id } of there) assert.match(id, /^[a-z][A-Za-z0-9]{1,63}$/)
        // Which names parameters have is the first endpoint's matter; here only shapes differ.
        const plain = endpoints.map((each) => ({ ...each, path: each.path.replaceAll('{a}', '{id}') }))
        const readable = of(...plain)
        assert.deepEqual(ids(readable), ids(of(...plain.toReversed())))
      }),
    )
  })
})
