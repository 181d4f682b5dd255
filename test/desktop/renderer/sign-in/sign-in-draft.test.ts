/** What is sent of how callers sign in: nothing that nobody has touched, nothing that is for another kind, no secret unasked. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { credentialWays, signInAlgorithms, signInInput, type CredentialWay, type SignInView } from '@postern/shared'
import {
  acceptsOf,
  fittingAlgorithms,
  losesSecret,
  signInAsSent,
  signInDraftOf,
  signInOf,
  startSignIn,
  withOther,
  type SignsIn,
} from '../../../../desktop/src/renderer/sign-in/sign-in-draft.ts'
import { signInFaultsOf } from '../../../../desktop/src/renderer/sign-in/sign-in-faults.ts'
import { signInSaid, waysSaid, waysShort } from '../../../../desktop/src/renderer/sign-in/sign-in-said.ts'
import * as en from '../../../../desktop/src/renderer/texts/en.ts'

const jwt: SignInView = {
  kind: 'jwt',
  algorithms: ['HS256'],
  secret_set: true,
  public_key: null,
  issuer: null,
  jwks_url: null,
  ca: null,
  allowed_issuers: [],
  audience: null,
  required_claims: [],
  profile_claim: null,
  key: { id: 'Abcd1234', name: 'Robot' },
}
const byPublicKey: SignInView = { ...jwt, secret_set: false, public_key: 'PEM', algorithms: ['ES256'] }
const oidc: SignInView = {
  ...jwt,
  kind: 'oidc',
  secret_set: false,
  algorithms: ['RS256', 'ES256'],
  issuer: 'https://login.example.com',
  allowed_issuers: ['https://login.example.com'],
  audience: 'postern',
}
const draftOf = (view: SignInView | null, accepts: readonly CredentialWay[] = ['key']) =>
  signInDraftOf({ accepts: view === null ? accepts : [...accepts, view.kind], sign_in: view })

describe('console: how callers sign in', () => {
  const line = fc.stringMatching(/^[!-~]{1,12}$/)
  const views = fc.record({
    kind: fc.constantFrom('jwt' as const, 'oidc' as const),
    algorithms: fc.subarray([...signInAlgorithms], { minLength: 1 }),
    secret_set: fc.boolean(),
    public_key: fc.option(line),
    issuer: fc.option(line),
    jwks_url: fc.option(line),
    ca: fc.option(line),
    allowed_issuers: fc.uniqueArray(line, { maxLength: 3 }),
    audience: fc.option(line),
    required_claims: fc.array(fc.record({ name: line, value: fc.option(line) }, { noNullPrototype: true }), {
      maxLength: 3,
    }),
    profile_claim: fc.option(line),
    key: fc.option(fc.record({ id: line, name: line })),
  })

  it('whatever the service has: what is sent is of its shape, holds no secret, and keeps the ways and what was said of tokens', () =>
    fc.assert(
      fc.property(fc.subarray(credentialWays.slice(0, 2)), views, (plain, sign_in) => {
        const sent = signInAsSent({ accepts: [...plain, sign_in.kind], sign_in })
        assert.deepEqual(sent.accepts, [...plain, sign_in.kind])
        const input = signInInput.parse(sent.sign_in)
        assert.equal(input.secret, undefined)
        assert.deepEqual(input.algorithms, sign_in.algorithms)
        assert.equal(input.audience, sign_in.audience)
        assert.deepEqual(input.required_claims, sign_in.required_claims)
        assert.equal(input.profile_claim, sign_in.profile_claim)
        assert.equal(input.key, sign_in.key?.id ?? null)
        assert.equal(input.kind === 'oidc' ? input.issuer : null, sign_in.kind === 'oidc' ? sign_in.issuer : null)
      }),
    ))

  it('a new client starts with what the service takes when nothing is said', () =>
    assert.deepEqual(signInAsSent(startSignIn), { accepts: ['key', 'oauth2'], sign_in: null }))

  it('a secret is sent where one was typed, and what was typed for another kind is not', () => {
    const draft = { ...draftOf(jwt), secret: 's'.repeat(32), issuer: 'https://x', publicKey: 'PEM' }
    const sent = signInOf(draft)
    assert.deepEqual([sent?.secret, sent?.public_key, sent?.issuer], ['s'.repeat(32), undefined, undefined])
    const other = signInOf({ ...draft, by: 'public_key' })
    assert.deepEqual([other?.secret, other?.public_key], [undefined, 'PEM'])
    const issuer = signInOf({ ...draft, kind: 'oidc' })
    assert.deepEqual([issuer?.secret, issuer?.public_key, issuer?.issuer], [undefined, undefined, 'https://x'])
    assert.equal(signInOf({ ...draft, kind: 'none' }), null)
    assert.deepEqual(acceptsOf({ ...draft, kind: 'none' }), ['key'])
  })

  it('an issuer that stands alone among the allowed ones goes with the issuer when that is changed', () => {
    const draft = { ...draftOf(oidc), issuer: 'https://new.example.com' }
    assert.equal(signInOf(draft)?.allowed_issuers, undefined)
    const two = draftOf({ ...oidc, allowed_issuers: ['https://login.example.com', 'https://old.example.com'] })
    assert.deepEqual(signInOf(two)?.allowed_issuers, ['https://login.example.com', 'https://old.example.com'])
  })

  it('claims: an empty value asks for any, a row that was left empty asks for nothing', () => {
    const claims = [
      { name: ' sub ', value: '' },
      { name: '', value: ' ' },
      { name: 'scope', value: 'a' },
    ]
    assert.deepEqual(signInOf({ ...draftOf(jwt), claims })?.required_claims, [
      { name: 'sub', value: null },
      { name: 'scope', value: 'a' },
    ])
  })

  it('algorithms chosen for one key are not kept for another, and those that cannot fit are not offered', () => {
    const draft = draftOf(jwt)
    assert.deepEqual(fittingAlgorithms(draft), ['HS256', 'HS384', 'HS512'])
    assert.deepEqual(withOther(draft, { audience: 'x' }).algorithms, ['HS256'])
    for (const more of [{ kind: 'oidc' }, { by: 'public_key' }, { secret: 'x' }, { publicKey: 'x' }] as const)
      assert.equal(withOther(draft, more).algorithms, null)
    assert.ok(fittingAlgorithms(draftOf(byPublicKey)).every((name) => !name.startsWith('HS')))
    assert.ok(fittingAlgorithms(draftOf(oidc)).every((name) => !name.startsWith('HS')))
  })

  it('that the service forgets its secret is known before it is asked to', () => {
    const draft = draftOf(jwt)
    assert.equal(losesSecret(draft), false)
    for (const more of [{ kind: 'none' }, { kind: 'oidc' }, { by: 'public_key' }, { secret: 'x' }] as const)
      assert.equal(losesSecret({ ...draft, ...more }), true)
    assert.equal(losesSecret({ ...draftOf(byPublicKey), secret: 'x', by: 'secret' }), false)
  })

  for (const [what, draft, field] of [
    ['no way at all', draftOf(null, []), 'accepts'],
    ['no secret where none is set', { ...draftOf(byPublicKey), by: 'secret' }, 'sign_in.secret'],
    [
      'no public key, where the service would go on with its secret',
      { ...draftOf(jwt), by: 'public_key' },
      'sign_in.public_key',
    ],
    ['no algorithm', { ...draftOf(jwt), algorithms: [] }, 'sign_in.algorithms'],
    ['a value of no claim', { ...draftOf(jwt), claims: [{ name: ' ', value: 'x' }] }, 'sign_in.required_claims'],
  ] as const)
    it(`${what} is said at its field, before anything is sent`, () =>
      assert.deepEqual(Object.keys(signInFaultsOf(draft, en)), [field]))

  it('what can be sent has no fault', () => {
    for (const view of [null, jwt, byPublicKey, oidc]) assert.deepEqual(signInFaultsOf(draftOf(view), en), {})
  })
})

describe('console: how callers sign in, in words', () => {
  const said = (of: SignsIn): string => [...waysSaid(of, en), ...signInSaid(of, en).map(({ text }) => text)].join('\n')

  it('what nobody has chosen is not spoken of beside the name of the part', () => {
    assert.equal(waysShort(startSignIn, en), '')
    assert.equal(waysShort({ accepts: ['key'] }, en), 'key')
    assert.equal(waysShort({ accepts: ['key', 'oidc'] }, en), 'key, OpenID Connect')
    assert.deepEqual(signInSaid(startSignIn, en), [])
  })

  it('names the issuer, the claims and whose rights calls have', () => {
    const claims = [
      { name: 'sub', value: null },
      { name: 'scope', value: 'a' },
    ]
    const text = said({ accepts: ['oidc'], sign_in: { ...oidc, required_claims: claims, profile_claim: 'role' } })
    for (const part of ['https://login.example.com', 'postern', 'sub\nscope = a', 'claim role', '“Robot”'])
      assert.ok(text.includes(part), part)
  })

  it('of a secret only that there is one', () =>
    assert.deepEqual(
      signInSaid({ sign_in: jwt }, en).map(({ name }) => name),
      ['checkedBy', 'algorithms', 'rights'],
    ))
})
