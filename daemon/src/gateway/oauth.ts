/**
 * OAuth 2.0 for machines: a key is exchanged for a short-lived token (RFC 6749 §4.4), which can be looked at (RFC 7662) and
 * taken back (RFC 7009); where all of that is stands in the metadata (RFC 8414). Promises: the bodies and headers of those
 * RFCs, not problems; a caller authenticates as on any call, by its key id and secret. Never: a refresh token.
 */
import { parseKeyValue } from '@postern/shared'
import { admit, type Caller, type Credential, type Refusal } from '../access/decide.ts'
import { identifyProven, type Identified, type Proven } from '../access/identify.ts'
import { Problem } from '../problem.ts'
import type { AccessTokens, TokenFacts } from '../tokens/access-tokens.ts'
import { readForm } from './form-body.ts'
import { answerText, isQuestion, refuse, type OwnCall } from './own-call.ts'
import { retryAfterSeconds } from './refuse.ts'

/** Makes, checks and takes back the tokens. */
export type TokenRoom = Omit<AccessTokens, 'known'>

export const provenBy = ({ keyId, secretVersion, expiresAtMs, scope }: TokenFacts): Proven => ({
  kind: 'proven',
  way: 'oauth2',
  keyId,
  clientId: null,
  secretVersion,
  subject: null,
  expiresAtMs,
  scope,
})

type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'unsupported_token_type'
  | 'temporarily_unavailable'

const fail = (own: OwnCall, error: OAuthError, description: string): void => {
  const status = error === 'invalid_client' ? 401 : error === 'temporarily_unavailable' ? 503 : 400
  answerText(own, status, JSON.stringify({ error, error_description: description }), {
    'content-type': 'application/json',
    pragma: 'no-cache',
    ...(status === 401 ? { 'www-authenticate': 'Basic realm="postern", charset="UTF-8"' } : {}),
    ...(status === 503 ? { 'retry-after': String(retryAfterSeconds) } : {}),
  })
}

const succeed = (own: OwnCall, body: object): void =>
  answerText(own, 200, JSON.stringify(body), { 'content-type': 'application/json', pragma: 'no-cache' })

/** Answers one of the OAuth paths; `false`: it is none of them. While the keystore is locked they are closed like all others. */
export const answerOAuth = (own: OwnCall): boolean => {
  if (own.index === null) return false
  switch (own.call.path) {
    case '/.well-known/oauth-authorization-server':
      metadata(own)
      return true
    case '/oauth/token':
      withClient(own, grant)
      return true
    case '/oauth/introspect':
      withClient(own, introspect)
      return true
    case '/oauth/revoke':
      withClient(own, revoke)
      return true
    default:
      return false
  }
}

/** Where callers find it, as they call it; what is set up beats what they say. */
const issuerOf = ({ index, call, secure }: OwnCall): string =>
  index?.publicUrl ?? `${secure ? 'https' : 'http'}://${call.authority}`

