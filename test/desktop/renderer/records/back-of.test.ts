/** What takes an edit of a client back, and what cannot be taken back. */
import assert from 'node:assert/strict'
import type { ClientEdit, ClientView, SignInView } from '@postern/shared'
import { backOf } from '../../../../desktop/src/renderer/records/back-of.ts'
import { bodiesOf, changesOf } from '../../../../desktop/src/renderer/records/kinds.ts'
import { canRemake } from '../../../../desktop/src/renderer/records/use-record-actions.ts'
import { someClients } from '../../../support/gallery/records.ts'

const signIn: SignInView = {
  kind: 'jwt',
  algorithms: ['HS256'],
  secret_set: true,
  public_key: null,
  issuer: null,
  jwks_url: null,
  ca: null,
  allowed_issuers: [],
  audience: 'postern',
  required_claims: [],
  profile_claim: null,
  key: { id: 'Abcd1234', name: 'Robot' },
}
const [plain = assert.fail()] = someClients
const client: ClientView = { ...plain, accepts: ['key', 'jwt'], sign_in: signIn }
const same = bodiesOf.clients(client).sign_in

describe('console: taking an edit of a client back', () => {
  it('a form that nobody has touched changes nothing of how callers sign in', () =>
    assert.deepEqual(changesOf(bodiesOf.clients(client), bodiesOf.clients({ ...client })), {}))

  it('what was changed is sent as it was, and nothing else', () => {
    const edit: ClientEdit = { name: 'B', sign_in: { ...(same ?? assert.fail()), audience: 'other' } }
    assert.deepEqual(backOf('clients', client, edit), { was: { name: client.name, sign_in: same }, isWhole: true })
  })

  for (const [what, sign_in] of [
    ['another secret', { ...same, kind: 'jwt', secret: 's'.repeat(32) }],
    ['a public key in its place', { ...same, kind: 'jwt', public_key: 'PEM' }],
    ['an issuer in its place', { kind: 'oidc', issuer: 'https://x' }],
    ['none', null],
  ] as const)
    it(`a secret that is gone for ${what} is not said to be back: the rest is taken back alone`, () => {
      const edit: ClientEdit = { name: 'B', accepts: ['key'], sign_in }
      assert.deepEqual(backOf('clients', client, edit), { was: { name: client.name }, isWhole: false })
      assert.deepEqual(backOf('clients', client, { sign_in }).was, {})
    })

  it('a first secret can be taken back: none was lost', () => {
    const edit: ClientEdit = { accepts: ['jwt'], sign_in: { kind: 'jwt', secret: 's'.repeat(32), key: 'Robot' } }
    const { was, isWhole } = backOf('clients', plain, edit)
    assert.deepEqual([was, isWhole], [{ accepts: plain.accepts, sign_in: null }, true])
  })

  it('a client whose callers sign in otherwise cannot be made again once it is deleted, and others can', () => {
    assert.equal(canRemake('clients', client), false)
    assert.equal(canRemake('clients', plain), true)
  })
})
