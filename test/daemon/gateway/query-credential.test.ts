import assert from 'node:assert/strict'
import fc from 'fast-check'
import { buildIndex } from '../../../daemon/src/access/build-index.ts'
import type { Credential } from '../../../daemon/src/access/decide.ts'
import { withQueryCredential } from '../../../daemon/src/gateway/query-credential.ts'
import type { Call } from '../../../daemon/src/gateway/read-call.ts'
import { makeDocument, makeEndpoint } from '../../support/access-document.ts'

const index = buildIndex(
  makeDocument({
    endpoints: [makeEndpoint('GET', '/open', { queryParameter: 'apikey' }), makeEndpoint('GET', '/plain')],
  }),
  1,
)
const read = (query: string, path = '/open', credential: Credential = { kind: 'none' }): Call =>
  withQueryCredential(index, { method: 'GET', host: '', path, query, credential } as Call)
const seen = (query: string, path?: string, credential?: Credential) => {
  const call = read(query, path, credential)
  return [call.credential.kind === 'value' ? call.credential.value : call.credential.kind, call.query]
}

describe('a key in the query', () => {
  it('is taken where the endpoint takes one, and goes no further', () => {
    assert.deepEqual(seen('?apikey=abc'), ['abc', ''])
    assert.deepEqual(seen('?a=1&apikey=abc&b=2'), ['abc', '?a=1&b=2'])
    assert.deepEqual(seen('?a=1&apikey=a%2Bb'), ['a+b', '?a=1'])
    assert.deepEqual(seen('?a=1'), ['none', '?a=1'])
  })

  it('is nothing at all elsewhere', () => {
    assert.deepEqual(seen('?apikey=abc', '/plain'), ['none', '?apikey=abc'])
    assert.deepEqual(seen('?apikey=abc', '/nowhere'), ['none', '?apikey=abc'])
    assert.deepEqual(seen('?apiKey=abc'), ['none', '?apiKey=abc'])
  })

  it('twice, beside another credential, or not readable is malformed, and still goes no further', () => {
    const header: Credential = { kind: 'value', value: 'x' }
    for (const [query, path, credential] of [
      ['?apikey=a&apikey=b'],
      ['?apikey=a&%61pikey=b'],
      ['?apikey'],
      ['?apikey='],
      ['?apikey=%zz'],
      ['?apikey=a%20b'],
      ['?apikey=a+b'],
      ['?apikey=a', '/open', header],
    ] as const)
      assert.deepEqual(seen(query, path, credential), ['malformed', ''], query)
  })

  it('however its name is written, no upstream finds a parameter that it would read as the key', () => {
    const letter = (each: string) =>
      fc.constantFrom(each, `%${each.charCodeAt(0).toString(16)}`, `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
    const name = fc.tuple(...'apikey'.split('').map(letter)).map((letters) => letters.join(''))
    fc.assert(
      fc.property(name, fc.array(fc.constantFrom('a=1', 'b', '=', '', 'c=%20')), fc.nat(5), (written, others, at) => {
        const parts: string[] = [...others]
        parts.splice(at, 0, `${written}=secret`)
        const { query } = read(`?${parts.join('&')}`)
        assert.equal(new URLSearchParams(query).has('apikey'), false)
        assert.equal(query.includes('secret'), false)
      }),
    )
  })
})
