/** `postern clients sign-in`: how a client's callers prove themselves with tokens that somebody else has made. */
import { createPublicKey } from 'node:crypto'
import type { Command } from 'commander'
import {
  credentialWays,
  signInAlgorithms,
  type ClientView,
  type CredentialWay,
  type SignInInput,
  type SignInView,
} from '@postern/shared'
import { given, many, readOptionFile } from './options.ts'
import { plain, printJson, printLine } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { UsageError } from './prompt.ts'

interface Flags {
  jwtSecretFile?: string
  publicKeyFile?: string
  issuer?: string
  jwksUrl?: string
  ca?: string
  audience?: string
  allowedIssuer?: string[]
  require?: string[]
  profileClaim?: string
  key?: string
  algorithm?: string[]
  /** Commander's name for `--none`. */
  none?: true
}

/** Adds `sign-in` to the commands about clients. */
export const addSignIn = (root: Command, tools: Toolbox): void => {
  withGlobals(root.command('sign-in <client>'))
    .description('let its callers in with tokens that somebody else has made, or not any more')
    .option('--jwt-secret-file <file>', 'tokens are signed with this secret (HMAC); a line break at its end is no part')
    .option('--public-key-file <file>', 'tokens are signed with the private half of this key: RSA, EC or Ed25519, PEM')
    .option('--issuer <url>', 'tokens are signed with the keys of this OpenID Connect issuer')
    .option('--jwks-url <url>', 'tokens are signed with the keys that are published here')
    .option('--ca <file>', 'PEM certificates to trust for the issuer')
    .option('--audience <audience>', 'aud has to hold this; needed for an issuer')
    .option('--allowed-issuer <issuer>', 'iss has to be this; repeat for more; default: the issuer', many)
    .option('--require <claim>', "a claim that has to be there, or to hold a value: 'scope=orders'; repeat", many)
    .option(
      '--profile-claim <claim>',
      'the claim that names the key of this client whose rights a call has; "" for none',
    )
    .option('--key <key>', 'the key of this client whose rights calls have when no claim names one; "" for none')
    .option('--algorithm <algorithm>', `take only this one; repeat for more: ${signInAlgorithms.join(', ')}`, many)
    .option('--none', 'tokens of others are not accepted any more')
    .addHelpText(
      'after',
      '\nOnly what is named is changed, unless it names another way than there is.' +
        "\n\nExample:\n  postern clients sign-in 'Nintex' --issuer https://login.example.com --audience postern --key 'Nintex orders'",
    )
    .action(async (ref: string, _options, command: Command) => {
      const flags = command.opts<Flags>()
      const client = tools.client(command)
      const present = await client.call('clients.get', { params: { client: ref } })
      const body = flags.none === true ? withoutSignIn(flags, present) : await withSignIn(flags, present)
      const asked = { params: { client: present.id }, body, ifMatch: present.etag }
      const view = await client.call('clients.edit', asked)
      if (tools.globals(command).json === true) return printJson(tools.io, view)
      printLine(tools.io, `The client "${plain(view.name)}" accepts ${view.accepts.join(', ')}.`)
      for (const line of signInLines(view)) printLine(tools.io, `  ${line}`)
    })
}

/** The option `--accept` of `clients add` and `clients edit`. */
export const acceptOption = (command: Command): Command =>
  command.option('--accept <way>', `callers may prove themselves by ${credentialWays.join(', ')}; repeat`, many)

export const readAccepts = (command: Command): { accepts?: CredentialWay[] } => {
  const { accept } = command.opts<{ accept?: string[] }>()
  return given({ accepts: accept?.map((text) => oneOf('--accept', text, credentialWays)) })
}

type Change = { accepts: CredentialWay[]; sign_in: SignInInput | null }

const ownWays = ({ accepts }: ClientView): CredentialWay[] => accepts.filter((way) => way !== 'jwt' && way !== 'oidc')

const withoutSignIn = (flags: Flags, present: ClientView): Change => {
  if (Object.keys(flags).some((name) => name !== 'none' && isOwnFlag(name)))
    throw new UsageError('--none stands alone.')
  const accepts = ownWays(present)
  // Whoever came by tokens alone comes by keys again, rather than not at all.
  return { accepts: accepts.length === 0 ? ['key', 'oauth2'] : accepts, sign_in: null }
}

const ownFlags: readonly (keyof Flags)[] = [
  'jwtSecretFile',
  'publicKeyFile',
  'issuer',
  'jwksUrl',
  'ca',
  'audience',
  'allowedIssuer',
  'require',
  'profileClaim',
  'key',
  'algorithm',
]
const isOwnFlag = (name: string): boolean => (ownFlags as readonly string[]).includes(name)

