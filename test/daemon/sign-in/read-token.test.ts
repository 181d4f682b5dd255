/** A token means one thing or nothing, before anybody asks who has signed it. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isTokenLike, readToken, tokenBytesMax } from '../../../daemon/src/sign-in/read-token.ts'
import { part } from '../../support/tokens.ts'

const head = { alg: 'RS256', kid: 'one', typ: 'JWT' }
const claims = { iss: 'https://issuer.example', exp: 1 }
const written = (first: unknown, second: unknown, third = 'c2ln'): string => `${part(first)}.${part(second)}.${third}`

describe('reading a token', () => {
  it('gives its algorithm, the name of its key and its claims', () => {
    assert.deepEqual(readToken(written(head, claims)), { alg: 'RS256', kid: 'one', claims })
    assert.deepEqual(readToken(written({ alg: 'ES256' }, {})), { alg: 'ES256', kid: undefined, claims: {} })
  })

  it('takes the types of access and plain tokens alone, however they are written', () => {
    for (const typ of ['JWT', 'jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt', 'application/jwt'])
      assert.notEqual(readToken(written({ ...head, typ }, claims)), null, typ)
    for (const typ of ['logout+jwt', 'dpop+jwt', 'JWS', 'JOSE', '', 7, null, ['JWT'], 'secevent+jwt'])
      assert.equal(readToken(written({ ...head, typ }, claims)), null, String(typ))
  })

  it('refuses whatever brings or points to its own key, changes how it is read, or has to be understood', () => {
    for (const name of ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'zip', 'b64', 'enc'])
      for (const value of ['https://evil.example/keys', {}, ['exp'], null, true])
        assert.equal(readToken(written({ ...head, [name]: value }, claims)), null, name)
  })

  it('is three parts: no encrypted token, no missing or further part, no JSON form, no detached payload', () => {
    const good = written(head, claims)
    const [first = '', second = '', third = ''] = good.split('.')
    for (const bad of [
      '',
      '.',
      '..',
      first,
      `${first}.${second}`,
      `${first}.${second}.`,
      `${first}..${third}`,
      `.${second}.${third}`,
      `${good}.`,
      `${good}.${third}.${third}`,
      `${good} `,
      `\n${good}`,
      JSON.stringify({ protected: first, payload: second, signature: third }),
    ])
      assert.equal(readToken(bad), null, bad)
  })

  it('refuses base64url that could be written in another way, and base64 that is not url-safe', () => {
    // The last character of one byte has four bits that mean nothing.
    const [first, second] = written(head, claims).split('.')
    assert.notEqual(readToken(`${first}.${second}.AA`), null)
    for (const third of ['AB', 'AA==', 'A', 'AAA=', '+/+/', 'AA AA'])
      assert.equal(readToken(`${first}.${second}.${third}`), null, third)
  })

  it('refuses a name that stands twice, at any depth, whether written plainly or escaped', () => {
    for (const [first, second] of [
      ['{"alg":"none","alg":"RS256"}', '{}'],
      ['{"alg":"RS256","\\u0061lg":"HS256"}', '{}'],
      ['{"alg":"RS256"}', '{"sub":"a","sub":"b"}'],
      ['{"alg":"RS256"}', '{"a":[{"x":1,"x":2}]}'],
      ['{"alg":"RS256"}', '{"__proto__":1,"__proto__":2}'],
    ])
      assert.equal(readToken(written(first, second)), null, `${first} ${second}`)
    assert.notEqual(readToken(written('{"alg":"RS256","x":":\\":"}', '{"a":{"x":1},"b":[{"x":"{:}"}]}')), null)
  })

  it('refuses what is no object in UTF-8', () => {
    for (const bad of ['[]', '"text"', 'null', '1', '{', '{"a":1}x', '', '\ufeff{"alg":"RS256"}']) {
      assert.equal(readToken(written(bad, claims)), null, bad)
      assert.equal(readToken(written(head, bad)), null, bad)
    }
    const broken = Buffer.from('{"alg":"RS256","kid":"\xff"}', 'latin1').toString('base64url')
    assert.equal(readToken(`${broken}.${part(claims)}.AA`), null)
    for (const alg of [undefined, null, 1, ['RS256'], {}])
      assert.equal(readToken(written({ ...head, alg }, claims)), null)
    for (const kid of [null, 1, {}]) assert.equal(readToken(written({ ...head, kid }, claims)), null)
  })

  it('is at most 8 KiB long', () => {
    const rest = tokenBytesMax - written(head, claims, '').length
    const filled = (length: number): string => written(head, claims, 'A'.repeat(length))
    assert.equal(isTokenLike(filled(rest)), true)
    assert.equal(isTokenLike(filled(rest + 1)), false)
    assert.equal(readToken(filled(rest + 4)), null)
  })

  it('any text and any JSON is read or refused, and never throws; what is read says what was written', () => {
    fc.assert(fc.property(fc.string(), (text) => readToken(text) === null || isTokenLike(text)))
    fc.assert(
      fc.property(fc.json(), fc.dictionary(fc.string(), fc.jsonValue()), (first, second) => {
        readToken(written(first, '{}'))
        assert.deepEqual(
          readToken(written({ alg: 'X' }, JSON.stringify(second)))?.claims,
          JSON.parse(JSON.stringify(second)),
        )
      }),
    )
  })
})
