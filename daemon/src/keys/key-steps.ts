/**
 * The life of a key, as pure steps: issue, edit, rotate, disable, enable, remove, restore, purge. Promises: a step either
 * gives the whole next document or throws a Problem and changes nothing. Never: reads a clock, draws randomness, keeps a
 * secret whose reveal policy says it must not be kept.
 */
import {
  defaultClientId,
  formatKeyValue,
  isKeyId,
  keyLimits,
  revealPolicies,
  type AuditAction,
  type KeyEdit,
  type KeyScope,
  type NewKey,
  type RevealPolicy,
  type Rotation,
} from '@postern/shared'
import type { Document, HoneyRecord, KeyRecord, KeySecret } from '../document/document.ts'
import type { Step, StepContext, Stepped } from '../document/step.ts'
import { Problem, Secret } from '../problem.ts'
import { drawnVerifier } from '../verifiers/drawn.ts'
import { parseExpiry, toInstant } from './expiry.ts'
import { assertMatches, findClient, findKey, meansAnId } from './find.ts'
import type { KeyMaterial } from './material.ts'
import { assertNameFree, parseLabel, parseName, parseText, refuseField } from './names.ts'
import { narrowTo, noRights, parseRights } from './rights.ts'

/** A key and its value; `value` is `null` where the reveal policy never shows one. */
export interface KeyIssued {
  readonly key: KeyRecord
  readonly value: Secret | null
}

const dayMs = 86_400_000

/** Issues a key. `material` is drawn by the caller. Throws `field_invalid`, `name_taken`, `not_found`. */
export const issueKey =
  (input: NewKey, material: KeyMaterial): Step<KeyIssued> =>
  (document, context) => {
    // A drawn id that exists would give two keys one verifier slot; at 62^8 ids this is a fault, not a case.
    if (!isKeyId(material.keyId) || Object.hasOwn(document.keys, material.keyId)) throw new Error('key id drawn twice')
    const client = findClient(document, input.client ?? defaultClientId)
    const name = parseName(input.name, meansAnId(document))
    assertNameFree(document.keys, name)
    const reveal = input.reveal ?? document.settings.revealDefault
    const honey = input.honey === undefined || input.honey === null ? null : parseHoney(input.honey)
    const collections = narrowTo(document, client, input.collections ?? null)
    const now = toInstant(context.nowMs)
    const { secret, value } = makeSecret(material, { version: 1, reveal }, context)
    const key: KeyRecord = {
      id: material.keyId,
      revision: 1,
      name,
      description: parseText('description', input.description ?? '', keyLimits.descriptionMax),
      owner: parseLabel('owner', input.owner ?? null, keyLimits.ownerMax),
      clientId: client.id,
      collections,
      ...noRights,
      ...parseRights(document, input, collections),
      scopes: parseScopes(input.scopes ?? [], honey),
      honey,
      reveal,
      secrets: [secret],
      createdAt: now,
      // A trap that expires unnoticed is none, so it ends only when a date was asked for.
      expiresAt: parseExpiry(input.expires ?? (honey === null ? undefined : { never: true }), {
        ...context,
        past: false,
      }),
      activeSince: now,
      disabledAt: null,
      removedAt: null,
      quarantinedAt: null,
    }
    return stepped(document, key, { action: 'key.issue' }, { key, value: reveal === 'never' ? null : value })
  }

