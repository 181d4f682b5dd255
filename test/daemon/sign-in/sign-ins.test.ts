/** A token lets somebody in as one key of one client that asked for exactly such tokens; whatever else it is, it does not. */
import assert from 'node:assert/strict'
import { createSecretKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import type { SignInAlgorithm } from '@postern/shared'
import type { SignInRules } from '../../../daemon/src/sign-in/rules.ts'
import { clientsTriedMax, createSignIns } from '../../../daemon/src/sign-in/sign-ins.ts'
import { ecPair, hmac, part, pem, rsaPair, signer, token, type Signer } from '../../support/tokens.ts'

const nowMs = Date.UTC(2026, 0, 1)
const now = nowMs / 1000
const secret = 's'.repeat(64)
const claims = { sub: 'anna', exp: now + 3_600 }
const rsa = rsaPair()
const ec = ecPair()
const ed = generateKeyPairSync('ed25519')

const rulesFor = (
  id: string,
  key: KeyObject,
  algorithms: SignInAlgorithm[],
  more: Partial<SignInRules> = {},
): SignInRules => ({
  clientId: id,
  kind: 'jwt',
  algorithms,
  keys: { find: async () => [key] },
  allowedIssuers: [],
  audience: null,
  requiredClaims: [],
  profileClaim: null,
  keyId: `key of ${id}`,
  ...more,
})
const shared = (id = 'a', more: Partial<SignInRules> = {}): SignInRules =>
  rulesFor(id, createSecretKey(secret, 'utf8'), ['HS256'], more)
const bed = (...all: SignInRules[]) => {
  const state = { rules: new Map(all.map((each) => [each.clientId, each])), gone: new Set<string>() }
  const keyOf = (clientId: string, name: string): string | null =>
    name === `key of ${clientId}` && !state.gone.has(name) ? name : null
  return Object.assign(state, { signIns: createSignIns({ rules: () => state.rules, keyOf }) })
}
const keyOf = async (text: string, ...all: SignInRules[]): Promise<string | null> =>
  (await bed(...all).signIns.verify(text, nowMs))?.keyId ?? null

describe('signing in with a token', () => {
  it('works by every algorithm that a client can choose', async () => {
    const pss: Signer = (input) =>
      sign('sha256', Buffer.from(input), { key: rsa.privateKey, padding: 6, saltLength: 32 })
    const [p384, p521] = [ecPair('P-384'), ecPair('P-521')]
    const each: [SignInAlgorithm, KeyObject, Signer][] = [
      ['HS256', createSecretKey(secret, 'utf8'), hmac(secret)],
      ['HS384', createSecretKey(secret, 'utf8'), hmac(secret, 'sha384')],
      ['HS512', createSecretKey(secret, 'utf8'), hmac(secret, 'sha512')],
      ['RS256', rsa.publicKey, signer(rsa.privateKey)],
      ['RS512', rsa.publicKey, signer(rsa.privateKey, 'sha512')],
      ['PS256', rsa.publicKey, pss],
      ['ES256', ec.publicKey, signer(ec.privateKey)],
      ['ES384', p384.publicKey, signer(p384.privateKey, 'sha384')],
      ['ES512', p521.publicKey, signer(p521.privateKey, 'sha512')],
      ['EdDSA', ed.publicKey, signer(ed.privateKey, null)],
    ]
    for (const [alg, key, by] of each) {
      assert.equal(await keyOf(token({ alg }, claims, by), rulesFor('a', key, [alg])), 'key of a', alg)
      // The same token by a client that asked for any other.
      const others = each.map(([name]) => name).filter((name) => name !== alg)
      assert.equal(await keyOf(token({ alg }, claims, by), rulesFor('a', key, others)), null, alg)
    }
  })

  it('says whose rights, as whom, and until when', async () => {
    const { signIns } = bed(shared())
    assert.deepEqual(await signIns.verify(token({ alg: 'HS256' }, claims, hmac(secret)), nowMs), {
      clientId: 'a',
      way: 'jwt',
      keyId: 'key of a',
      subject: 'anna',
      expiresAtMs: nowMs + 3_600_000,
    })
  })

  it('never by none, and never by a public key taken for a secret', async () => {
    const text = pem(rsa.publicKey)
    const der = rsa.publicKey.export({ type: 'spki', format: 'der' })
    const rules = rulesFor('a', rsa.publicKey, ['RS256'])
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', 'HS256', 'RS1', 'ES256K', 'rs256'])
      for (const by of [text, text.trim(), der]
        .map((key) => hmac(key))
        .concat(
          () => Buffer.alloc(0),
          () => Buffer.alloc(1),
        ))
        assert.equal(await keyOf(token({ alg }, claims, by), rules, shared('b')), null, alg)
    // Even where somebody would allow both.
    const both = rulesFor('a', rsa.publicKey, ['RS256', 'HS256'])
    for (const key of [text, text.trim(), der])
      assert.equal(await keyOf(token({ alg: 'HS256' }, claims, hmac(key)), both), null)
  })

  it('never by a signature that is changed, cut, empty, of another form, or of another token', async () => {
    for (const [alg, key, by] of [
      ['HS256', createSecretKey(secret, 'utf8'), hmac(secret)],
      ['RS256', rsa.publicKey, signer(rsa.privateKey)],
      ['ES256', ec.publicKey, signer(ec.privateKey)],
      ['EdDSA', ed.publicKey, signer(ed.privateKey, null)],
    ] as const) {
      const rules = rulesFor('a', key, [alg])
      const changed = (change: (bytes: Buffer) => Buffer): string =>
        token({ alg }, claims, (input) => change(Buffer.from(by(input))))
      assert.equal(
        await keyOf(
          changed((bytes) => bytes),
          rules,
        ),
        'key of a',
        alg,
      )
      const bad: ((bytes: Buffer) => Buffer)[] = [
        (bytes) => bytes.fill(bytes.readUInt8(0) ^ 1, 0, 1),
        (bytes) => bytes.fill(bytes.readUInt8(bytes.length - 1) ^ 0x80, bytes.length - 1),
        (bytes) => bytes.subarray(0, -1),
        (bytes) => bytes.subarray(1),
        (bytes) => bytes.subarray(0, bytes.length / 2),
        (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]),
        (bytes) => Buffer.concat([Buffer.alloc(1), bytes]),
        (bytes) => bytes.fill(0),
        (bytes) => bytes.fill(0xff),
        () => Buffer.alloc(0),
      ]
      for (const [at, change] of bad.entries()) assert.equal(await keyOf(changed(change), rules), null, `${alg} ${at}`)
      const [head, , signature] = changed((bytes) => bytes).split('.')
      assert.equal(await keyOf(`${head}.${part({ ...claims, sub: 'root' })}.${signature}`, rules), null)
      assert.equal(await keyOf(`${part({ alg, typ: 'JWT' })}.${part(claims)}.${signature}`, rules), null)
    }
  })

  it('never by an ECDSA signature in DER, with a zero, or on another curve; PKCS #1 is not PSS', async () => {
    const rules = rulesFor('a', ec.publicKey, ['ES256'])
    const der: Signer = (input) => sign('sha256', Buffer.from(input), ec.privateKey)
    assert.equal(await keyOf(token({ alg: 'ES256' }, claims, der), rules), null)
    for (const half of [0, 32])
      assert.equal(
        await keyOf(
          token({ alg: 'ES256' }, claims, (input) => signer(ec.privateKey)(input).fill(0, half, half + 32)),
          rules,
        ),
        null,
      )
    const other = ecPair('P-384')
    for (const alg of ['ES256', 'ES384'] as const) {
      const text = token({ alg }, claims, signer(other.privateKey, alg === 'ES256' ? 'sha256' : 'sha384'))
      assert.equal(await keyOf(text, rulesFor('a', ec.publicKey, ['ES256', 'ES384'])), null)
      assert.equal(await keyOf(text, rulesFor('a', other.publicKey, ['ES256'])), null)
    }
    const pkcs = token({ alg: 'PS256' }, claims, signer(rsa.privateKey))
    assert.equal(await keyOf(pkcs, rulesFor('a', rsa.publicKey, ['PS256', 'RS256'])), null)
  })

  it('never past its end, before its beginning, or without an end, whoever has signed it', async () => {
    const end = { alg: 'HS256' }
    for (const bad of [
      { ...claims, exp: now },
      { ...claims, exp: String(now + 60) },
      '{"exp":1e999}',
      `{"exp":${'9'.repeat(400)}}`,
      '{"exp":99999999999999999999}',
      { sub: 'anna' },
      { ...claims, nbf: now + 61 },
      { ...claims, iat: now + 61 },
      { ...claims, aud: { a: 1 } },
      '{"exp":9999999999,"exp":9999999998}',
    ])
      assert.equal(await keyOf(token(end, bad, hmac(secret)), shared()), null, JSON.stringify(bad))
  })

  it('is known at once the second time, until it ends, and never before it was verified', async () => {
    const { signIns } = bed(shared())
    const text = token({ alg: 'HS256' }, { exp: now + 60 }, hmac(secret))
    assert.equal(signIns.known(text, nowMs), null)
    const first = await signIns.verify(text, nowMs)
    assert.deepEqual(signIns.known(text, nowMs + 59_999), first)
    assert.equal(signIns.known(`${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`, nowMs), null)
    assert.equal(signIns.known(text, nowMs + 60_000), null)
    assert.equal(await signIns.verify(text, nowMs + 60_000), null)
  })

  it('is unknown from the moment the settings of its client change, its client goes, or its key does', async () => {
    const text = token({ alg: 'HS256' }, claims, hmac(secret))
    for (const change of [
      ({ rules }: ReturnType<typeof bed>) => rules.set('a', shared()),
      ({ rules }: ReturnType<typeof bed>) => rules.delete('a'),
      ({ gone }: ReturnType<typeof bed>) => gone.add('key of a'),
    ]) {
      const at = bed(shared())
      assert.notEqual(await at.signIns.verify(text, nowMs), null)
      change(at)
      assert.equal(at.signIns.known(text, nowMs), null)
    }
  })

  it('a change while a token is being checked holds for it', async () => {
    const at = bed()
    const changing = shared('a', {
      keys: {
        find: async () => {
          at.rules.delete('a')
          return [createSecretKey(secret, 'utf8')]
        },
      },
    })
    at.rules.set('a', changing)
    const text = token({ alg: 'HS256' }, claims, hmac(secret))
    assert.equal(await at.signIns.verify(text, nowMs), null)
    at.rules.set('a', changing)
    assert.equal(at.signIns.known(text, nowMs), null)
  })

  it('goes to the client that names its issuer; clients without issuers take only what nobody names', async () => {
    const named = shared('named', {
      allowedIssuers: ['https://i.example'],
      requiredClaims: [{ name: 'role', value: null }],
    })
    const any = shared('any')
    const by = (more: object): string => token({ alg: 'HS256' }, { ...claims, ...more }, hmac(secret))
    assert.equal(await keyOf(by({ iss: 'https://i.example', role: 'x' }), any, named), 'key of named')
    assert.equal(await keyOf(by({ iss: 'https://i.example' }), any, named), null)
    assert.equal(await keyOf(by({ iss: 'https://other.example' }), any, named), 'key of any')
    assert.equal(await keyOf(by({}), any, named), 'key of any')
    assert.equal(await keyOf(by({ iss: 'https://other.example' }), named), null)
  })

  it('of clients with one issuer, the first that takes all of it, and whose key it names', async () => {
    const issuer = { allowedIssuers: ['i'], profileClaim: 'key', keyId: null }
    const [one, two] = [shared('one', issuer), shared('two', { ...issuer, audience: 'two' })]
    const by = (more: object): string => token({ alg: 'HS256' }, { ...claims, iss: 'i', ...more }, hmac(secret))
    assert.equal(await keyOf(by({ key: 'key of two', aud: 'two' }), one, two), 'key of two')
    assert.equal(await keyOf(by({ key: 'key of two', aud: 'one' }), one, two), null)
    assert.equal(await keyOf(by({ key: 'key of one', aud: 'two' }), one, two), 'key of one')
    assert.equal(await keyOf(by({ key: 'key of three' }), one, two), null)
    assert.equal(await keyOf(by({}), one, two), null)
    // A claim that names a wrong key does not fall back to the client's choice.
    const falling = shared('one', { ...issuer, keyId: 'key of one' })
    assert.equal(await keyOf(by({ key: 'key of two' }), falling), null)
    assert.equal(await keyOf(by({}), falling), 'key of one')
  })

  it('at most 50 clients are asked', async () => {
    let asked = 0
    const wrong = Array.from({ length: 200 }, (_, at) =>
      shared(`c${at}`, {
        keys: {
          find: async () => {
            asked += 1
            return []
          },
        },
      }),
    )
    assert.equal(await keyOf(token({ alg: 'HS256' }, claims, hmac(secret)), ...wrong), null)
    assert.equal(asked, clientsTriedMax)
  })
})