const withSignIn = async (flags: Flags, present: ClientView): Promise<Change> => {
  if (!Object.keys(flags).some(isOwnFlag)) throw new UsageError('Nothing to change was named; see --help.')
  const { jwtSecretFile, publicKeyFile, issuer, jwksUrl } = flags
  const isJwt = jwtSecretFile !== undefined || publicKeyFile !== undefined
  const isOidc = issuer !== undefined || jwksUrl !== undefined
  if (isJwt && isOidc)
    throw new UsageError('A secret or public key is one way, an issuer or its keys another; give one.')
  const kind = isJwt ? 'jwt' : isOidc ? 'oidc' : null
  const publicKey = publicKeyFile === undefined ? undefined : await readOptionFile('--public-key-file', publicKeyFile)
  const sign_in: SignInInput = {
    ...(kind !== null && present.sign_in?.kind !== kind ? { kind } : keptOf(inputOf(present), { ...flags, publicKey })),
    ...given({
      secret: jwtSecretFile === undefined ? undefined : await readSecret(jwtSecretFile),
      public_key: publicKey,
      issuer,
      jwks_url: jwksUrl,
      ca: flags.ca === undefined ? undefined : await readOptionFile('--ca', flags.ca),
      audience: noneIfEmpty(flags.audience),
      allowed_issuers: flags.allowedIssuer,
      required_claims: flags.require?.map(readClaim),
      profile_claim: noneIfEmpty(flags.profileClaim),
      key: noneIfEmpty(flags.key),
      algorithms: flags.algorithm?.map((text) => oneOf('--algorithm', text, signInAlgorithms)),
    }),
  }
  return { accepts: [...ownWays(present), sign_in.kind], sign_in }
}

/** What is there, to be sent again; the secret, which nobody is shown, stays by being left out. */
const inputOf = ({ name, sign_in: signIn }: ClientView): SignInInput => {
  if (signIn === null)
    throw new UsageError(
      `The client "${plain(name)}" has no sign-in yet; give --jwt-secret-file, --public-key-file, --issuer or --jwks-url.`,
    )
  const { secret_set: _secretSet, public_key: publicKey, key, ...same } = signIn
  return {
    ...same,
    key: key?.id ?? null,
    ...(publicKey === null ? {} : { public_key: publicKey }),
  }
}

/**
 * What stays of it beside a new secret, key or issuer: who tokens are for and whose rights they have is no less true of those.
 * What only fitted the old one goes.
 */
const keptOf = (
  { public_key: oldKey, algorithms, jwks_url: jwksUrl, allowed_issuers: issuers, ...before }: SignInInput,
  { publicKey, jwtSecretFile, issuer }: Flags & { publicKey: string | undefined },
): SignInInput => {
  const fitted =
    jwtSecretFile === undefined
      ? publicKey === undefined || (oldKey !== undefined && sortOfKey(oldKey) === sortOfKey(publicKey))
      : oldKey === undefined
  // The issuer itself stands for those that are allowed while none is named.
  const areNamed = issuers !== undefined && (issuers.length !== 1 || issuers[0] !== before.issuer)
  return {
    ...before,
    ...given({
      public_key: jwtSecretFile === undefined ? oldKey : undefined,
      algorithms: fitted ? algorithms : undefined,
      jwks_url: issuer === undefined ? jwksUrl : undefined,
      allowed_issuers: areNamed || issuer === undefined ? issuers : undefined,
    }),
  }
}

/** Keys of one sort take the same algorithms; text that is no key is none of any. */
const sortOfKey = (pem: string): string | null => {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(pem)
    return `${asymmetricKeyType} ${asymmetricKeyDetails?.namedCurve ?? ''}`
  } catch {
    return null
  }
}

const noneIfEmpty = (text: string | undefined): string | null | undefined => (text === '' ? null : text)

const readSecret = async (path: string): Promise<string> =>
  (await readOptionFile('--jwt-secret-file', path)).replace(/\r?\n$/, '')

const readClaim = (text: string): { name: string; value: string | null } => {
  // A value may hold "="; so may the name of a claim that is a URL, and then it is set through the API.
  const at = text.indexOf('=')
  return at < 0 ? { name: text, value: null } : { name: text.slice(0, at), value: text.slice(at + 1) }
}

const oneOf = <T extends string>(flag: string, text: string, all: readonly T[]): T => {
  const found = all.find((each) => each.toLowerCase() === text.toLowerCase())
  if (found === undefined) throw new UsageError(`${flag}: "${plain(text)}" is not one of ${all.join(', ')}.`)
  return found
}

const signInLines = ({ sign_in: signIn }: ClientView): string[] => (signIn === null ? [] : linesOf(signIn))

const linesOf = (view: SignInView): string[] => [
  `checked by ${plain(view.jwks_url ?? view.issuer ?? (view.secret_set ? 'a secret' : 'a public key'))}, ${view.algorithms.join(', ')}`,
  ...(view.allowed_issuers.length === 0 ? [] : [`issued by ${plain(view.allowed_issuers.join(', '))}`]),
  ...(view.audience === null ? [] : [`for ${plain(view.audience)}`]),
  ...view.required_claims.map(({ name, value }) => plain(`with ${name}${value === null ? '' : ` = ${value}`}`)),
  ...(view.profile_claim === null ? [] : [`with the rights of the key that ${plain(view.profile_claim)} names`]),
  ...(view.key === null
    ? []
    : [`with the rights of ${plain(view.key.name)}${view.profile_claim === null ? '' : ' when it names none'}`]),
]
