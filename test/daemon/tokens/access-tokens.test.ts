import assert from 'node:assert/strict'
import fc from 'fast-check'
import { decodeJwt, SignJWT } from 'jose'
import { createPrivateKey } from 'node:crypto'
import { drawSigningMaterial } from '../../../daemon/src/keys/material.ts'
import {
  accessTokenSecondsMax,
  createAccessTokens,
  type AccessTokens,
} from '../../../daemon/src/tokens/access-tokens.ts'
import { createTokenIssuer, type SigningKey } from '../../../daemon/src/tokens/issuer.ts'

const nowMs = Date.UTC(2026, 5, 1)
const drawn = drawSigningMaterial()
const signing: SigningKey = {
  id: drawn.id,
  publicKey: drawn.publicKey,
  privateKey: drawn.privateKey.reveal(),
  signsFromMs: 0,
}
const keys = [signing]
const revokedIds = new Set<string>()
const tokensOf = (storeId: string): AccessTokens =>
  createAccessTokens({
    issuer: createTokenIssuer(
      () => keys,
      async () => {},
    ),
    revoked: { has: (id) => revokedIds.has(id), add: async ({ id }) => void revokedIds.add(id) },
    storeId,
  })
const tokens = tokensOf('s1')
const asked = { keyId: 'abcd1234', secretVersion: 3, untilMs: Infinity, issuer: 'https://gw', scope: null }

describe('access tokens', () => {
  it('say whose they are and nothing that opens anything, and last 15 minutes at most', async () => {
    const { token, expiresIn } = await tokens.issue(asked, nowMs)
    assert.equal(expiresIn, accessTokenSecondsMax)
    const facts = await tokens.verify(token, nowMs)
    assert.deepEqual(
      [facts?.keyId, facts?.secretVersion, facts?.expiresAtMs, facts?.issuer, facts?.scope],
      ['abcd1234', 3, nowMs + 900_000, 'https://gw', null],
    )
  })

  it('never outlast what they were made from, whenever that ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1_000, max: 2_000_000 }), async (leftMs) => {
        const { token, expiresIn } = await tokens.issue({ ...asked, untilMs: nowMs + leftMs }, nowMs)
        assert.ok(expiresIn * 1_000 <= leftMs && expiresIn <= accessTokenSecondsMax)
        const { exp = NaN } = decodeJwt(token)
        assert.equal(await tokens.verify(token, exp * 1_000), null)
      }),
      { numRuns: 50 },
    )
  })

  it('one known from before ends by the clock and by being taken back, without a signature being looked at', async () => {
    const { token } = await tokens.issue(asked, nowMs)
    const facts = tokens.known(token, nowMs)
    assert.ok(facts !== undefined, 'it was issued here')
    assert.deepEqual(await tokens.verify(token, nowMs), facts)
    assert.equal(tokens.known(token, nowMs + 900_000), null)
    const another = (await tokens.issue(asked, nowMs)).token
    const said = await tokens.verify(another, nowMs)
    assert.ok(said !== null)
    await tokens.revoke(said, nowMs)
    assert.equal(tokens.known(another, nowMs), null)
    assert.equal(await tokens.verify(another, nowMs), null)
  })

  it('one of another store, type, algorithm or shape is none, and no text makes it throw', async () => {
    const { token } = await tokens.issue(asked, nowMs)
    assert.equal(await tokensOf('s2').verify(token, nowMs), null)
    const claims = decodeJwt(token)
    const key = createPrivateKey({ key: Buffer.from(signing.privateKey, 'base64url'), format: 'der', type: 'pkcs8' })
    const sign = (payload: object, header: object) =>
      new SignJWT({ ...payload })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: signing.id, ...header })
        .sign(key)
    assert.notEqual(await tokens.verify(await sign(claims, {}), nowMs), null)
    for (const [payload, header] of [
      [claims, { typ: 'JWT' }],
      [claims, { typ: 'postern-principal+jwt' }],
      [{ ...claims, client_id: 7 }, {}],
      [{ ...claims, secret_version: '3' }, {}],
      [{ ...claims, jti: undefined }, {}],
      [{ ...claims, scope: ['a'] }, {}],
      [{ ...claims, aud: 'urn:postern:store:other' }, {}],
      [{ ...claims, exp: undefined }, {}],
      [{ ...claims, nbf: nowMs / 1_000 + 120 }, {}],
    ] as const)
      assert.equal(await tokens.verify(await sign(payload, header), nowMs), null, JSON.stringify([payload, header]))
    await fc.assert(fc.asyncProperty(fc.string(), async (text) => assert.equal(await tokens.verify(text, nowMs), null)))
  })
})
