/** A key is taken for what it is, when it is strong enough, and a private key is never taken for its public half. */
import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { algorithmsOfKey, algorithmsOfSecret, readPublicKey } from '../../../daemon/src/verifiers/signature-key.ts'
import { issueThrowaway } from '../../../daemon/src/tls/certificate.ts'
import { ecPair, pem, rsaPair } from '../../support/tokens.ts'

const rsa = rsaPair()
const ec = ecPair()

describe('keys that check signatures', () => {
  it('a secret fits hashes that are no longer than it is (RFC 7518 §3.2)', () => {
    for (const [bytes, fits] of [
      [0, 0],
      [31, 0],
      [32, 1],
      [47, 1],
      [48, 2],
      [63, 2],
      [64, 3],
      [1_000, 3],
    ] as const)
      assert.equal(algorithmsOfSecret(bytes).length, fits, String(bytes))
  })

  it('a public key fits its own family, on a curve that is known, with bits and an exponent that hold', () => {
    assert.deepEqual(algorithmsOfKey(ec.publicKey), ['ES256'])
    assert.deepEqual(algorithmsOfKey(generateKeyPairSync('ed25519').publicKey), ['EdDSA'])
    assert.equal(algorithmsOfKey(rsa.publicKey).length, 6)
    assert.match(String(algorithmsOfKey(rsaPair(1024).publicKey)), /2048 to 16384 bits; this one has 1024/)
    const exponent = (e: string) =>
      algorithmsOfKey(createPublicKey({ key: { ...rsa.publicKey.export({ format: 'jwk' }), e }, format: 'jwk' }))
    for (const e of ['AQ', 'Ag']) assert.match(String(exponent(e)), /exponent/)
    assert.equal(exponent('Aw').length, 6)
    const others = [
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
      generateKeyPairSync('ed448'),
      generateKeyPairSync('x25519'),
      generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
    ]
    for (const { publicKey } of others) assert.equal(typeof algorithmsOfKey(publicKey), 'string')
  })

  it('PEM is read when it is one public key and nothing else', async () => {
    for (const key of [rsa.publicKey, ec.publicKey, generateKeyPairSync('ed25519').publicKey]) {
      const read = readPublicKey(`\n${pem(key).replaceAll('\n', '\r\n')}  `)
      assert.ok(typeof read !== 'string' && read.equals(key))
    }
    const pkcs1 = rsa.publicKey.export({ type: 'pkcs1', format: 'pem' })
    assert.notEqual(typeof readPublicKey(pkcs1), 'string')
    const { certificate } = await issueThrowaway(['a'], 0)
    for (const bad of [
      '',
      'key',
      certificate,
      `${pem(rsa.publicKey)}${pem(ec.publicKey)}`,
      `text before\n${pem(rsa.publicKey)}`,
      pem(rsa.publicKey).replace('MII', 'MIJ'),
    ])
      assert.equal(typeof readPublicKey(bad), 'string', bad.slice(0, 40))
  })

  it('a private key in any of its forms is refused, and not a byte of it is repeated', () => {
    const forms = [
      rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }),
      ec.privateKey.export({ type: 'sec1', format: 'pem' }),
      ec.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
    ].map(String)
    for (const text of [...forms, ...forms.map((form) => `${pem(ec.publicKey)}${form}`)])
      assert.equal(readPublicKey(text), 'this is a private key, which stays with whoever signs; give its public key')
  })

  it('any text is a key or a sentence', () => {
    const body = fc.base64String({ minLength: 1 })
    const near = body.map((text) => `-----BEGIN PUBLIC KEY-----\n${text}\n-----END PUBLIC KEY-----`)
    fc.assert(fc.property(fc.oneof(fc.string(), near), (text) => typeof readPublicKey(text) === 'string'))
  })
})
