import assert from 'node:assert/strict'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { buildIndex } from '../../../daemon/src/access/build-index.ts'
import { createPrincipals } from '../../../daemon/src/gateway/principal.ts'
import { drawSigningMaterial } from '../../../daemon/src/keys/material.ts'
import { createTokenIssuer, type SigningKey } from '../../../daemon/src/tokens/issuer.ts'
import { makeDocument, makeEndpoint, makeKey } from '../../support/access-document.ts'

const signingKey = (signsFromMs: number): SigningKey => {
  const { id, publicKey, privateKey } = drawSigningMaterial()
  return { id, publicKey, privateKey: privateKey.reveal(), signsFromMs }
}
const nowMs = Date.UTC(2026, 5, 1)
const noFirst = async (): Promise<void> => {}

describe('the signed word of who calls', () => {
  const made = makeKey({ name: 'Lager Süd', subject: 'zoë@example.com' })
  const index = buildIndex(
    makeDocument({ keys: [made], endpoints: [makeEndpoint('GET', '/a', { upstream: 'http://10.0.0.5:9000/a' })] }),
    1,
  )
  const key = index.keys.get(made.record.id)
  const [endpoint] = index.endpoints
  if (key === undefined || endpoint === undefined) throw new Error('the document has both')

  it('is checked by what is published, is for this upstream alone and for a minute, and says whom the key acts as', async () => {
    const issuer = createTokenIssuer(() => keys, noFirst)
    const keys = [signingKey(nowMs - 1), signingKey(nowMs + 1_000)]
    const token = await createPrincipals(issuer.sign, () => 'urn:postern:store:s1').of(key, endpoint, nowMs)
    const checked = await jwtVerify(token, createLocalJWKSet(issuer.jwks()), {
      audience: 'http://10.0.0.5:9000',
      issuer: 'urn:postern:store:s1',
      typ: 'postern-principal+jwt',
      currentDate: new Date(nowMs + 59_000),
    })
    assert.equal(checked.protectedHeader.kid, keys[0]?.id)
    assert.equal(checked.protectedHeader.alg, 'ES256')
    assert.equal(checked.payload.sub, 'zoë@example.com')
    assert.equal(checked.payload['key_id'], key.id)
    assert.equal(checked.payload['version'], 'v1')
    await assert.rejects(jwtVerify(token, createLocalJWKSet(issuer.jwks()), { currentDate: new Date(nowMs + 61_000) }))
  })

  it('is for the host where a proxy forwards by itself, or the collection where any host will do, and never for everybody', async () => {
    const asked = [
      makeEndpoint('GET', '/b', { upstream: null, host: 'erp.example' }),
      makeEndpoint('GET', '/c', { upstream: null }),
    ]
    const { endpoints } = buildIndex(makeDocument({ endpoints: asked }), 1)
    const principals = createPrincipals(
      (claims) => Promise.resolve(String(claims['aud'])),
      () => 'i',
    )
    const audiences = await Promise.all(endpoints.map((each) => principals.of(key, each, nowMs)))
    assert.deepEqual(audiences.toSorted(), [endpoints[0]?.collectionId, 'erp.example'])
  })

  it('is signed anew in time, by the newest key that may sign, and never lasts longer than its key', async () => {
    const keys = [signingKey(nowMs - 1), signingKey(nowMs + 45_000)]
    const issuer = createTokenIssuer(() => keys, noFirst)
    const principals = createPrincipals(issuer.sign, () => 'i')
    const kidAt = async (atMs: number): Promise<string> =>
      (
        JSON.parse(
          Buffer.from((await principals.of(key, endpoint, atMs)).split('.')[0] ?? '', 'base64url').toString(),
        ) as { kid: string }
      ).kid
    const first = await principals.of(key, endpoint, nowMs)
    assert.equal(await principals.of(key, endpoint, nowMs + 29_000), first)
    assert.equal(await kidAt(nowMs + 31_000), keys[0]?.id)
    assert.equal(await kidAt(nowMs + 70_000), keys[1]?.id)
    const short = { ...key, expiresAtMs: nowMs + 10_000 }
    const token = await principals.of(short, endpoint, nowMs)
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number }
    assert.equal(exp, (nowMs + 10_000) / 1_000)
  })

  it('nothing private is published, and without a key the call is refused', async () => {
    const issuer = createTokenIssuer(() => [signingKey(0)], noFirst)
    assert.deepEqual(Object.keys(issuer.jwks().keys[0] ?? {}).toSorted(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    const none = createPrincipals(createTokenIssuer(() => [], noFirst).sign, () => 'i')
    await assert.rejects(none.of(key, endpoint, nowMs), { code: 'overloaded' })
  })
})
