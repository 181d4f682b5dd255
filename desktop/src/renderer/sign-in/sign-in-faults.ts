/** The fields of how callers sign in that something can be wrong with, and what is wrong before the daemon is asked. Pure. */
import type { Faults } from '../parts/form.tsx'
import type { Texts } from '../texts/texts.ts'
import { acceptsOf, type SignInDraft, type SignInText } from './sign-in-draft.ts'

/** As the daemon calls them; the last one stands for what names no field of it. */
export const signInFields = [
  'accepts',
  'sign_in.secret',
  'sign_in.public_key',
  'sign_in.issuer',
  'sign_in.jwks_url',
  'sign_in.ca',
  'sign_in.algorithms',
  'sign_in.allowed_issuers',
  'sign_in.audience',
  'sign_in.required_claims',
  'sign_in.profile_claim',
  'sign_in.key',
  'sign_in',
] as const
export type SignInField = (typeof signInFields)[number]

export const fieldOf: Readonly<Record<SignInText, SignInField>> = {
  publicKey: 'sign_in.public_key',
  issuer: 'sign_in.issuer',
  jwksUrl: 'sign_in.jwks_url',
  ca: 'sign_in.ca',
  allowedIssuers: 'sign_in.allowed_issuers',
  audience: 'sign_in.audience',
  profileClaim: 'sign_in.profile_claim',
}

/** What the daemon would take for something else than was meant, or could not name the right field of. */
export const signInFaultsOf = (draft: SignInDraft, { signIn }: Texts): Faults<SignInField> => ({
  ...(acceptsOf(draft).length === 0 ? { accepts: signIn.noWay } : {}),
  ...keyFaultOf(draft, signIn),
  ...(draft.algorithms?.length === 0 ? { 'sign_in.algorithms': signIn.noAlgorithm } : {}),
  ...(draft.claims.some(({ name, value }) => name.trim() === '' && value.trim() !== '')
    ? { 'sign_in.required_claims': signIn.claimNameless }
    : {}),
})

const keyFaultOf = (draft: SignInDraft, words: Texts['signIn']): Faults<SignInField> => {
  if (draft.kind !== 'jwt') return {}
  // Without it the daemon would go on with the secret that it has.
  if (draft.by === 'public_key')
    return draft.publicKey.trim() === '' ? { 'sign_in.public_key': words.publicKeyMissing } : {}
  return draft.secret === '' && !draft.isSecretSet ? { 'sign_in.secret': words.secretMissing } : {}
}
