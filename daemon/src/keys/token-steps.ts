/**
 * The life of an admin token, as pure steps. Promises: nobody makes a token that may do more than they may themselves; a
 * removed one stands in no key's grants any more, and a key that it was the last to be named by is for administrators alone.
 * Never: the token itself; only what it is checked by.
 */
import {
  accessLimits,
  adminTokenDays,
  adminTokenYearsMax,
  formatAdminToken,
  roles,
  type ExpiryChoice,
  type NewToken,
  type Role,
  type TokenEdit,
} from '@postern/shared'
import type { AdminTokenRecord, Document, KeyRecord } from '../document/document.ts'
import type { Step, StepContext } from '../document/step.ts'
import { Problem, Secret } from '../problem.ts'
import { drawnVerifier } from '../verifiers/drawn.ts'
import { parseExpiry } from './expiry.ts'
import { assertMatches, findToken, meansAnId } from './find.ts'
import { assertNameFree, parseName, parseText } from './names.ts'
import { firstRevision, nextRevision, put, switches, takeOff } from './record-steps.ts'

export interface TokenIssued {
  readonly token: AdminTokenRecord
  readonly value: Secret
}

/** Drawn by the caller. */
export interface TokenMaterial {
  readonly tokenId: string
  readonly secret: string
}

/** Makes a token. `maker`: the role of whoever asks for it. Throws `field_invalid`, `name_taken`, `forbidden`. */
export const issueToken =
  (input: NewToken, material: TokenMaterial, maker: Role): Step<TokenIssued> =>
  (document, context) => {
    const { tokenId, secret } = material
    // A drawn id that exists would give one record two secrets; at 62^12 ids this is a fault, not a case.
    if (Object.hasOwn(document.adminTokens, tokenId)) throw new Error('token id drawn twice')
    const name = parseName(input.name, meansAnId(document))
    assertNameFree(document.adminTokens, name)
    assertNotAbove(input.role, maker)
    const value = formatAdminToken(material)
    const token: AdminTokenRecord = {
      ...firstRevision(tokenId, context.nowMs),
      name,
      description: parseText('description', input.description ?? '', accessLimits.descriptionMax),
      role: input.role,
      verifier: drawnVerifier(tokenId, secret),
      last4: value.slice(-4),
      expiresAt: endOf(input.expires ?? { days: adminTokenDays }, context, false),
    }
    const { entry, document: next } = put(document, 'adminTokens', token, { action: 'token.issue' })
    return { document: next, result: { token, value: new Secret(value) }, entry }
  }

/** Edits a token. `maker`: the role of whoever asks. Throws also `precondition_failed`. */
export const editToken =
  (ref: string, ifMatch: string, input: TokenEdit, maker: Role): Step<AdminTokenRecord> =>
  (document, context) => {
    const token = findToken(document, ref)
    assertMatches(token, ifMatch)
    const fields = Object.keys(input)
    if (fields.length === 0) return { document, result: token, entry: null }
    const name = input.name === undefined ? token.name : parseName(input.name, meansAnId(document))
    if (name !== token.name) assertNameFree(document.adminTokens, name, token.id)
    if (input.role !== undefined) assertNotAbove(input.role, maker)
    const next: AdminTokenRecord = {
      ...token,
      name,
      role: input.role ?? token.role,
      ...(input.description === undefined
        ? {}
        : { description: parseText('description', input.description, accessLimits.descriptionMax) }),
      // Untouched unless asked for: an edit of the description must never move the date.
      ...(input.expires === undefined ? {} : { expiresAt: endOf(input.expires, context, true) }),
    }
    return put(document, 'adminTokens', nextRevision(next, context.nowMs), { action: 'token.edit', fields })
  }

/** A disabled token is refused until it is enabled again. */
export const { disable: disableToken, enable: enableToken } = switches('adminTokens', findToken, {
  disable: 'token.disable',
  enable: 'token.enable',
})

/** Removes a token for good, also from the grants of keys. Gives nothing. */
export const removeToken =
  (ref: string): Step<null> =>
  (document) => {
    const token = findToken(document, ref)
    const naming = keysNaming(document, token.id)
    const { document: without, result, entry } = takeOff(document, 'adminTokens', token, 'token.remove')
    if (naming.length === 0) return { document: without, result, entry }
    const keys = { ...document.keys }
    for (const key of naming)
      keys[key.id] = {
        ...key,
        revision: key.revision + 1,
        // Empty, it stays a list: nobody but administrators. `null` would open it to everybody with a role.
        grants: (key.grants ?? []).filter(({ tokenId }) => tokenId !== token.id),
      }
    const note = `taken out of the grants of ${naming.length} ${naming.length === 1 ? 'key' : 'keys'}`
    return { document: { ...without, keys }, result, entry: entry === null ? null : { ...entry, note } }
  }

/** The keys that name a token in their grants, removed ones too. */
export const keysNaming = (document: Document, id: string): KeyRecord[] =>
  Object.values(document.keys).filter(({ grants }) => grants?.some(({ tokenId }) => tokenId === id) === true)

const endOf = (choice: ExpiryChoice, { nowMs, zone }: StepContext, past: boolean): string | null =>
  parseExpiry(choice, { nowMs, zone, past, yearsMax: adminTokenYearsMax, what: 'a token' })

const assertNotAbove = (role: Role, maker: Role): void => {
  if (roles.indexOf(role) <= roles.indexOf(maker)) return
  throw new Problem('forbidden', {
    detail: `role: whoever is ${maker} cannot make a token for the role ${role}`,
    errors: [{ field: 'role', message: `at most ${maker}` }],
  })
}
