/** What a client asks of tokens that somebody else has made, opened and ready to be checked by. */
import type { KeyObject } from 'node:crypto'
import type { CredentialWay, SignInAlgorithm } from '@postern/shared'

/** Which key a token says it was signed with. */
export interface WantedKey {
  readonly alg: SignInAlgorithm
  readonly kid: string | undefined
}

/** Where keys come from. Never rejects: where there is none, nothing is signed by it. */
export interface KeySource {
  find(wanted: WantedKey, nowMs: number): Promise<readonly KeyObject[]>
}

/** Of one client. A change of its settings is another value, and what was found by the old one is forgotten. */
export interface SignInRules {
  readonly clientId: string
  readonly kind: Extract<CredentialWay, 'jwt' | 'oidc'>
  /** The only ones that are taken. */
  readonly algorithms: readonly SignInAlgorithm[]
  readonly keys: KeySource
  /** `iss` is one of these; empty: any, or none. */
  readonly allowedIssuers: readonly string[]
  /** `aud` holds this; `null`: it is not looked at. */
  readonly audience: string | null
  readonly requiredClaims: readonly { readonly name: string; readonly value: string | null }[]
  /** The claim that names the key whose rights a call has. */
  readonly profileClaim: string | null
  /** Whose rights it has when no claim names one. */
  readonly keyId: string | null
}
