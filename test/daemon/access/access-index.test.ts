/** The endpoint a call means: the most specific one, and the same as a plain reading of the rules finds. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { endpointMethods, parsePathPattern, patternShape, type EndpointMethod } from '@postern/shared'
import { matchEndpoint } from '../../../daemon/src/access/access-index.ts'
import { buildIndex } from '../../../daemon/src/access/build-index.ts'
import type { EndpointRecord } from '../../../daemon/src/document/document.ts'
import { makeDocument, makeEndpoint } from '../../support/access-document.ts'

const match = (endpoints: readonly EndpointRecord[], method: string, path: string, host = ''): string | null => {
  const found = matchEndpoint(buildIndex(makeDocument({ endpoints }), 1), { method, path, host })
  return found === null ? null : `${found.method} ${found.host ?? ''}${found.path}`
}

describe('matchEndpoint', () => {
  const endpoints = [
    makeEndpoint('GET', '/orders'),
    makeEndpoint('GET', '/orders/{id}'),
    makeEndpoint('GET', '/orders/new'),
    makeEndpoint('POST', '/orders/{id}'),
    makeEndpoint('ANY', '/orders/{rest*}'),
    makeEndpoint('HEAD', '/orders/new'),
    makeEndpoint('GET', '/files/{rest*}'),
    makeEndpoint('GET', '/slash/'),
    makeEndpoint('OPTIONS', '/orders'),
    makeEndpoint('ANY', '/orders/{id}/lines', { host: 'erp.example' }),
    makeEndpoint('GET', '/'),
  ]
  for (const [method, path, expected, host] of [
    ['GET', '/orders', 'GET /orders'],
    ['HEAD', '/orders', 'GET /orders'],
    ['OPTIONS', '/orders', 'OPTIONS /orders'],
    ['OPTIONS', '/orders/7', null],
    ['GET', '/orders/7', 'GET /orders/{id}'],
    ['GET', '/orders/new', 'GET /orders/new'],
    ['HEAD', '/orders/new', 'HEAD /orders/new'],
    ['POST', '/orders/new', 'POST /orders/{id}'],
    ['DELETE', '/orders/7', 'ANY /orders/{rest*}'],
    ['GET', '/orders/', 'ANY /orders/{rest*}'],
    ['GET', '/orders/7/lines', 'ANY /orders/{rest*}'],
    ['GET', '/orders/7/lines', 'ANY erp.example/orders/{id}/lines', 'erp.example'],
    ['GET', '/orders/7', 'GET /orders/{id}', 'erp.example'],
    ['GET', '/files/', 'GET /files/{rest*}'],
    ['GET', '/files/a/b/', 'GET /files/{rest*}'],
    ['GET', '/files', null],
    ['GET', '/Orders', null],
    ['GET', '/slash/', 'GET /slash/'],
    ['GET', '/slash', null],
    ['GET', '/', 'GET /'],
    ['POST', '/', null],
  ] as const)
    it(`${method} ${host ?? ''}${path} means ${expected ?? 'no endpoint'}`, () => {
      assert.equal(match(endpoints, method, path, host), expected)
    })

  it('an escape is not decoded to find an endpoint', () => {
    assert.equal(match([makeEndpoint('GET', '/a%20b')], 'GET', '/a%20b'), 'GET /a%20b')
    assert.equal(match([makeEndpoint('GET', '/a')], 'GET', '/%61'), null)
  })

  const piece = fc.constantFrom('a', 'b', '{x}', '{y}')
  const pattern = fc
    .tuple(fc.array(piece, { maxLength: 3 }), fc.constantFrom('', '/{rest*}', '/'))
    .map(([pieces, end]) => `/${pieces.join('/')}${pieces.length === 0 && end !== '' ? end.slice(1) : end}`)
    .filter((text) => typeof parsePathPattern(text) !== 'string')
  const declared = fc.record({
    method: fc.constantFrom(...endpointMethods),
    path: pattern,
    host: fc.constantFrom(null, 'h1'),
  })
  const asked = fc.record({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS', 'PROPFIND'),
    path: fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 4 })
      .map((texts) => `/${texts.join('/')}`),
    host: fc.constantFrom('', 'h1', 'h2'),
  })

  it('it finds what a plain reading of the rules finds', () => {
    fc.assert(
      fc.property(fc.array(declared, { maxLength: 12 }), asked, (drawn, target) => {
        const shapes = new Set<string>()
        const sound = drawn.filter(({ method, path, host }) => {
          const shape = `${method} ${host ?? ''} ${patternShape(path)}`
          return !shapes.has(shape) && shapes.add(shape)
        })
        const records = sound.map(({ method, path, host }) => makeEndpoint(method, path, { host }))
        const expected = reference(records, target)
        assert.equal(
          match(records, target.method, target.path, target.host),
          expected === null ? null : `${expected.method} ${expected.host ?? ''}${expected.path}`,
        )
      }),
      { numRuns: 2_000 },
    )
  })
})

/** Every endpoint is tried; of those that match, the one with the most specific host, path and then method. */
const reference = (
  records: readonly EndpointRecord[],
  target: { method: string; path: string; host: string },
): EndpointRecord | null => {
  const ranked = records.flatMap((record) => {
    const path = pathRank(record.path, target.path)
    const method = methodRank(record.method, target.method)
    if (path === null || method === null || (record.host !== null && record.host !== target.host)) return []
    return [{ record, rank: `${record.host === null ? 1 : 0}${path}${method}` }]
  })
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1))
  return ranked[0]?.record ?? null
}

const methodRank = (declared: EndpointMethod, asked: string): number | null => {
  if (declared === asked) return 0
  if (declared === 'GET' && asked === 'HEAD') return 1
  return declared === 'ANY' && asked !== 'OPTIONS' ? 2 : null
}

/** One digit a segment: 0 literal, 1 named, 2 the rest, 3 the end; compared as text, left to right. */
const pathRank = (pattern: string, path: string): string | null => {
  const pieces = pattern.slice(1).split('/')
  const texts = path.slice(1).split('/')
  let rank = ''
  for (const [at, piece] of pieces.entries()) {
    const text = texts[at]
    if (text === undefined) return null
    if (piece.endsWith('*}')) return `${rank}2`
    if (!piece.startsWith('{') && piece === text) rank += '0'
    else if (piece.startsWith('{') && text !== '') rank += '1'
    else return null
  }
  return pieces.length === texts.length ? `${rank}3` : null
}
