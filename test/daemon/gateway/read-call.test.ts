/** A path has one meaning or is refused; a credential has one reading or is refused. */
import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { readCall, readTarget, targetBytesMax } from '../../../daemon/src/gateway/read-call.ts'

describe('readTarget', () => {
  for (const target of [
    '/',
    '/a',
    '/a/',
    '/a/b.c',
    '/...',
    '/.a',
    '/a..b',
    '/a%20b',
    '/%E2%82%AC',
    "/a~!$&'()*+,=:@-_",
    '/a?',
    '/a?b=/../%2e',
    '/a?x=1;y=2',
  ])
    it(`${target} is taken as it is`, () => {
      const read = readTarget(target)
      assert.ok(typeof read !== 'string')
      assert.equal(read.path + read.query, target)
    })

  for (const target of [
    '',
    'a',
    '*',
    '//',
    '/a//b',
    '/.',
    '/..',
    '/a/.',
    '/a/../b',
    '/%2e',
    '/a%2Fb',
    '/a%5cb',
    '/a\\b',
    '/a;b',
    '/a%',
    '/a%4',
    '/a%zz',
    '/%00',
    '/%0d',
    '/%7F',
    '/%252e',
    '/%252F',
    '/%c0%ae',
    '/%C1%9c',
    '/%e0%80%af',
    '/%F0%80%80%af',
    '/é',
    '/a b',
    '/a#b',
    '/a?#',
    '/a?b c',
    '/a?\x7f',
    '/a\0',
  ])
    it(`${JSON.stringify(target)} is refused`, () => assert.equal(typeof readTarget(target), 'string'))

  it('however often a path that was taken is decoded, it keeps its segments', () => {
    const piece = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          '.',
          '..',
          '/',
          '\\',
          ';',
          '%',
          '2',
          'e',
          'E',
          'f',
          '5',
          'c',
          '%2e',
          '%25',
          '%c0%ae',
        ),
      },
      fc.string({ minLength: 1, maxLength: 1, unit: 'binary-ascii' }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const read = readTarget(`/${pieces.join('')}`)
        if (typeof read === 'string') return
        let path = read.path
        const count = path.split('/').length
        for (let round = 0; round < 4; round++) {
          path = Buffer.from(
            path.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
            'latin1',
          ).toString('latin1')
          const segments = path.split(/[/\\]/)
          assert.equal(segments.length, count, path)
          assert.ok(!segments.includes('..') && !segments.includes('.') && !/[\0\r\n]/.test(path), path)
        }
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('readCall', () => {
  const read = (headers: string[], parts: Partial<IncomingMessage> = {}) =>
    readCall({
      rawHeaders: ['Host', 'gw.example', ...headers],
      url: '/a',
      method: 'GET',
      httpVersion: '1.1',
      ...parts,
    } as IncomingMessage)
  const credential = (...headers: string[]) => {
    const call = read(headers)
    assert.ok(!('code' in call))
    return call.credential
  }

  for (const [what, headers, expected] of [
    ['none', [], { kind: 'none' }],
    ['Bearer', ['Authorization', 'Bearer abc'], { kind: 'value', value: 'abc' }],
    ['bearer with spaces between', ['authorization', 'bearer   abc='], { kind: 'value', value: 'abc=' }],
    ['X-API-Key', ['x-api-key', 'abc'], { kind: 'value', value: 'abc' }],
    ['Basic', ['Authorization', `BASIC ${btoa('id:se:cret')}`], { kind: 'pair', keyId: 'id', secret: 'se:cret' }],
  ] as const)
    it(`${what} is read`, () => assert.deepEqual(credential(...headers), expected))

  for (const headers of [
    ['Authorization', ''],
    ['Authorization', 'Bearer'],
    ['Authorization', 'Bearer a b'],
    ['Authorization', 'Bearer a,b'],
    ['Authorization', 'Bearer "a"'],
    ['Authorization', 'abc'],
    ['Authorization', 'Negotiate abc'],
    ['Authorization', 'Basic a-b'],
    ['Authorization', `Basic ${btoa('nocolon')}`],
    ['X-API-Key', ''],
    ['X-API-Key', 'a b'],
    ['X-API-Key', 'Bearer a'],
    ['Authorization', 'Bearer a', 'authorization', 'Bearer a'],
    ['X-API-Key', 'a', 'X-Api-Key', 'a'],
    ['Authorization', 'Bearer a', 'X-API-Key', 'a'],
  ])
    it(`${JSON.stringify(headers)} is malformed`, () => {
      const found = credential(...headers)
      assert.equal(found.kind, 'malformed')
    })

  const refused: [string, string[], Partial<IncomingMessage>][] = [
    ['request_malformed', [], { method: 'TRACE' }],
    ['request_malformed', [], { httpVersion: '2.0' }],
    ['request_malformed', [], { httpVersion: '0.9' }],
    ['request_malformed', ['Host', 'b'], {}],
    ['request_malformed', [], { rawHeaders: [] }],
    ['request_malformed', ['Transfer-Encoding', 'chunked'], { httpVersion: '1.0' }],
    ['request_malformed', ['Transfer-Encoding', 'gzip'], {}],
    ['request_malformed', ['Transfer-Encoding', 'chunked', 'Content-Length', '1'], {}],
    ['request_malformed', ['Content-Length', '1e3'], {}],
    ['request_malformed', ['Connection', 'close, X_API_Key'], {}],
    ['request_malformed', ['Connection', 'close', 'connection', 'x-forwarded-for'], {}],
    ['expectation_failed', ['Expect', 'more'], {}],
    ['target_too_long', [], { url: `/${'a'.repeat(targetBytesMax)}` }],
    ['headers_too_large', Array.from({ length: 128 }, () => 'x'), {}],
  ]
  for (const [code, headers, parts] of refused)
    it(`${JSON.stringify(parts).slice(0, 40)} with ${JSON.stringify(headers).slice(0, 60)} is ${code}`, () => {
      const found = read(headers, parts)
      assert.equal('code' in found ? found.code : 'a call', code)
    })

  it('64 header lines and a target of the full length are taken', () => {
    const headers = Array.from({ length: 63 }, (_, at) => [`x-${at}`, '1']).flat()
    assert.ok(!('code' in read(headers, { url: `/${'a'.repeat(targetBytesMax - 1)}` })))
  })

  for (const [host, name] of [
    ['GW.Example:8443', 'gw.example'],
    ['[::1]:80', '[::1]'],
    ['127.0.0.1', '127.0.0.1'],
  ] as const)
    it(`the host ${host} is ${name}`, () => {
      const call = read([], { rawHeaders: ['Host', host] })
      assert.ok(!('code' in call))
      assert.deepEqual([call.host, call.authority], [name, host])
    })
})
