/** Sign-in is set when it can sign somebody in, safely; what is weak, mixed up or another's is refused by its field. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import type { ClientEdit, SignInInput } from '@postern/shared'
import { documentCodec } from '../../../daemon/src/document/codec.ts'
import type { ClientRecord, Document } from '../../../daemon/src/document/document.ts'
import { createClient, editClient } from '../../../daemon/src/keys/client-steps.ts'
import { acceptsDefault, signInSecretId } from '../../../daemon/src/keys/sign-in-steps.ts'
import { makeClient, makeDocument, makeKey } from '../../support/access-document.ts'
import { ecPair, pem, rsaPair } from '../../support/tokens.ts'

const sealedFor: string[] = []
const context = {
  nowMs: Date.UTC(2026, 0, 1),
  zone: 'UTC',
  sealSecret: (secret: string, id: string, version: number) => {
    sealedFor.push(`${id}/${version}`)
    return `sealed ${secret.length}`
  },
}
const secret = 's'.repeat(32)
const rsa = rsaPair()

describe('sign-in of a client', () => {
  let document: Document
  beforeEach(() => {
    sealedFor.length = 0
    document = makeDocument({
      clients: [makeClient(), makeClient({ id: 'cl_other', name: 'Other' })],
      keys: [
        makeKey({ id: 'robotkey', name: 'Robot' }),
        makeKey({ id: 'otherkey', name: 'Foreign', clientId: 'cl_other' }),
        makeKey({ id: 'gonekey0', name: 'Gone', removedAt: '2026-01-01T00:00:00.000Z' }),
        makeKey({ id: 'trapkey0', name: 'Trap', honey: { blockSeconds: 1 } }),
      ],
    })
  })
  const edit = (input: ClientEdit): ClientRecord => {
    const stepped = editClient('default', '*', input)(document, context)
    document = stepped.document
    // What a step makes can be written and read again.
    assert.deepEqual(documentCodec.parse(documentCodec.serialise(document)), document)
    return stepped.result
  }
  const jwt = (more: Partial<SignInInput> = {}): ClientEdit => ({
    accepts: ['key', 'jwt'],
    sign_in: { kind: 'jwt', key: 'Robot', ...more },
  })
  const oidc = (more: Partial<SignInInput> = {}): ClientEdit => ({
    accepts: ['oidc'],
    sign_in: { kind: 'oidc', issuer: 'https://login.example', audience: 'postern', key: 'robotkey', ...more },
  })
  const refused = (input: ClientEdit, field: string, says: RegExp = /./): void => {
    const before = document
    assert.throws(
      () => edit(input),
      (error: { code: string; errors: { field: string; message: string }[] }) => {
        assert.deepEqual([error.code, error.errors[0]?.field], ['field_invalid', field], JSON.stringify(error))
        assert.match(error.errors[0]?.message ?? '', says)
        return true
      },
    )
    assert.equal(document, before)
  }

  it('a secret is sealed under an id of its own, fits by its length, and stays when it is left out', () => {
    const { accepts, signIn, revision } = edit(jwt({ secret }))
    assert.deepEqual(accepts, ['key', 'jwt'])
    assert.deepEqual(signIn, {
      kind: 'jwt',
      algorithms: ['HS256'],
      secret: { sealed: 'sealed 32', version: revision },
      publicKey: null,
      issuer: null,
      jwksUrl: null,
      ca: null,
      allowedIssuers: [],
      audience: null,
      requiredClaims: [],
      profileClaim: null,
      keyId: 'robotkey',
    })
    assert.deepEqual(sealedFor, [`${signInSecretId(makeClient().id)}/${revision}`])
    const kept = edit(jwt({ audience: 'a' })).signIn
    assert.deepEqual([kept?.secret, kept?.audience], [signIn.secret, 'a'])
    assert.equal(sealedFor.length, 1)
    assert.equal(edit({ description: 'x' }).signIn, kept)
    assert.deepEqual(edit(jwt({ secret: 'é'.repeat(32) })).signIn?.algorithms, ['HS256', 'HS384', 'HS512'])
    assert.deepEqual(edit(jwt({ algorithms: ['HS384'] })).signIn?.algorithms, ['HS384'])
    refused(jwt({ algorithms: ['HS512'] }), 'sign_in.algorithms', /HS512 does not fit this secret/)
  })

  it('a secret of fewer than 32 bytes, none, or a key in its place is refused without being repeated', () => {
    refused(jwt({ secret: 's'.repeat(31) }), 'sign_in.secret', /at least 32 bytes; this one has 31/)
    refused(jwt({ secret: '' }), 'sign_in.secret')
    refused(jwt(), 'sign_in.secret', /a secret or by a public key/)
    refused(jwt({ secret, public_key: pem(rsa.publicKey) }), 'sign_in.secret', /give one of them/)
    refused(jwt({ secret: pem(rsa.publicKey) }), 'sign_in.secret', /public one goes into public_key/)
    edit(jwt({ public_key: pem(rsa.publicKey) }))
    refused(jwt(), 'sign_in.secret')
  })

  it('a public key is kept as itself alone, for the algorithms it fits; weak, private and other keys are refused', () => {
    for (const [key, fits] of [
      [rsa.publicKey, ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']],
      [ecPair().publicKey, ['ES256']],
      [ecPair('P-384').publicKey, ['ES384']],
      [ecPair('P-521').publicKey, ['ES512']],
      [generateKeyPairSync('ed25519').publicKey, ['EdDSA']],
    ] as const) {
      const { signIn } = edit(jwt({ public_key: `  ${pem(key)}\n\n` }))
      assert.deepEqual([signIn?.publicKey, signIn?.algorithms, signIn?.secret], [pem(key), fits, null])
    }
    const own = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })
    refused(
      jwt({ public_key: own }),
      'sign_in.public_key',
      /^this is a private key, which stays with whoever signs; give/,
    )
    refused(jwt({ public_key: pem(rsaPair(1024).publicKey) }), 'sign_in.public_key', /2048/)
    refused(jwt({ public_key: 'x' }), 'sign_in.public_key', /PEM/)
    assert.deepEqual(sealedFor, [])
  })

  it('algorithms fit the key: a public key never checks an HMAC, nor one family another’s', () => {
    const fits = (more: Partial<SignInInput>) => edit(jwt(more)).signIn?.algorithms
    assert.deepEqual(fits({ public_key: pem(rsa.publicKey), algorithms: ['PS256', 'RS256'] }), ['RS256', 'PS256'])
    for (const wrong of ['HS256', 'ES256', 'EdDSA'] as const)
      refused(jwt({ public_key: pem(rsa.publicKey), algorithms: ['RS256', wrong] }), 'sign_in.algorithms')
    refused(jwt({ public_key: pem(ecPair().publicKey), algorithms: ['ES384'] }), 'sign_in.algorithms')
    refused(jwt({ secret, algorithms: ['RS256'] }), 'sign_in.algorithms')
    refused(jwt({ secret, algorithms: ['HS384'] }), 'sign_in.algorithms')
    refused(oidc({ algorithms: ['RS256', 'HS256'] }), 'sign_in.algorithms', /publishes public keys/)
  })

  it('an issuer is https, or this machine by its number, with an audience; its name is the issuer that is allowed', () => {
    const { signIn } = edit(oidc())
    assert.deepEqual([signIn?.allowedIssuers, signIn?.algorithms], [['https://login.example'], ['RS256', 'ES256']])
    const several = edit(oidc({ allowed_issuers: ['a', 'b', 'a'] })).signIn
    assert.deepEqual(several?.allowedIssuers, ['a', 'b'])
    for (const issuer of ['http://127.0.0.1:9000/realm', 'http://[::1]:9000', 'https://10.0.0.7/x'])
      assert.equal(edit(oidc({ issuer })).signIn?.issuer, issuer)
    for (const bad of [
      'login.example',
      'http://login.example',
      'http://localhost',
      'https://u:p@login.example',
      'https://login.example/#x',
      'https://login.example/?x',
      'https://169.254.169.254/',
      ' https://login.example',
      '',
    ])
      refused(oidc({ issuer: bad }), 'sign_in.issuer')
    refused(oidc({ issuer: null, jwks_url: 'http://keys.example/' }), 'sign_in.jwks_url', /use https/)
    refused(oidc({ jwks_url: 'https://[fe80::1]/' }), 'sign_in.jwks_url', /link-local/)
    refused(oidc({ issuer: null }), 'sign_in.issuer', /needs an issuer, or the address of its keys/)
    refused(oidc({ audience: null }), 'sign_in.audience', /made for others/)
    refused(oidc({ issuer: null, jwks_url: 'https://keys.example/' }), 'sign_in.allowed_issuers')
    refused(oidc({ ca: 'x' }), 'ca')
    assert.equal(
      edit(oidc({ issuer: null, jwks_url: 'https://keys.example/?v=1', allowed_issuers: ['i'] })).signIn?.issuer,
      null,
    )
  })

  it('what is for the other kind is refused by name', () => {
    refused(jwt({ secret, issuer: 'https://login.example' }), 'sign_in.issuer', /allowed_issuers/)
    refused(jwt({ secret, jwks_url: 'https://login.example' }), 'sign_in.jwks_url')
    refused(jwt({ secret, ca: 'x' }), 'sign_in.ca')
    refused(oidc({ secret }), 'sign_in.secret')
    refused(oidc({ public_key: pem(rsa.publicKey) }), 'sign_in.public_key')
  })

  it('whose rights a call has is a key of this client that opens something, or a claim says it', () => {
    refused(jwt({ secret, key: null }), 'sign_in.key', /profile_claim/)
    refused(jwt({ secret, key: 'Foreign' }), 'sign_in.key', /a key of the client "default"/)
    refused(jwt({ secret, key: 'nobody' }), 'sign_in.key', /no key with this id or name/)
    refused(jwt({ secret, key: 'Gone' }), 'sign_in.key', /removed/)
    refused(jwt({ secret, key: 'Trap' }), 'sign_in.key', /trap/)
    assert.equal(edit(jwt({ secret, key: null, profile_claim: 'https://example.com/key' })).signIn?.keyId, null)
    for (const bad of ['', ' ', 'a\nb']) refused(jwt({ secret, profile_claim: bad }), 'sign_in.profile_claim')
    refused(jwt({ secret, required_claims: [{ name: 'a', value: '\u202e' }] }), 'sign_in.required_claims')
  })

  it('accepts and sign_in belong together, in both directions', () => {
    refused({ accepts: ['jwt'] }, 'sign_in', /a sign-in of this kind is needed/)
    refused({ accepts: ['key', 'oidc'], sign_in: jwt({ secret }).sign_in ?? null }, 'accepts')
    refused({ sign_in: jwt({ secret }).sign_in ?? null }, 'accepts', /have "jwt" in here too, or end that sign-in/)
    refused({ accepts: [] }, 'accepts', /at least one of key, oauth2, jwt, oidc/)
    edit(jwt({ secret }))
    refused({ accepts: ['key'] }, 'accepts')
    refused({ sign_in: null }, 'sign_in')
    assert.deepEqual(edit({ accepts: ['oauth2', 'key', 'key'], sign_in: null }).accepts, ['key', 'oauth2'])
  })

  it('a new client accepts keys and tokens made from them, or what it is told; it has no key to be named yet', () => {
    const plain = createClient({ name: 'New' }, 'cl_new')(document, context).result
    assert.deepEqual([plain.accepts, plain.signIn], [acceptsDefault, null])
    const own = { kind: 'jwt' as const, secret, profile_claim: 'key' }
    const { result } = createClient({ name: 'New', accepts: ['jwt'], sign_in: own }, 'cl_new')(document, context)
    assert.deepEqual([result.accepts, result.signIn?.secret?.version], [['jwt'], 1])
    assert.deepEqual(sealedFor, [`${signInSecretId('cl_new')}/1`])
    const early = createClient({ name: 'New', accepts: ['jwt'], sign_in: { ...own, key: 'Robot' } }, 'cl_new')
    assert.throws(() => early(document, context), { message: /sign_in.key: it has to be a key of the client "New"/ })
  })
})