/** Edits a key. A new date on an expired key makes it active again at once. Throws also `precondition_failed`. */
export const editKey =
  (ref: string, ifMatch: string, input: KeyEdit): Step<KeyRecord> =>
  (document, context) => {
    const key = findKey(document, ref)
    assertMatches(key, ifMatch)
    const fields = Object.keys(input)
    if (fields.length === 0) return { document, result: key, entry: null }
    const name = input.name === undefined ? key.name : parseName(input.name, meansAnId(document))
    if (name !== key.name) assertNameFree(document.keys, name, key.id)
    const client = findClient(document, key.clientId)
    const honey = input.honey === undefined ? key.honey : parseHoney(input.honey)
    const scopes = input.scopes ?? (honey === null ? key.scopes : [])
    const collections =
      input.collections === undefined ? key.collections : narrowTo(document, client, input.collections)
    const reveal = input.reveal ?? key.reveal
    if (revealPolicies.indexOf(reveal) < revealPolicies.indexOf(key.reveal))
      return refuseField(
        'reveal',
        `"${key.reveal}" can only be loosened by rotating the key, because the secret is not kept`,
      )
    const next: KeyRecord = {
      ...key,
      name,
      reveal,
      honey,
      scopes: parseScopes(scopes, honey),
      description:
        input.description === undefined
          ? key.description
          : parseText('description', input.description, keyLimits.descriptionMax),
      owner: input.owner === undefined ? key.owner : parseLabel('owner', input.owner, keyLimits.ownerMax),
      collections,
      ...parseRights(document, input, collections),
      // Untouched unless asked for: an edit of the description must never move the date.
      expiresAt: input.expires === undefined ? key.expiresAt : parseExpiry(input.expires, { ...context, past: true }),
      secrets: reveal === 'always' ? key.secrets : key.secrets.map((secret) => ({ ...secret, sealed: null })),
    }
    return revised(document, next, 'key.edit', fields)
  }

/**
 * Gives a key a new secret under the same id. The old one stays valid for the overlap (at most 30 days), or ends at once.
 * A secret still overlapping from an earlier rotation ends now.
 */
export const rotateKey =
  (ref: string, input: Rotation, secretText: string): Step<KeyIssued> =>
  (document, context) => {
    const key = findKey(document, ref)
    const overlapSeconds = input.overlap_seconds ?? 0
    const maxSeconds = keyLimits.overlapDaysMax * 86_400
    if (!Number.isInteger(overlapSeconds) || overlapSeconds < 0 || overlapSeconds > maxSeconds)
      return refuseField(
        'overlap_seconds',
        `a whole number of seconds, 0 to ${maxSeconds} (${keyLimits.overlapDaysMax} days)`,
      )
    const [current] = key.secrets
    // A value from elsewhere was never Postern's to show; the one that takes its place is a new one.
    const reveal = input.reveal ?? (current?.origin === 'imported' ? document.settings.revealDefault : key.reveal)
    const made = makeSecret(
      { keyId: key.id, secret: secretText },
      { version: (current?.version ?? 0) + 1, reveal },
      context,
    )
    const old =
      // A first secret with an end is one that was lost with a newer folder: nothing to go on with.
      current === undefined || current.validUntil !== null || overlapSeconds === 0
        ? []
        : [{ ...current, sealed: null, validUntil: toInstant(context.nowMs + overlapSeconds * 1000) }]
    const next: KeyRecord = { ...key, reveal, secrets: [made.secret, ...old] }
    const { document: after, result, entry } = revised(document, next, 'key.rotate', ['secret'])
    return { document: after, result: { key: result, value: reveal === 'never' ? null : made.value }, entry }
  }

/** Ends the overlap of a rotation now. */
export const revokeOldSecret =
  (ref: string): Step<KeyRecord> =>
  (document, context) => {
    const key = findKey(document, ref)
    // The first one stays in any case: after an older folder came up it may be one that nobody has.
    const secrets = key.secrets.slice(0, 1)
    const overlapping = key.secrets.some(
      (each) => each.validUntil !== null && Date.parse(each.validUntil) > context.nowMs,
    )
    if (!overlapping) throw new Problem('conflict', { detail: 'This key has no old secret that is still valid.' })
    return revised(document, { ...key, secrets }, 'key.revoke_old')
  }

/** Refuses calls with this key until it is enabled. Doing it twice changes nothing. */
export const disableKey =
  (ref: string): Step<KeyRecord> =>
  (document, context) => {
    const key = findKey(document, ref)
    if (key.disabledAt !== null) return { document, result: key, entry: null }
    return revised(document, { ...key, disabledAt: toInstant(context.nowMs), activeSince: null }, 'key.disable')
  }