const metadata = (own: OwnCall): void => {
  if (!isQuestion(own)) return
  const issuer = issuerOf(own)
  const ways = ['client_secret_basic', 'client_secret_post']
  answerText(
    own,
    200,
    JSON.stringify({
      issuer,
      token_endpoint: `${issuer}/oauth/token`,
      token_endpoint_auth_methods_supported: ways,
      introspection_endpoint: `${issuer}/oauth/introspect`,
      introspection_endpoint_auth_methods_supported: ways,
      revocation_endpoint: `${issuer}/oauth/revoke`,
      revocation_endpoint_auth_methods_supported: ways,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
    }),
    { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
  )
}

interface Authenticated {
  readonly identified: Identified
  readonly form: ReadonlyMap<string, string>
}

/** Reads the form and authenticates the client by it (RFC 6749 §2.3.1), in either way and never in both. */
const withClient = (own: OwnCall, answer: (own: OwnCall, client: Authenticated) => Promise<void>): void => {
  const { call, caller, index, request } = own
  if (call.method !== 'POST') return refuse(own, new Problem('method_not_allowed', { headers: { allow: 'POST' } }))
  const act = async (): Promise<void> => {
    const form = await readForm(request, call.single.get('content-type'))
    if (typeof form === 'string') return fail(own, 'invalid_request', form)
    const credential = clientCredential(caller.credential, form)
    if (typeof credential === 'string') return fail(own, 'invalid_request', credential)
    const holder = admit(index, { ...caller, credential, exchanges: true })
    if (!('identified' in holder)) return refused(own, holder, credential)
    await answer(own, { identified: holder.identified, form })
  }
  act().catch((error: unknown) => {
    own.rooms.onFault(own.requestId, error)
    fail(own, 'temporarily_unavailable', 'this cannot be done at the moment')
  })
}

const clientCredential = (header: Caller['credential'], form: ReadonlyMap<string, string>): Credential | string => {
  const [id, secret] = [form.get('client_id'), form.get('client_secret')]
  if (header.kind === 'malformed') return header.why
  if (header.kind === 'pair') {
    if (secret !== undefined) return 'authenticate in the header or in the body, not in both'
    if (id !== undefined && id !== header.keyId) return 'client_id is not the one of the header'
    return header
  }
  if (header.kind !== 'none') return 'authenticate with client_secret_basic or client_secret_post'
  return id === undefined || secret === undefined ? { kind: 'none' } : { kind: 'pair', keyId: id, secret }
}

const refused = (own: OwnCall, holder: Refusal, credential: Credential): void => {
  const problem = own.turnAway(holder, undefined, credential)
  if (problem.code === 'rate_limited') return refuse(own, problem)
  switch (holder.reason) {
    case 'credential_disabled':
      return fail(own, 'invalid_client', 'the key is disabled')
    case 'credential_expired':
      return fail(own, 'invalid_client', 'the key has expired')
    case 'forbidden':
      return fail(own, 'unauthorized_client', 'not from this address')
    default:
      return fail(own, 'invalid_client', 'no key in good standing was presented')
  }
}

const grant = async (own: OwnCall, { identified, form }: Authenticated): Promise<void> => {
  const { key, secret, version } = identified
  const { nowMs } = own.caller
  const type = form.get('grant_type')
  if (type === undefined) return fail(own, 'invalid_request', 'grant_type is needed')
  if (type !== 'client_credentials') return fail(own, 'unsupported_grant_type', 'the grant is client_credentials')
  if (!key.accepts.has('oauth2')) return fail(own, 'unauthorized_client', 'the client of this key takes no tokens')
  const asked = form.get('scope')
  const scope = asked === undefined || asked === '' ? null : [...new Set(asked.split(' '))]
  const has = (each: string): boolean =>
    key.collections === null
      ? own.index?.endpoints.some(({ collectionId }) => collectionId === each) === true
      : key.collections.has(each)
  if (scope !== null && !scope.every((each) => (key.scopes as readonly string[]).includes(each) || has(each)))
    return fail(own, 'invalid_scope', 'a scope is the id of a collection that the key reaches, or a scope of the key')
  const ofSecret = key.secrets.find((each) => each.version === version)
  const { token, expiresIn } = await own.rooms.tokens().issue(
    {
      keyId: key.id,
      secretVersion: version,
      untilMs: Math.min(key.expiresAtMs, ofSecret?.validUntilMs ?? 0),
      issuer: issuerOf(own),
      scope,
    },
    nowMs,
  )
  own.record('allow', { keyId: key.id, secret, secretVersion: version })
  succeed(own, {
    access_token: token,
    token_type: 'Bearer',
    expires_in: expiresIn,
    ...(scope === null ? {} : { scope: scope.join(' ') }),
  })
}

/** Whoever asks learns of tokens of its own client alone; any other is as if there were none (RFC 7662 §2.2). */
const introspect = async (own: OwnCall, { identified, form }: Authenticated): Promise<void> => {
  const { key, secret, version } = identified
  const token = form.get('token')
  if (token === undefined) return fail(own, 'invalid_request', 'token is needed')
  own.record('allow', { keyId: key.id, secret, secretVersion: version })
  const said = await own.rooms.tokens().verify(token, own.caller.nowMs)
  const holder = said === null ? null : alive(own, said)
  if (said === null || holder === null || holder.key.clientId !== key.clientId) return succeed(own, { active: false })
  succeed(own, {
    active: true,
    token_type: 'Bearer',
    client_id: said.keyId,
    sub: said.keyId,
    iss: said.issuer,
    aud: own.rooms.tokens().audience,
    iat: said.issuedAtMs / 1_000,
    exp: said.expiresAtMs / 1_000,
    jti: said.id,
    ...(said.scope === null ? {} : { scope: said.scope.join(' ') }),
  })
}

/** The key behind a token, as long as calls with it would be let in. */
const alive = ({ index, caller: { nowMs } }: OwnCall, said: TokenFacts): Identified | null => {
  const holder = index === null ? null : identifyProven(index, provenBy(said), nowMs)
  return holder !== null && !holder.key.disabled && nowMs < holder.key.expiresAtMs ? holder : null
}

/** 200 also for a token that is none (RFC 7009 §2.2): to whoever asks, it is of no use any more either way. */
const revoke = async (own: OwnCall, { identified, form }: Authenticated): Promise<void> => {
  const { key, secret, version } = identified
  const token = form.get('token')
  if (token === undefined) return fail(own, 'invalid_request', 'token is needed')
  if (parseKeyValue(token) !== null)
    return fail(own, 'unsupported_token_type', 'a key is not taken back here; disable it in Postern')
  own.record('allow', { keyId: key.id, secret, secretVersion: version })
  const said = await own.rooms.tokens().verify(token, own.caller.nowMs)
  const holder = said === null ? null : alive(own, said)
  if (said !== null && holder?.key.clientId === key.clientId) await own.rooms.tokens().revoke(said, own.caller.nowMs)
  answerText(own, 200, '', {})
}
