/**
 * The keys that Postern signs with, opened as long as the store is. Promises: opened once each; the next one is drawn and
 * the oldest let go when their day comes.
 */
import type { Document, SealedSecret, SigningKeyRecord } from './document/document.ts'
import type { Step } from './document/step.ts'
import type { Who } from './change.ts'
import { drawSigningMaterial } from './keys/material.ts'
import { isSigningDue, signingSecretId, turnSigningKeys } from './keys/signing-steps.ts'
import type { Secret } from './problem.ts'
import { createTokenIssuer, type SigningKey, type TokenIssuer } from './tokens/issuer.ts'

export interface KeptSigning {
  readonly issuer: TokenIssuer
  /** What a schedule calls. */
  turn(): Promise<void>
}

export const keepSigning = (deps: {
  document(): Document
  openSecret(sealed: SealedSecret, id: string): Secret
  change<R>(who: Who, step: Step<R>): Promise<R>
  readonly who: Who
  readonly now: () => number
}): KeptSigning => {
  const { document, openSecret, change, who, now } = deps
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
  return {
    issuer: createTokenIssuer(keys),
    async turn() {
      if (isSigningDue(document(), now())) await change(who, turnSigningKeys(drawSigningMaterial()))
    },
  }
}
