/** How callers of a client sign in, in words. Never: a secret. Pure. */
import type { Texts } from '../texts/texts.ts'
import type { SignsIn } from './sign-in-draft.ts'

/** Each way in which they may. */
export const waysSaid = ({ accepts }: Pick<SignsIn, 'accepts'>, { signIn }: Texts): string[] =>
  accepts.map((way) => signIn.names[way])

/** In so few words that they fit beside the name of the part; empty: as it is when nobody has chosen anything. */
export const waysShort = ({ accepts }: Pick<SignsIn, 'accepts'>, { signIn }: Texts): string =>
  accepts.join() === 'key,oauth2' ? '' : accepts.map((way) => signIn.short[way]).join(', ')

export interface SignInLine {
  readonly name: 'checkedBy' | 'algorithms' | 'issuers' | 'audience' | 'claims' | 'rights'
  readonly text: string
}

/** What is asked of tokens that somebody else has made; empty: none are taken. What is not asked is not there. */
export const signInSaid = ({ sign_in: settings }: Pick<SignsIn, 'sign_in'>, { signIn }: Texts): SignInLine[] => {
  if (settings === null) return []
  const { issuer, jwks_url: jwksUrl, ca } = settings
  const checkedBy =
    settings.kind === 'jwt'
      ? [settings.secret_set ? signIn.said.secret : signIn.said.publicKey]
      : [
          ...(issuer === null ? [] : [signIn.said.keysOf(issuer)]),
          ...(jwksUrl === null ? [] : [signIn.said.keysAt(jwksUrl)]),
          ...(ca === null ? [] : [signIn.said.ownCa]),
        ]
  const { profile_claim: claim, key } = settings
  const rights = [
    ...(claim === null ? [] : [signIn.said.rightsOfClaim(claim)]),
    ...(key === null
      ? []
      : [claim === null ? signIn.said.rightsOfKey(key.name) : signIn.said.elseRightsOfKey(key.name)]),
  ]
  const claims = settings.required_claims.map(({ name, value }) => (value === null ? name : `${name} = ${value}`))
  const lines: SignInLine[] = [
    { name: 'checkedBy', text: checkedBy.join('\n') },
    { name: 'algorithms', text: settings.algorithms.join(', ') },
    { name: 'issuers', text: settings.allowed_issuers.join('\n') },
    { name: 'audience', text: settings.audience ?? '' },
    { name: 'claims', text: claims.join('\n') },
    { name: 'rights', text: rights.join('\n') },
  ]
  return lines.filter(({ text }) => text !== '')
}
