/** Of a published set only keys that may check signatures are taken, each for what it is made for. */
import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { fitting, readJwks } from '../../../daemon/src/sign-in/jwks.ts'
import { ecPair, jwk, rsaPair } from '../../support/tokens.ts'

const rsa = rsaPair()
const ec = ecPair()
const ed = generateKeyPairSync('ed25519')
const algorithmsIn = (...keys: unknown[]): string[] => readJwks({ keys }).flatMap(({ algorithms }) => algorithms)

describe('published keys', () => {
  it('fit the algorithms of their own family, and of these the one that they name', () => {
    assert.deepEqual(algorithmsIn(jwk(ec.publicKey)), ['ES256'])
    assert.deepEqual(algorithmsIn(jwk(ecPair('P-384').publicKey)), ['ES384'])
    assert.deepEqual(algorithmsIn(jwk(ecPair('P-521').publicKey)), ['ES512'])
    assert.deepEqual(algorithmsIn(jwk(ed.publicKey)), ['EdDSA'])
    assert.deepEqual(algorithmsIn(jwk(rsa.publicKey)), ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'])
    assert.deepEqual(algorithmsIn(jwk(rsa.publicKey, { alg: 'PS256', use: 'sig', key_ops: ['verify'] })), ['PS256'])
    assert.deepEqual(algorithmsIn(jwk(rsa.publicKey, { alg: 'ES256' })), [])
    assert.deepEqual(algorithmsIn(jwk(rsa.publicKey, { alg: 'HS256' })), [])
  })

  it('are left out when they are for something else, weak, private, shared, or not understood; the others stay', () => {
    const good = jwk(ec.publicKey, { kid: 'good' })
    const one = createPublicKey({ key: { ...rsa.publicKey.export({ format: 'jwk' }), e: 'AQ' }, format: 'jwk' })
    const bad = [
      jwk(rsa.publicKey, { use: 'enc' }),
      jwk(rsa.publicKey, { key_ops: ['encrypt'] }),
      jwk(rsa.publicKey, { key_ops: 'verify' }),
      jwk(rsa.publicKey, { kid: 7 }),
      jwk(rsaPair(1024).publicKey),
      jwk(one),
      jwk(rsa.privateKey),
      jwk(ec.privateKey),
      jwk(generateKeyPairSync('ed448').publicKey),
      jwk(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey),
      jwk(generateKeyPairSync('x25519').publicKey),
      { kty: 'oct', k: Buffer.alloc(64, 1).toString('base64url') },
      { ...jwk(ec.publicKey), y: 'AAAA' },
      { kty: 'RSA' },
      {},
      null,
      'key',
      [],
    ]
    const left = readJwks({ keys: [...bad, good, ...bad] })
    assert.deepEqual(
      left.map(({ kid }) => kid),
      ['good'],
    )
  })

  it('are found by the name a token has for its key; without one, a few that fit are tried', () => {
    const keys = readJwks({
      keys: [jwk(ec.publicKey, { kid: 'a' }), jwk(ecPair().publicKey, { kid: 'b' }), jwk(rsa.publicKey)],
    })
    assert.equal(fitting(keys, { alg: 'ES256', kid: 'a' }).length, 1)
    assert.equal(fitting(keys, { alg: 'ES256', kid: undefined }).length, 2)
    assert.equal(fitting(keys, { alg: 'ES256', kid: 'c' }).length, 0)
    assert.equal(fitting(keys, { alg: 'RS256', kid: 'a' }).length, 0)
    assert.equal(fitting(keys, { alg: 'HS256', kid: undefined }).length, 0)
    const many = readJwks({ keys: Array.from({ length: 20 }, () => jwk(ec.publicKey)) })
    assert.equal(fitting(many, { alg: 'ES256', kid: undefined }).length, 8)
  })

  it('a set may be empty; what is no set is refused whole, whatever it is', () => {
    assert.deepEqual(readJwks({ keys: [] }), [])
    for (const bad of [null, [], 'x', {}, { keys: {} }, { keys: 'x' }])
      assert.throws(() => readJwks(bad), /no set of keys/)
    const member = fc.oneof(
      fc.jsonValue(),
      fc.constant(jwk(rsa.publicKey)),
      fc.dictionary(fc.constantFrom('kty', 'crv', 'n', 'e', 'x', 'y', 'alg', 'use'), fc.jsonValue()),
    )
    fc.assert(fc.property(fc.array(member), (keys) => readJwks({ keys }).length <= keys.length))
  })
})
