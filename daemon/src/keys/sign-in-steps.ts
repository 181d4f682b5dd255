/**
 * How callers of a client may prove themselves, read from what somebody has asked for. Pure. Promises: settings that could
 * never sign anybody in, or that would take what is weak or made for another kind of key, are refused with the field, the
 * limit and the fix; a secret is sealed, and a private key never kept. Throws `field_invalid`.
 */
import {
  credentialWays,
  type ClientEdit,
  type CredentialWay,
  type SignInAlgorithm,
  type SignInInput,
} from '@postern/shared'
import { deniedLiteral } from '../addresses/denied.ts'
import type { ClientRecord, Document, KeyRecord, SealedSecret, SignInRecord } from '../document/document.ts'
import type { StepContext } from '../document/step.ts'
import { isProblem } from '../problem.ts'
import { algorithmsOfKey, algorithmsOfSecret, readPublicKey } from '../verifiers/signature-key.ts'
import { readCa } from './channel-steps.ts'
import { findKey } from './find.ts'
import { parseText, refuseField } from './names.ts'

/** The id that the secret of a client's sign-in is sealed under, in place of a key's. */
export const signInSecretId = (clientId: string): string => `sign-in.${clientId}`

export const acceptsDefault: readonly CredentialWay[] = ['key', 'oauth2']

type Ways = Pick<ClientRecord, 'accepts' | 'signIn'>

/** `client`: as it will be but for these two, under its next revision. */
type Owner = Ways & Pick<ClientRecord, 'id' | 'revision' | 'name'>

/** What a client accepts after an edit; what it does not speak of stays. */
export const parseSignIn = (
  document: Document,
  context: StepContext,
  client: Owner,
  input: Pick<ClientEdit, 'accepts' | 'sign_in'>,
): Ways => {
  const { accepts: asked } = input
  const accepts = asked === undefined ? client.accepts : credentialWays.filter((way) => asked.includes(way))
  if (accepts.length === 0) return refuseField('accepts', `name at least one of ${credentialWays.join(', ')}`)
  const signIn =
    input.sign_in === undefined
      ? client.signIn
      : input.sign_in === null
        ? null
        : readSignIn(document, context, client, input.sign_in)
  for (const way of ['jwt', 'oidc'] as const) {
    if (accepts.includes(way) && signIn?.kind !== way)
      return refuseField(
        'sign_in',
        `accepts has "${way}", so a sign-in of this kind is needed; set one up, or take "${way}" off`,
      )
    if (signIn?.kind === way && !accepts.includes(way))
      return refuseField(
        'accepts',
        `the client has a sign-in of the kind "${way}"; have "${way}" in here too, or end that sign-in (--none, sign_in: null)`,
      )
  }
  return { accepts, signIn }
}

const refuse = (field: string, message: string): never => refuseField(`sign_in.${field}`, message)

const readSignIn = (document: Document, context: StepContext, client: Owner, input: SignInInput): SignInRecord => {
  const common = {
    kind: input.kind,
    audience: input.audience === undefined || input.audience === null ? null : line('audience', input.audience),
    requiredClaims: (input.required_claims ?? []).map(({ name, value }) => ({
      name: line('required_claims', name),
      value: value === null ? null : line('required_claims', value),
    })),
    ...whoseRights(document, client, input),
  }
  const issuers = (input.allowed_issuers ?? []).map((each) => line('allowed_issuers', each))
  return input.kind === 'jwt'
    ? { ...common, ...ownKey(context, client, input), allowedIssuers: [...new Set(issuers)] }
    : { ...common, ...issuerOf(input, common.audience, [...new Set(issuers)]) }
}

/** One line that is not empty and holds nothing that must not be shown. */
const line = (field: string, input: string): string => {
  const text = parseText(`sign_in.${field}`, input, 2_000)
  if (text === '' || /[\p{C}\p{Zl}\p{Zp}]/u.test(text) || text.trim() !== text)
    return refuse(field, 'one line that is not empty, without spaces around it and invisible characters')
  return text
}

type KeyParts = Pick<SignInRecord, 'algorithms' | 'secret' | 'publicKey' | 'issuer' | 'jwksUrl' | 'ca'>

const ownKey = (context: StepContext, client: Owner, input: SignInInput): KeyParts => {
  for (const field of ['issuer', 'jwks_url', 'ca'] as const)
    if (typeof input[field] === 'string')
      return refuse(field, 'is for the kind oidc; issuers of a jwt stand in allowed_issuers')
  const elsewhere = { issuer: null, jwksUrl: null, ca: null }
  if (input.public_key !== undefined) {
    if (input.secret !== undefined)
      return refuse('secret', 'a jwt is checked by a secret or by a public key; give one of them')
    const key = readPublicKey(input.public_key)
    if (typeof key === 'string') return refuse('public_key', key)
    const fits = algorithmsOfKey(key)
    if (typeof fits === 'string') return refuse('public_key', fits)
    const algorithms = narrowed(input, fits, 'this public key')
    // Written anew, so that nothing is kept but the key.
    return { algorithms, secret: null, publicKey: key.export({ type: 'spki', format: 'pem' }), ...elsewhere }
  }
  const { secret, fits } = input.secret === undefined ? keptSecret(client) : sealed(context, client, input.secret)
  return { algorithms: narrowed(input, fits, 'this secret'), secret, publicKey: null, ...elsewhere }
}

