/**
 * How far a record has been taken back: the part of a key or client that may only grow stricter when an older folder comes
 * up. Pure. Promises: whatever can be taken from a caller by removing, disabling, rotating, ending or trapping is in here.
 */
import type { ClientRecord, Document, KeyRecord } from '../document/document.ts'

export type StandingState = 'live' | 'disabled' | 'removed' | 'purged'

/** Times are RFC 3339 UTC with milliseconds, so they sort as text. */
export interface Standing {
  readonly kind: 'key' | 'client'
  readonly id: string
  /** In one word; `purged`: there is no such record any more. */
  readonly state: StandingState
  readonly disabledAt: string | null
  readonly removedAt: string | null
  /** The version of the current secret: older ones are dead. 0 for clients. */
  readonly secretVersion: number
  /** Until when the version before it still passes; `null`: not any more. */
  readonly oldUntil: string | null
  /** `null`: never. */
  readonly expiresAt: string | null
  /** Seconds of block of a trap; `null`: it is none. */
  readonly honey: number | null
}

type Facts = Omit<Standing, 'state'> & { readonly purged: boolean }

const named = ({ purged, ...facts }: Facts): Standing => ({
  ...facts,
  state: purged ? 'purged' : facts.removedAt !== null ? 'removed' : facts.disabledAt !== null ? 'disabled' : 'live',
})

export const standingOfKey = (key: KeyRecord): Standing => {
  const secretVersion = Math.max(0, ...key.secrets.map(({ version }) => version))
  const old = key.secrets.find(({ version, validUntil }) => version === secretVersion - 1 && validUntil !== null)
  return named({
    kind: 'key',
    id: key.id,
    purged: false,
    disabledAt: key.disabledAt,
    removedAt: key.removedAt,
    secretVersion,
    oldUntil: old?.validUntil ?? null,
    expiresAt: key.expiresAt,
    honey: key.honey?.blockSeconds ?? null,
  })
}

export const standingOfClient = ({ id, disabledAt }: ClientRecord): Standing =>
  named({
    kind: 'client',
    id,
    purged: false,
    disabledAt,
    removedAt: null,
    secretVersion: 0,
    oldUntil: null,
    expiresAt: null,
    honey: null,
  })

export const isSame = (a: Standing, b: Standing): boolean =>
  a.state === b.state &&
  a.disabledAt === b.disabledAt &&
  a.removedAt === b.removedAt &&
  a.secretVersion === b.secretVersion &&
  a.oldUntil === b.oldUntil &&
  a.expiresAt === b.expiresAt &&
  a.honey === b.honey

/** What both allow: never laxer than either. */
export const strictest = (a: Standing, b: Standing): Standing =>
  named({
    kind: a.kind,
    id: a.id,
    purged: a.state === 'purged' || b.state === 'purged',
    disabledAt: earlier(a.disabledAt, b.disabledAt),
    removedAt: earlier(a.removedAt, b.removedAt),
    secretVersion: Math.max(a.secretVersion, b.secretVersion),
    oldUntil: oldUntilOf(a, b),
    expiresAt: earlier(a.expiresAt, b.expiresAt),
    honey: a.honey ?? b.honey,
  })

/** Of two instants where `null` means that it has not happened, or never will. */
const earlier = (a: string | null, b: string | null): string | null => (a === null ? b : b === null || a < b ? a : b)

const oldUntilOf = (a: Standing, b: Standing): string | null => {
  if (a.secretVersion !== b.secretVersion) return (a.secretVersion > b.secretVersion ? a : b).oldUntil
  return a.oldUntil === null || b.oldUntil === null ? null : earlier(a.oldUntil, b.oldUntil)
}

export const nameOf = ({ kind, id }: Pick<Standing, 'kind' | 'id'>): string => `${kind} ${id}`

/** What a change makes of records: to be said before it is made, and once it is. */
export interface Said {
  /** Never laxer than before or after. */
  readonly before: readonly Standing[]
  readonly after: readonly Standing[]
}

/**
 * What is to be said of the change from one document to the next. Records that did not change are told by being the same
 * object, so ten thousand of them cost little. `known`: what was said of a record last.
 */
export const changesBetween = (before: Document, after: Document, known: ReadonlyMap<string, Standing>): Said => {
  const said = { before: [] as Standing[], after: [] as Standing[] }
  const compare = (was: Standing, next: Standing): void => {
    const told = known.get(nameOf(was))
    const from = told ?? was
    const between = strictest(from, next)
    const takes = !isSame(between, from)
    if (takes) said.before.push(between)
    // What was never taken back needs no word that it is given.
    if (!isSame(next, between) && (takes || told !== undefined)) said.after.push(next)
  }
  eachChange(before.keys, after.keys, standingOfKey, compare)
  eachChange(before.clients, after.clients, standingOfClient, compare)
  return said
}

const eachChange = <T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  standingOf: (record: T) => Standing,
  compare: (was: Standing, next: Standing) => void,
): void => {
  if (before === after) return
  for (const id in before) {
    const was = before[id]
    const next = after[id]
    if (was === next || was === undefined) continue
    const from = standingOf(was)
    compare(from, next === undefined ? { ...from, state: 'purged' } : standingOf(next))
  }
}

/** What a document says of every record otherwise than the journal does. Records of which neither says a word are left out. */
export const corrections = (document: Document, known: ReadonlyMap<string, Standing>): Standing[] => {
  const found: Standing[] = []
  const look = (standing: Standing): void => {
    const told = known.get(nameOf(standing))
    if (told === undefined ? isTakenBack(standing) : !isSame(told, standing)) found.push(standing)
  }
  for (const key of Object.values(document.keys)) look(standingOfKey(key))
  for (const client of Object.values(document.clients)) look(standingOfClient(client))
  return found
}

const isTakenBack = ({ state, secretVersion }: Standing): boolean => state !== 'live' || secretVersion > 1
