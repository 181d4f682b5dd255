/** The book of refusals: the newest of a bounded number, told apart by nothing but their order, and cheap. */
import assert from 'node:assert/strict'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { refusalReasons, verdictRules } from '@postern/shared'
import { createRefusalBook, refusalBookLimits, type Refused } from '../../../daemon/src/usage/refusal-book.ts'

const made = (atMs: number, more: Partial<Refused> = {}): Refused => ({
  atMs,
  requestId: `r-${atMs}`,
  reason: 'insufficient_scope',
  status: 403,
  rule: 'key_method',
  said: `GET is not among the methods of the key: POST (${atMs})`,
  keyId: 'KEY00001',
  method: 'GET',
  host: 'api.example',
  path: `/orders/${atMs}`,
  address: '203.0.113.9',
  askedByProxy: false,
  callerKnown: true,
  ...more,
})

describe('the book of refusals', () => {
  it('gives back what it was given, whatever it is, newest first, and no more than it may hold', () => {
    const anything = fc.record(
      {
        atMs: fc.nat(),
        requestId: fc.constantFrom('a', 'b', 'c'),
        reason: fc.constantFrom(...refusalReasons),
        status: fc.constantFrom(400, 404, 431, 503),
        rule: fc.constantFrom(null, ...verdictRules),
        said: fc.string({ maxLength: 40 }),
        keyId: fc.constantFrom(null, 'KEY00001', 'KEY00002'),
        method: fc.constantFrom('GET', 'POST'),
        host: fc.constantFrom('', 'a.example', 'b.example'),
        path: fc.constantFrom('', '/a', '/b'),
        address: fc.constantFrom('192.0.2.1', '2001:db8::1'),
        askedByProxy: fc.boolean(),
        callerKnown: fc.boolean(),
      },
      { noNullPrototype: true },
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(anything, { maxLength: 40 }), (refusalsMax, all) => {
        const book = createRefusalBook({ refusalsMax })
        for (const each of all) book.note(each)
        const expected = all.toReversed().slice(0, refusalsMax)
        assert.deepEqual([...book.newestFirst()], expected)
        for (const id of ['a', 'b', 'c'])
          assert.deepEqual(
            book.find(id),
            expected.find(({ requestId }) => requestId === id),
          )
      }),
    )
  })

  it('two calls under one request id are both there; asked for by it, the newer one is given', () => {
    const book = createRefusalBook()
    book.note(made(1, { requestId: 'same' }))
    book.note(made(2))
    book.note(made(3, { requestId: 'same' }))
    assert.equal(book.find('same')?.atMs, 3)
    assert.deepEqual(
      [...book.newestFirst()].map(({ atMs }) => atMs),
      [3, 2, 1],
    )
    assert.equal(book.find('other'), undefined)
  })

  it('long texts that callers choose are cut where a text may end', () => {
    const { pathMax, hostMax, saidMax } = refusalBookLimits
    const book = createRefusalBook({ refusalsMax: 2 })
    book.note(made(1, { path: `/${'a/'.repeat(4_000)}`, host: 'b.'.repeat(200), said: 'c'.repeat(9_000) }))
    const { path = '', host = '', said = '' } = book.find('r-1') ?? {}
    assert.deepEqual([path.length, host.length, said.length], [pathMax + 3, hostMax + 3, saidMax + 3])
    assert.ok([path, host, said].every((text) => text.endsWith('...')))
  })

  it('20,000 refusals take at most 6 MB, and keep no text that theirs were cut from', function () {
    this.timeout(30_000)
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const heap = (): number => {
      collect()
      collect()
      const { heapUsed, arrayBuffers } = process.memoryUsage()
      return heapUsed + arrayBuffers
    }
    const before = heap()
    const book = createRefusalBook()
    for (let each = 0; each < refusalBookLimits.refusalsMax * 2; each++) {
      // As it arrives: a path is a piece of a target with a long query, an id and an address are texts of their own.
      const target = `/orders/${each}/lines/1?${'q'.repeat(4_000)}${each}`
      const path = target.slice(0, target.indexOf('?'))
      const requestId = Buffer.from(`3f2a9c1b7d00-${each}`).toString()
      const address = Buffer.from(`203.0.${each % 256}.${(each >> 8) % 256}`).toString()
      book.note(made(each, { requestId, address, path, said: `no endpoint answers GET ${path}; POST is there` }))
    }
    const megabytes = (heap() - before) / 1e6
    assert.ok(megabytes <= 6, `${megabytes.toFixed(1)} MB`)
    assert.equal([...book.newestFirst()].length, refusalBookLimits.refusalsMax)
  })
})
