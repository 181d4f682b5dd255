/**
 * Who may do what with which key at the admin API: the one rule. Pure. Promises: whoever may not view a key is told the same
 * of it as of one that is not there, and no list that is made from what they are given names it.
 */
import { keyRights, roles, type AuditEntry, type KeyRight, type Notice, type Role } from '@postern/shared'
import type { Document, KeyRecord } from '../document/document.ts'
import { findKey } from '../keys/find.ts'
import { Problem } from '../problem.ts'

/** Whoever asks. Only tokens are named in grants; whoever has none is named nowhere. */
export interface Asker {
  readonly role: Role
  readonly tokenId: string | null
}

/** The least role for each right on a key that names nobody. */
const roleFor: Readonly<Record<KeyRight, Role>> = { view: 'viewer', reveal: 'operator', manage: 'operator' }

/**
 * Administrators may everything. A key without grants is for those who have the role; a key with grants for the tokens that
 * it names, whatever their role, and for nobody else.
 */
export const mayOn = ({ role, tokenId }: Asker, { grants }: Pick<KeyRecord, 'grants'>, right: KeyRight): boolean => {
  // Neither of an unknown word is less than anything.
  if (!roles.includes(role) || !keyRights.includes(right)) return false
  if (role === 'administrator') return true
  if (grants === null) return roles.indexOf(role) >= roles.indexOf(roleFor[right])
  const granted = grants.find((grant) => grant.tokenId === tokenId)
  return granted?.rights.includes(right) === true
}

const notThere = (): Problem => new Problem('not_found', { detail: 'There is no key with this id or name.' })

/** Throws `not_found` where the key may not be viewed, `forbidden` where it may be viewed and not this. */
export const assertOn = (asker: Asker, key: KeyRecord, right: KeyRight): void => {
  if (!mayOn(asker, key, 'view')) throw notThere()
  if (!mayOn(asker, key, right))
    throw new Problem('forbidden', {
      detail:
        key.grants === null
          ? `this call needs the role ${roleFor[right]}`
          : `this call needs the right to ${right} this key, which its grants do not give`,
    })
}

/** The key of a call, by id or name, removed ones too. Throws like `assertOn`. */
export const keyOfCall = (document: Document, ref: string, asker: Asker, right: KeyRight): KeyRecord => {
  const key = findKey(document, ref, { removed: true })
  assertOn(asker, key, right)
  return key
}

/** Who may manage a key is for administrators to say. Throws `forbidden`. */
export const assertMayGrant = ({ role }: Asker, { grants }: { grants?: unknown }): void => {
  if (grants === undefined || role === 'administrator') return
  throw new Problem('forbidden', {
    detail: 'grants: only administrators say which tokens may see and manage a key; leave it out',
    errors: [{ field: 'grants', message: 'only for administrators' }],
  })
}

/**
 * Keys of an administrator client with the scope for it read the changes to everybody's keys, hidden ones too; so making one is
 * for administrators. Throws `forbidden`.
 */
export const assertMayReadAll = ({ role }: Asker, readsAll: boolean, field: 'administrator' | 'scopes'): void => {
  if (!readsAll || role === 'administrator') return
  throw new Problem('forbidden', {
    detail: `${field}: a key could read the changes to everybody's keys by this, which is for administrators to allow`,
    errors: [{ field, message: 'only for administrators' }],
  })
}

/**
 * Whoever says how tokens are checked can make one that counts as any key of the client, those that are kept from them and those
 * to come too; so that is for administrators. Taking it away is not. Throws `forbidden`.
 */
export const assertMaySignIn = ({ role }: Asker, { sign_in: signIn }: { sign_in?: unknown }): void => {
  if (signIn === undefined || signIn === null || role === 'administrator') return
  throw new Problem('forbidden', {
    detail: "sign_in: tokens could count as any of the client's keys by this, which is for administrators to allow",
    errors: [{ field: 'sign_in', message: 'only for administrators' }],
  })
}

/** Whether nothing has to be kept from them: neither keys that are there nor what is known of others that were. */
export const seesAll = ({ role }: Asker): boolean => role === 'administrator'

const narrowed = new WeakMap<Document, Map<string, Document>>()

/** The document as they may see it: without the keys that they may not view, and the addresses those have blocked. */
export const visibleTo = (document: Document, asker: Asker): Document => {
  if (seesAll(asker)) return document
  const known = narrowed.get(document) ?? new Map<string, Document>()
  narrowed.set(document, known)
  const name = `${asker.role} ${asker.tokenId ?? ''}`
  const made = known.get(name) ?? withoutHidden(document, asker)
  known.set(name, made)
  return made
}

const withoutHidden = (document: Document, asker: Asker): Document => {
  const keys = Object.values(document.keys)
  const seen = keys.filter((key) => mayOn(asker, key, 'view'))
  if (seen.length === keys.length) return document
  const visible = Object.fromEntries(seen.map((key) => [key.id, key]))
  const blocks = Object.fromEntries(
    Object.entries(document.blocks).filter(([, { keyId }]) => Object.hasOwn(visible, keyId)),
  )
  return { ...document, keys: visible, blocks }
}

/**
 * What is about a key is shown to those who may view that key. A key that is not there any more may have been anybody's, so
 * what is left of it is for administrators.
 */
export interface Sight {
  /** Whether nothing at all is left out. */
  readonly all: boolean
  key(id: string): boolean
  /** Whether a text tells of no key that they may not view. Texts about keys carry their ids. */
  text(text: string): boolean
}

const idInText = /\b[0-9A-Za-z]{8}\b/g

export const sightOf = (document: Document, asker: Asker): Sight => {
  const all = seesAll(asker)
  const { keys } = visibleTo(document, asker)
  const key = (id: string): boolean => all || Object.hasOwn(keys, id)
  return {
    all,
    key,
    text: (said) =>
      all || (said.match(idInText) ?? []).every((word) => !Object.hasOwn(document.keys, word) || key(word)),
  }
}

/** A record of the trail as they may see it; `null`: not at all. */
export const entrySeen = <E extends AuditEntry>(entry: E, sight: Sight): E | null => {
  if (sight.all) return entry
  const { kind, id } = entry.object
  if (kind === 'key' || kind === 'keys') return id.split(',').every((each) => sight.key(each)) ? entry : null
  if (entry.note === undefined || sight.text(entry.note)) return entry
  const { note: _, ...rest } = entry
  return rest as E
}

/** Whether they may see a notice. */
export const noticeSeen = ({ subject, text }: Notice, sight: Sight): boolean =>
  sight.all || (subject.kind === 'key' ? sight.key(subject.id) : sight.text(text))