interface FittingSecret {
  readonly secret: SealedSecret
  readonly fits: readonly SignInAlgorithm[]
}

const sealed = (context: StepContext, { id, revision }: Owner, secret: string): FittingSecret => {
  const bytes = Buffer.byteLength(secret)
  const fits = algorithmsOfSecret(bytes)
  if (fits.length === 0) return refuse('secret', `at least 32 bytes; this one has ${bytes}`)
  if (/-----BEGIN /.test(secret))
    return refuse('secret', 'this is a key in PEM form; a public one goes into public_key')
  return { secret: { sealed: context.sealSecret(secret, signInSecretId(id), revision), version: revision }, fits }
}

/** How long it is is not known any more, but it fitted what it was used for, and with that what asks for less. */
const keptSecret = ({ signIn }: Owner): FittingSecret => {
  if (signIn === null || signIn.secret === null)
    return refuse('secret', 'a jwt is checked by a secret or by a public key (public_key); give one of them')
  const bytes = { HS256: 32, HS384: 48, HS512: 64 } as Partial<Record<SignInAlgorithm, number>>
  const atLeast = Math.max(...signIn.algorithms.map((each) => bytes[each] ?? 0))
  return { secret: signIn.secret, fits: algorithmsOfSecret(atLeast) }
}

/** The asked algorithms, each of which has to fit the key (RFC 8725 §3.1); when none are named, all that do. */
const narrowed = (
  { algorithms }: SignInInput,
  fits: readonly SignInAlgorithm[],
  what: string,
): readonly SignInAlgorithm[] => {
  const wrong = algorithms?.find((each) => !fits.includes(each))
  if (wrong !== undefined) return refuse('algorithms', `${wrong} does not fit ${what}, which is for ${fits.join(', ')}`)
  return algorithms === undefined ? fits : fits.filter((each) => algorithms.includes(each))
}

const publicAlgorithms = (algorithms: readonly SignInAlgorithm[]): readonly SignInAlgorithm[] => {
  const secret = algorithms.find((each) => each.startsWith('HS'))
  if (secret === undefined) return [...new Set(algorithms)]
  return refuse('algorithms', `${secret} needs a secret, and an issuer publishes public keys; leave it out`)
}

const issuerOf = (
  input: SignInInput,
  audience: string | null,
  issuers: readonly string[],
): KeyParts & Pick<SignInRecord, 'allowedIssuers'> => {
  for (const field of ['secret', 'public_key'] as const)
    if (input[field] !== undefined) return refuse(field, 'is for the kind jwt; for oidc give an issuer or a jwks_url')
  const issuer = address('issuer', input.issuer)
  const jwksUrl = address('jwks_url', input.jwks_url)
  if (issuer === null && jwksUrl === null)
    return refuse('issuer', 'oidc needs an issuer, or the address of its keys (jwks_url)')
  if (issuer?.includes('?') === true) return refuse('issuer', 'an issuer has no query')
  if (audience === null)
    return refuse('audience', 'oidc needs one, or tokens that were made for others would be taken here')
  if (issuer === null && issuers.length === 0)
    return refuse('allowed_issuers', 'are needed with a jwks_url alone; name what stands in iss')
  return {
    algorithms: publicAlgorithms(input.algorithms ?? ['RS256', 'ES256']),
    secret: null,
    publicKey: null,
    issuer,
    jwksUrl,
    ca: readCa(input.ca),
    allowedIssuers: issuers.length === 0 && issuer !== null ? [issuer] : issuers,
  }
}

/** https, but for an issuer on this very machine, named by its number. */
const address = (field: 'issuer' | 'jwks_url', input: string | null | undefined): string | null => {
  if (input === null || input === undefined) return null
  const text = line(field, input)
  const url = URL.parse(text)
  if (url === null || !/^https?:\/\//.test(text) || url.username !== '' || url.password !== '' || text.includes('#'))
    return refuse(field, 'an https:// URL without user, password or #')
  if (url.protocol === 'http:' && url.hostname !== '127.0.0.1' && url.hostname !== '[::1]')
    return refuse(field, 'plain http is only for an issuer at 127.0.0.1 or [::1]; use https')
  const denied = deniedLiteral(url.hostname)
  return denied === null ? text : refuse(field, `${url.hostname} is ${denied}, where no issuer may be`)
}

const whoseRights = (
  document: Document,
  client: Owner,
  { profile_claim: claim, key: ref }: SignInInput,
): Pick<SignInRecord, 'profileClaim' | 'keyId'> => {
  const profileClaim = claim === undefined || claim === null ? null : line('profile_claim', claim)
  const keyId = ref === undefined || ref === null ? null : ownKeyRecord(document, client, ref).id
  if (profileClaim === null && keyId === null)
    return refuse('key', 'name the key whose rights calls have, or the claim that names it (profile_claim)')
  return { profileClaim, keyId }
}

const ownKeyRecord = (document: Document, client: Owner, ref: string): KeyRecord => {
  let key: KeyRecord
  try {
    key = findKey(document, ref)
  } catch (error) {
    if (!isProblem(error, 'not_found')) throw error
    return refuse('key', 'there is no key with this id or name, or it has been removed')
  }
  if (key.clientId !== client.id) return refuse('key', `it has to be a key of the client "${client.name}"`)
  return key.honey === null ? key : refuse('key', 'this key is a trap, which opens nothing; name another')
}