export const enableKey =
  (ref: string): Step<KeyRecord> =>
  (document, context) => {
    const key = findKey(document, ref)
    if (key.disabledAt === null) return { document, result: key, entry: null }
    return revised(
      document,
      { ...key, disabledAt: null, quarantinedAt: null, activeSince: toInstant(context.nowMs) },
      'key.enable',
    )
  }

/** Removes a key: dead at once for callers, restorable for 7 days, its name kept until it is purged. */
export const removeKey =
  (ref: string): Step<KeyRecord> =>
  (document, context) => {
    const key = findKey(document, ref)
    return revised(document, { ...key, removedAt: toInstant(context.nowMs) }, 'key.remove')
  }

/** Takes a removed key back as it was: disabled stays disabled, an old secret's overlap goes on as it would have. */
export const restoreKey =
  (ref: string): Step<KeyRecord> =>
  (document, context) => {
    const key = findKey(document, ref, { removed: true })
    if (key.removedAt === null) throw new Problem('conflict', { detail: 'This key has not been removed.' })
    if (purgeAt(key) <= context.nowMs)
      throw new Problem('not_found', {
        detail: `A removed key can be restored for ${keyLimits.restoreDays} days; they have passed.`,
      })
    return revised(document, { ...key, removedAt: null }, 'key.restore')
  }

/** Drops the keys of one client whose days of grace have passed, for good. Gives their ids. */
export const purgeRemovedKeys =
  (client: string): Step<string[]> =>
  (document, context) => {
    const ids = Object.values(document.keys)
      .filter((key) => key.clientId === client && purgeAt(key) <= context.nowMs)
      .map((key) => key.id)
    if (ids.length === 0) return { document, result: ids, entry: null }
    const keys = { ...document.keys }
    for (const id of ids) delete keys[id]
    return {
      document: { ...document, keys },
      result: ids,
      entry: { action: 'key.purge', object: { kind: 'keys', id: ids.join(',') }, client },
    }
  }

const purgeAt = (key: KeyRecord): number =>
  key.removedAt === null ? Infinity : Date.parse(key.removedAt) + keyLimits.restoreDays * dayMs

const makeSecret = (
  material: KeyMaterial,
  { version, reveal }: { version: number; reveal: RevealPolicy },
  context: StepContext,
): { secret: KeySecret; value: Secret } => {
  const value = formatKeyValue(material)
  const secret: KeySecret = {
    version,
    origin: 'drawn',
    verifier: drawnVerifier(material.keyId, material.secret),
    last4: value.slice(-4),
    sealed: reveal === 'always' ? context.sealSecret(material.secret, material.keyId, version) : null,
    createdAt: toInstant(context.nowMs),
    validUntil: null,
  }
  return { secret, value: new Secret(value) }
}

const parseHoney = ({ block_seconds: seconds = 0 }: { block_seconds?: number | undefined }): HoneyRecord =>
  Number.isInteger(seconds) && seconds >= 0 && seconds <= keyLimits.blockSecondsMax
    ? { blockSeconds: seconds }
    : refuseField('honey.block_seconds', `a whole number of seconds, 0 to ${keyLimits.blockSecondsMax} (30 days)`)

const parseScopes = (scopes: readonly KeyScope[], honey: HoneyRecord | null): readonly KeyScope[] =>
  honey === null || scopes.length === 0
    ? [...new Set(scopes)]
    : refuseField('scopes', 'a honey key opens nothing, so it has no scopes')

const stepped = <R>(document: Document, key: KeyRecord, said: Said, result: R): Stepped<R> => ({
  document: { ...document, keys: { ...document.keys, [key.id]: key } },
  result,
  entry: { ...said, object: { kind: 'key', id: key.id, name: key.name }, client: key.clientId },
})

const revised = (
  document: Document,
  changed: KeyRecord,
  action: AuditAction,
  fields?: string[],
): Stepped<KeyRecord> => {
  const key = { ...changed, revision: changed.revision + 1 }
  return stepped(document, key, { action, ...(fields === undefined ? {} : { fields }) }, key)
}

interface Said {
  action: AuditAction
  fields?: string[]
}
