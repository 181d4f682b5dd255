/**
 * What was seen in one file, folded: the same value in the same place is one finding with a count, and a value that the raw
 * bytes of an archive hold as well as a file inside it is told of that file alone. This is where values are masked.
 * Never: a value, or a path or name with a value in it, in what leaves this file.
 */
import {
  adminTokenInText,
  adminTokenPrefix,
  keyIdLength,
  keyPrefix,
  keyValueInText,
  maskAdminToken,
  maskKeyValue,
  parseAdminToken,
  parseKeyValue,
  tokenIdLength,
} from '@postern/shared'
import type { Form, Match, Opens } from './find-keys.ts'

export interface Finding {
  /** The file, key values in its name masked. */
  readonly path: string
  /** The file inside an archive, archives inside archives divided by `!/`; `null`: the file itself. */
  readonly entry: string | null
  /** `name`: the key value stands in the name of the file or folder. */
  readonly form: Form | 'name'
  /** From 1; `null` where the bytes are no text. */
  readonly line: number | null
  /** In bytes from 0, in what the archive inflates to. */
  readonly offset: number
  readonly opens: Opens
  /** The id of the key, or of the admin token. */
  readonly keyId: string
  /** `postern_ab12cd34_…wxyz`, comparable with the `masked` of the admin API. */
  readonly masked: string
  /** False: mistyped or made up. */
  readonly checksumRight: boolean
  /** How often the same value stands in the same place; `line` and `offset` are of the first. */
  readonly times: number
}

/**
 * Something that was not looked into. `unreadable`: it should have been, so the scan is not whole. `not_opened`: a format
 * that is only looked at as bytes.
 */
export interface Note {
  readonly path: string
  readonly entry: string | null
  readonly kind: 'unreadable' | 'not_opened'
  readonly reason: string
  /** How many entries of this file share the reason; `entry` is the first. */
  readonly times: number
}

/** The way from the file to an entry: empty for the file itself. */
export type Trail = readonly string[]

export interface Sightings {
  see(match: Match, trail: Trail): void
  note(kind: Note['kind'], reason: string, trail: Trail): void
  /** What was seen, in the order of archive, then place. */
  findings(): Finding[]
  notes(): Note[]
}

interface Sighting {
  readonly match: Match
  readonly trail: Trail
  times: number
}

const divider = '!/'
const distinctMax = 10_000
const tooMany = `holds more than ${distinctMax} different keys; the others are not listed`

/** `path`: of the file, as it may be shown. */
export const createSightings = (path: string): Sightings => {
  /** By value, then by trail. */
  const seen = new Map<string, Map<string, Sighting>>()
  const notes = new Map<string, { -readonly [K in keyof Note]: Note[K] }>()
  let distinct = 0

  const note: Sightings['note'] = (kind, reason, trail) => {
    const before = notes.get(reason)
    if (before === undefined) notes.set(reason, { path, entry: shown(trail), kind, reason, times: 1 })
    else before.times += 1
  }

  return {
    note,
    see(match, trail) {
      const places = seen.get(match.value)
      const place = trail.join(divider)
      const before = places?.get(place)
      if (before !== undefined) before.times += 1
      else if (distinct >= distinctMax) note('unreadable', tooMany, [])
      else {
        distinct += 1
        const sighting = { match, trail, times: 1 }
        if (places === undefined) seen.set(match.value, new Map([[place, sighting]]))
        else places.set(place, sighting)
      }
    },
    findings: () =>
      [...seen.values()]
        .flatMap((places) => {
          const all = [...places.values()]
          return all.filter(({ trail }) => !all.some((other) => isWithin(other.trail, trail)))
        })
        .map(({ match, trail, times }) => ({ ...findingOf(match), path, entry: shown(trail), times })),
    notes: () => [...notes.values()],
  }
}

/** Key values in the name of a file or folder. `name`: the last part of `path`, unmasked. */
export const findInName = (name: string, path: string): Finding[] => {
  const told = (value: string, opens: Opens, keyId: string, checksumRight: boolean): Finding => {
    const match = { opens, form: 'name', keyId, value, checksumRight, offset: 0, line: null } as const
    return { ...findingOf(match), path, entry: null, times: 1 }
  }
  if (!mayHoldOne(name)) return []
  return [
    ...[...name.matchAll(keyValueInText)].map(([value]) =>
      told(value, 'key', keyIdOf(value), parseKeyValue(value) !== null),
    ),
    ...[...name.matchAll(adminTokenInText)].map(([value]) =>
      told(value, 'admin_token', tokenIdOf(value), parseAdminToken(value) !== null),
    ),
  ]
}

/** A path or name as it may be shown. */
export const maskText = (text: string): string =>
  mayHoldOne(text)
    ? text
        .replaceAll(keyValueInText, (value) => maskKeyValue(keyIdOf(value), value.slice(-4)))
        .replaceAll(adminTokenInText, (value) => maskAdminToken(tokenIdOf(value), value.slice(-4)))
    : text

const mayHoldOne = (text: string): boolean => text.includes(keyPrefix) || text.includes(adminTokenPrefix)

const findingOf = ({
  value,
  ...rest
}: Omit<Match, 'form'> & { form: Finding['form'] }): Omit<Finding, 'path' | 'entry' | 'times'> => ({
  ...rest,
  masked: (rest.opens === 'key' ? maskKeyValue : maskAdminToken)(rest.keyId, value.slice(-4)),
})

const tokenIdOf = (value: string): string =>
  `at_${value.slice(adminTokenPrefix.length, adminTokenPrefix.length + tokenIdLength)}`

const keyIdOf = (value: string): string => value.slice(keyPrefix.length, keyPrefix.length + keyIdLength)

const shown = (trail: Trail): string | null => (trail.length === 0 ? null : maskText(trail.join(divider)))

const isWithin = (inner: Trail, outer: Trail): boolean =>
  inner.length > outer.length && outer.every((part, at) => inner[at] === part)
