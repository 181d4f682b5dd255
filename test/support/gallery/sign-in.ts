/** How callers of a client sign in: in its form, and in words. */
import type { Page } from 'playwright-core'
import type { ClientView, SignInView } from '@postern/shared'
import { fakeKey } from '../fake-console.ts'
import { recordAnswers, someClients } from './records.ts'
import { toPage, type State, type States } from './state.ts'

const settings: SignInView = {
  kind: 'jwt',
  algorithms: ['HS256'],
  secret_set: true,
  public_key: null,
  issuer: null,
  jwks_url: null,
  ca: null,
  allowed_issuers: ['partner.example'],
  audience: 'postern',
  required_claims: [],
  profile_claim: null,
  key: { id: 'k0000002', name: 'Key 2' },
}
const oidc: SignInView = {
  ...settings,
  kind: 'oidc',
  algorithms: ['RS256', 'ES256'],
  secret_set: false,
  issuer: 'https://login.example.com/realms/an-organisation-with-a-long-name',
  jwks_url: 'https://login.example.com/keys',
  ca: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  allowed_issuers: ['https://login.example.com/realms/an-organisation-with-a-long-name', 'https://old.example.com'],
  required_claims: [
    { name: 'scope', value: 'orders:read' },
    { name: 'sub', value: null },
  ],
  profile_claim: 'https://example.com/claims/access-profile',
}

const nintex = 1
const withSignIn = (more: Partial<ClientView>): State['scenario'] => {
  const data = someClients.map((client, at) => (at === nintex ? { ...client, ...more } : client))
  const owner = { id: someClients[nintex]?.id ?? '', name: 'Nintex' }
  return {
    keys: [fakeKey(1, 100), fakeKey(2, 200, { client: owner }), fakeKey(3, 300, { client: owner })],
    answers: { ...recordAnswers, 'GET /v1/clients': { data, count: data.length, page: 1, per_page: 500 } },
  }
}
const byJwt = withSignIn({ accepts: ['key', 'jwt'], sign_in: settings })
const byOidc = withSignIn({ accepts: ['oidc'], sign_in: oidc })

const edit = async (page: Page): Promise<void> => {
  await toPage('Clients')(page)
  await page.getByRole('button', { name: 'Actions for Nintex', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
}
const unfold = async (page: Page): Promise<void> => {
  await edit(page)
  await page.locator('summary', { hasText: 'How callers sign in' }).click()
  await page.getByText('Callers may present').waitFor()
}
const view = async (page: Page): Promise<void> => {
  await toPage('Clients')(page)
  await page.getByRole('button', { name: 'Nintex', exact: true }).click()
}

export const signInStates: States = {
  'sign-in, folded': { scenario: byOidc, says: 'OpenID Connect', go: edit },
  'sign-in, keys alone': { scenario: withSignIn({}), says: 'And tokens that somebody else has made', go: unfold },
  'sign-in, shared secret': { scenario: byJwt, says: 'One is set. Empty: it stays.', go: unfold },
  'sign-in, another secret': {
    scenario: byJwt,
    says: 'The secret that is set stops at once when you save.',
    go: async (page) => {
      await unfold(page)
      await page.getByLabel('New shared secret').fill('another one')
    },
  },
  'sign-in, public key in place of the secret': {
    scenario: byJwt,
    says: 'When you save, the shared secret is forgotten.',
    go: async (page) => {
      await unfold(page)
      await page.getByLabel('Their public key').check()
      await page.getByLabel('Only these', { exact: true }).last().check()
    },
  },
  'sign-in, issuer': { scenario: byOidc, says: 'Claim that names it', go: unfold },
  'sign-in, with faults': {
    scenario: withSignIn({}),
    says: 'Enter the secret that they sign with.',
    go: async (page) => {
      await unfold(page)
      await page.getByLabel('A JWT signed with a key of their own').check()
      await page.getByRole('button', { name: 'Add claim' }).click()
      await page.getByLabel('Value', { exact: true }).fill('x')
      await page.getByLabel('Only these', { exact: true }).last().check()
      await page.getByRole('button', { name: 'Save' }).click()
    },
  },
  'sign-in, no way': {
    scenario: withSignIn({}),
    says: 'Choose at least one way, or nobody could call.',
    go: async (page) => {
      await unfold(page)
      await page.getByLabel('A key', { exact: true }).uncheck()
      await page.getByLabel('A token made from a key').uncheck()
      await page.getByRole('button', { name: 'Save' }).click()
    },
  },
  'sign-in, no administrator': {
    scenario: {
      ...byJwt,
      answers: { ...byJwt.answers, 'GET /v1/me': { name: 'Deployment', role: 'operator', token: null } },
    },
    says: 'Only administrators say how such tokens are checked',
    go: unfold,
  },
  'sign-in, details': { scenario: byOidc, says: 'The key that the claim', go: view },
  'sign-in, details of a shared secret': { scenario: byJwt, says: 'A shared secret, which is not shown', go: view },
}
