/**
 * How callers of a client sign in, as it is chosen and typed. Promises: what is sent from a form that nobody has touched is
 * what the daemon has already; a secret is never in what was read. Pure.
 */
import {
  credentialWays,
  signInAlgorithms,
  type CredentialWay,
  type SignInAlgorithm,
  type SignInInput,
  type SignInView,
} from '@postern/shared'

/** `none`: nobody else's tokens are taken. The service keeps settings of one kind at a time. */
export const tokenKinds = ['none', 'jwt', 'oidc'] as const
export type TokenKind = (typeof tokenKinds)[number]

/** Those that need nothing else. */
export const plainWays = ['key', 'oauth2'] as const satisfies readonly CredentialWay[]

export interface ClaimRow {
  readonly name: string
  /** Empty: the claim only has to be there. */
  readonly value: string
}

/** What is a line, or several, of text. */
const textFields = ['publicKey', 'issuer', 'jwksUrl', 'ca', 'allowedIssuers', 'audience', 'profileClaim'] as const
export type SignInText = (typeof textFields)[number]

export interface SignInDraft extends Readonly<Record<SignInText, string>> {
  readonly ways: readonly (typeof plainWays)[number][]
  readonly kind: TokenKind
  readonly by: 'secret' | 'public_key'
  /** Empty: the one that the service has stays. */
  readonly secret: string
  /** The service has one. */
  readonly isSecretSet: boolean
  /** Null: all that fit. */
  readonly algorithms: readonly SignInAlgorithm[] | null
  readonly claims: readonly ClaimRow[]
  /** The id of a key of the client; empty: none. */
  readonly keyId: string
}

export interface SignsIn {
  readonly accepts: readonly CredentialWay[]
  readonly sign_in: SignInView | null
}

/** Of a new client, what the daemon takes when nothing is said. */
export const startSignIn: SignsIn = { accepts: ['key', 'oauth2'], sign_in: null }

export const signInDraftOf = ({ accepts, sign_in: settings }: SignsIn): SignInDraft => ({
  ways: plainWays.filter((way) => accepts.includes(way)),
  kind: settings?.kind ?? 'none',
  by: (settings?.public_key ?? null) === null ? 'secret' : 'public_key',
  secret: '',
  isSecretSet: settings?.secret_set ?? false,
  publicKey: settings?.public_key ?? '',
  issuer: settings?.issuer ?? '',
  jwksUrl: settings?.jwks_url ?? '',
  ca: settings?.ca ?? '',
  algorithms: settings?.algorithms ?? null,
  // The issuer alone is what an empty list means: so it goes with an issuer that is changed.
  allowedIssuers: isIssuerAlone(settings) ? '' : (settings?.allowed_issuers.join('\n') ?? ''),
  audience: settings?.audience ?? '',
  claims: settings?.required_claims.map(({ name, value }) => ({ name, value: value ?? '' })) ?? [],
  profileClaim: settings?.profile_claim ?? '',
  keyId: settings?.key?.id ?? '',
})

const isIssuerAlone = (settings: SignInView | null): boolean =>
  settings !== null && settings.allowed_issuers.length === 1 && settings.allowed_issuers[0] === settings.issuer

export const acceptsOf = ({ ways, kind }: SignInDraft): CredentialWay[] => {
  const all: readonly string[] = [...ways, kind]
  return credentialWays.filter((way) => all.includes(way))
}

/** Whole, as the daemon wants it, and nothing in it that is for the other kind; null: no settings. */
export const signInOf = (draft: SignInDraft): SignInInput | null => {
  if (draft.kind === 'none') return null
  const issuers = linesOf(draft.allowedIssuers)
  const common = {
    kind: draft.kind,
    ...(draft.algorithms === null ? {} : { algorithms: [...draft.algorithms] }),
    ...(issuers.length === 0 ? {} : { allowed_issuers: issuers }),
    audience: orNull(draft.audience),
    required_claims: draft.claims
      .map(({ name, value }) => ({ name: name.trim(), value: orNull(value) }))
      // A row that was added and left empty says nothing.
      .filter(({ name, value }) => name !== '' || value !== null),
    profile_claim: orNull(draft.profileClaim),
    key: orNull(draft.keyId),
  }
  if (draft.kind === 'oidc')
    return { ...common, issuer: orNull(draft.issuer), jwks_url: orNull(draft.jwksUrl), ca: orNull(draft.ca) }
  if (draft.by === 'public_key') return { ...common, public_key: draft.publicKey.trim() }
  return draft.secret === '' ? common : { ...common, secret: draft.secret }
}

/** As an edit that changes nothing says it. */
export const signInAsSent = (of: SignsIn): { accepts: CredentialWay[]; sign_in: SignInInput | null } => {
  const draft = signInDraftOf(of)
  return { accepts: acceptsOf(draft), sign_in: signInOf(draft) }
}

/** The algorithms that can fit: a secret is for other ones than a public key (RFC 7518 §3.1). */
export const fittingAlgorithms = ({ kind, by }: SignInDraft): readonly SignInAlgorithm[] => {
  const isShared = kind === 'jwt' && by === 'secret'
  return signInAlgorithms.filter((name) => name.startsWith('HS') === isShared)
}

/** Other keys, other algorithms: what was chosen for the key before is chosen no more. */
export const withOther = (draft: SignInDraft, more: Partial<SignInDraft>): SignInDraft => {
  const next = { ...draft, ...more }
  const isOther = next.kind !== draft.kind || next.by !== draft.by || next.publicKey !== draft.publicKey
  return isOther || next.secret !== draft.secret ? { ...next, algorithms: more.algorithms ?? null } : next
}

/** Whether saving it makes the service forget the secret that it has, for good. */
export const losesSecret = (draft: SignInDraft): boolean =>
  draft.isSecretSet && (draft.kind !== 'jwt' || draft.by !== 'secret' || draft.secret !== '')

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())
