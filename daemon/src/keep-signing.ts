/**
 * The keys that Postern signs with, opened as long as the store is. Promises: opened once each; the first is drawn when something is
 * signed, the next one and the end of the oldest come on their days.
 */
import { join } from 'node:path'
import type { Document, SealedSecret, SigningKeyRecord } from './document/document.ts'
import type { Step } from './document/step.ts'
import type { Who } from './change.ts'
import { drawSigningMaterial } from './keys/material.ts'
import { drawFirstSigningKey, isSigningDue, signingSecretId, turnSigningKeys } from './keys/signing-steps.ts'
import type { Secret } from './problem.ts'
import { createAccessTokens, type AccessTokens } from './tokens/access-tokens.ts'
import { openRevokedTokens } from './tokens/revoked-tokens.ts'
import { createTokenIssuer, type SigningKey, type TokenIssuer } from './tokens/issuer.ts'

export interface KeptSigning {
  readonly issuer: TokenIssuer
  readonly tokens: AccessTokens
  /** What a schedule calls. */
  turn(): Promise<void>
}

export const keepSigning = async (deps: {
  readonly dataDir: string
  readonly storeId: string
  document(): Document
  openSecret(sealed: SealedSecret, id: string): Secret
  change<R>(who: Who, step: Step<R>): Promise<R>
  readonly who: Who
  readonly now: () => number
}): Promise<KeptSigning> => {
  const { dataDir, storeId, document, openSecret, change, who, now } = deps
  let opened: { from: readonly SigningKeyRecord[]; keys: readonly SigningKey[] } = { from: [], keys: [] }
  const keys = (): readonly SigningKey[] => {
    const { signingKeys } = document().settings
    if (signingKeys !== opened.from) opened = { from: signingKeys, keys: signingKeys.map(open) }
    return opened.keys
  }
  const open = ({ id, publicKey, privateKey, signsFrom }: SigningKeyRecord): SigningKey => ({
    id,
    publicKey,
    privateKey: openSecret(privateKey, signingSecretId(id)).reveal(),
    signsFromMs: Date.parse(signsFrom),
  })
  const issuer = createTokenIssuer(
    keys,
    async () => void (await change(who, drawFirstSigningKey(drawSigningMaterial()))),
  )
  const revoked = await openRevokedTokens(join(dataDir, 'tokens'))
  return {
    issuer,
    tokens: createAccessTokens({ issuer, revoked, storeId }),
    async turn() {
      if (isSigningDue(document(), now())) await change(who, turnSigningKeys(drawSigningMaterial()))
    },
  }
}
