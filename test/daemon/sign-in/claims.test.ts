/** Claims are what was asked for, of the type the standard says, at a time that is now; anything else refuses. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { judgeClaims } from '../../../daemon/src/sign-in/claims.ts'
import type { SignInRules } from '../../../daemon/src/sign-in/rules.ts'

const nowMs = Date.UTC(2026, 0, 1)
const now = nowMs / 1000
const rules: SignInRules = {
  clientId: 'cl_1',
  kind: 'jwt',
  algorithms: ['HS256'],
  keys: { find: async () => [] },
  allowedIssuers: [],
  audience: null,
  requiredClaims: [],
  profileClaim: null,
  keyId: 'k',
}
const judge = (claims: Record<string, unknown>, more: Partial<SignInRules> = {}) =>
  judgeClaims({ exp: now + 60, ...claims }, { ...rules, ...more }, nowMs)
const passes = (claims: Record<string, unknown>, more: Partial<SignInRules> = {}): boolean =>
  judge(claims, more) !== null

describe('claims of a token', () => {
  it('end at exp, to the millisecond, with no grace; exp is there and is a number', () => {
    const ends = judge({ exp: now + 1.5 })
    assert.equal(ends?.expiresAtMs, nowMs + 1_500)
    assert.equal(passes({ exp: now + 0.001 }), true)
    for (const exp of [now, now - 1, undefined, null, String(now + 60), [now + 60], true, -1, 1e300, 253_402_300_800])
      assert.equal(passes({ exp }), false, String(exp))
    assert.equal(passes(JSON.parse('{"exp":1e999}') as Record<string, unknown>), false)
    assert.equal(passes({ exp: 253_402_300_799 }), true)
  })

  it('begin at nbf, were issued at iat, and the issuer’s clock may be a minute ahead', () => {
    for (const name of ['nbf', 'iat']) {
      assert.equal(passes({ [name]: now + 60 }), true)
      assert.equal(passes({ [name]: now - 1_000_000 }), true)
      for (const bad of [now + 61, String(now), null, {}, -1, 1e300]) assert.equal(passes({ [name]: bad }), false, name)
    }
  })

  it('have one of the allowed issuers, and hold the audience, by every character', () => {
    const allowedIssuers = ['https://a.example', 'https://b.example/']
    assert.equal(passes({ iss: 'https://b.example/' }, { allowedIssuers }), true)
    for (const iss of ['https://b.example', 'https://A.example', undefined, null, ['https://a.example'], 1])
      assert.equal(passes({ iss }, { allowedIssuers }), false, String(iss))
    assert.equal(passes({ iss: 1 }), false)
    const audience = 'postern'
    assert.equal(passes({ aud: 'postern' }, { audience }), true)
    assert.equal(passes({ aud: ['x', 'postern'] }, { audience }), true)
    for (const aud of ['postern2', 'x postern', ['Postern'], [], undefined, null, { postern: 1 }, ['postern', 1]])
      assert.equal(passes({ aud }, { audience }), false, JSON.stringify(aud))
    assert.equal(passes({ aud: 'anybody' }), true)
  })

  it('hold what is required: the value, or it in a list, or as a word of a text', () => {
    const needs = (name: string, value: string | null): Partial<SignInRules> => ({ requiredClaims: [{ name, value }] })
    for (const scope of ['orders', 'read orders', ['read', 'orders']])
      assert.equal(passes({ scope }, needs('scope', 'orders')), true)
    assert.equal(passes({ level: 3 }, needs('level', '3')), true)
    assert.equal(passes({ checked: true }, needs('checked', 'true')), true)
    assert.equal(passes({ x: false }, needs('x', null)), true)
    for (const scope of ['orders2', 'read,orders', ['orders read'], {}, { orders: 1 }, null, undefined, [['orders']]])
      assert.equal(passes({ scope }, needs('scope', 'orders')), false, JSON.stringify(scope))
    for (const name of ['toString', '__proto__', 'constructor']) assert.equal(passes({}, needs(name, null)), false)
    const both = {
      requiredClaims: [...(needs('a', null).requiredClaims ?? []), ...(needs('b', '1').requiredClaims ?? [])],
    }
    assert.equal(passes({ a: 1 }, both), false)
    assert.equal(passes({ a: 1, b: 1 }, both), true)
  })

  it('name a key by a text in the claim for it; without the claim nobody is named', () => {
    const profileClaim = 'https://example.com/key'
    assert.equal(judge({ [profileClaim]: 'Robot' }, { profileClaim })?.profile, 'Robot')
    assert.equal(judge({ key: 'Robot' }, { profileClaim })?.profile, null)
    assert.equal(judge({ [profileClaim]: 'Robot' })?.profile, null)
    assert.equal(judge({}, { profileClaim: 'toString' })?.profile, null)
    for (const bad of ['', null, 1, ['Robot'], { id: 'Robot' }])
      assert.equal(passes({ [profileClaim]: bad }, { profileClaim }), false)
  })

  it('have a subject that can stand in a header, or none', () => {
    assert.equal(judge({ sub: 'Änne 7' })?.subject, 'Änne 7')
    assert.equal(judge({})?.subject, null)
    assert.equal(passes({ sub: 'x'.repeat(255) }), true)
    for (const sub of ['', 'x'.repeat(256), 'a\r\nX-Admin: 1', 'a\u202eb', '\ud800', null, 7, ['a']])
      assert.equal(passes({ sub }), false, JSON.stringify(sub))
  })

  it('whatever they are, they are judged without a throw, and never hold past their end', () => {
    const value = fc.oneof(fc.jsonValue(), fc.double(), fc.integer({ min: now - 200, max: now + 200 }))
    const some = fc.dictionary(fc.constantFrom('exp', 'nbf', 'iat', 'iss', 'aud', 'sub', 'key', 'scope'), value)
    const asks = { allowedIssuers: ['i'], audience: 'a', profileClaim: 'key' }
    fc.assert(
      fc.property(some, fc.boolean(), (claims, strict) => {
        const judged = judgeClaims(claims, strict ? { ...rules, ...asks } : rules, nowMs)
        if (judged === null) return
        assert.ok(judged.expiresAtMs > nowMs && Number.isSafeInteger(judged.expiresAtMs))
        assert.ok(!strict || (claims['iss'] === 'i' && [claims['aud']].flat().includes('a')))
      }),
      { numRuns: 1_000 },
    )
  })
})
