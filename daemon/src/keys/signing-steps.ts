/**
 * The keys that Postern signs with, as pure steps. Promises: a key is published a day before it signs, so that whoever keeps
 * the published ones for a while knows it in time, and stays published for a day after the next one has taken over. The
 * first one signs at once: nobody has kept anything before there was one.
 */
import type { Document, SigningKeyRecord } from '../document/document.ts'
import type { Step, StepContext, Stepped } from '../document/step.ts'
import type { Secret } from '../problem.ts'
import { toInstant } from './expiry.ts'

/** Drawn by the caller. */
export interface SigningMaterial {
  /** RFC 7638 thumbprint of the public key. */
  readonly id: string
  /** SPKI, base64url. */
  readonly publicKey: string
  /** PKCS#8, base64url. */
  readonly privateKey: Secret
}

const dayMs = 86_400_000
const minuteMs = 60_000
export const signingKeyDays = 90

/** The id that a private key is sealed under, in place of a key's. */
export const signingSecretId = (id: string): string => `signing.${id}`

const drawn = (material: SigningMaterial, signsFromMs: number, context: StepContext): SigningKeyRecord => ({
  id: material.id,
  publicKey: material.publicKey,
  privateKey: {
    sealed: context.sealSecret(material.privateKey.reveal(), signingSecretId(material.id), 1),
    version: 1,
  },
  createdAt: toInstant(context.nowMs),
  signsFrom: toInstant(signsFromMs),
})

const withKeys = (document: Document, signingKeys: readonly SigningKeyRecord[]): Document => ({
  ...document,
  settings: { ...document.settings, signingKeys },
})

/** Draws a signing key where there is none that may sign. */
export const drawFirstSigningKey =
  (material: SigningMaterial): Step<null> =>
  (document, context) => {
    const { signingKeys } = document.settings
    if (signingKeys.some(({ signsFrom }) => Date.parse(signsFrom) <= context.nowMs))
      return { document, result: null, entry: null }
    // What has asked for it came in before it was drawn.
    const signsFromMs = context.nowMs - minuteMs
    return said(withKeys(document, [drawn(material, signsFromMs, context), ...signingKeys]), material.id)
  }

const said = (document: Document, id: string): Stepped<null> => ({
  document,
  result: null,
  entry: { action: 'signing_key.draw', object: { kind: 'signing_key', id } },
})

/** What a schedule asks: whether the newest key is old enough for another, or an older one is no longer needed. */
export const isSigningDue = ({ settings }: Document, nowMs: number): boolean => {
  const newest = settings.signingKeys.at(-1)
  if (newest === undefined) return false
  return needsNext(newest, nowMs) || stillNeeded(settings.signingKeys, nowMs).length < settings.signingKeys.length
}

/** Draws the next signing key when it is time, and lets go of those that nothing is checked by any more. */
export const turnSigningKeys =
  (material: SigningMaterial): Step<null> =>
  (document, context) => {
    if (!isSigningDue(document, context.nowMs)) return { document, result: null, entry: null }
    const kept = stillNeeded(document.settings.signingKeys, context.nowMs)
    const newest = kept.at(-1)
    const next =
      newest !== undefined && needsNext(newest, context.nowMs)
        ? [...kept, drawn(material, context.nowMs + dayMs, context)]
        : kept
    return said(withKeys(document, next), next.at(-1)?.id ?? '')
  }

const needsNext = (newest: SigningKeyRecord, nowMs: number): boolean =>
  nowMs >= Date.parse(newest.signsFrom) + signingKeyDays * dayMs

/** A key is done with a day after another has begun to sign. */
const stillNeeded = (keys: readonly SigningKeyRecord[], nowMs: number): readonly SigningKeyRecord[] =>
  keys.filter((_, at) => {
    const next = keys[at + 1]
    return next === undefined || nowMs < Date.parse(next.signsFrom) + dayMs
  })
