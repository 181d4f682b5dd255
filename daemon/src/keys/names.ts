/**
 * Names: trimmed, 3 to 100 characters, no control or direction-changing characters, and unique whatever the case or
 * Unicode form they are written in.
 */
import { adminTokenInText, keyLimits, keyValueInText } from '@postern/shared'
import { Problem } from '../problem.ts'

/** Two names are the same name when their folds are equal. Lower before upper, so that ẞ, ß and SS all meet. */
export const foldName = (name: string): string =>
  name.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC')

const folds = new WeakMap<object, string>()

/** The fold of a record's name. Records never change, so it is worked out once for each. */
export const foldOf = (record: { readonly name: string }): string => {
  const known = folds.get(record)
  if (known !== undefined) return known
  const fold = foldName(record.name)
  folds.set(record, fold)
  return fold
}

// Control, format (bidi, zero-width), surrogate, private-use and unassigned characters, and line separators.
const forbidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u

const refuse = (field: string, message: string): never => {
  throw new Problem('field_invalid', { detail: `${field}: ${message}`, errors: [{ field, message }] })
}

/** These texts stand in lists, notices and the trail, where no secret may ever stand. */
const assertNoKeyValue = (field: string, text: string): void => {
  if (text.search(keyValueInText) >= 0) refuse(field, 'this holds the value of a key, which would be shown to many')
  if (text.search(adminTokenInText) >= 0) refuse(field, 'this holds an admin token, which would be shown to many')
}

/** Reads a name. Length is counted in code points after NFKC. Throws `field_invalid` naming the limit. */
export const parseName = (input: string, meansAnId: (text: string) => boolean): string => {
  const name = input.trim()
  const length = [...name.normalize('NFKC')].length
  if (length < keyLimits.nameMin || length > keyLimits.nameMax)
    refuse('name', `a name has ${keyLimits.nameMin} to ${keyLimits.nameMax} characters; this one has ${length}`)
  if (forbidden.test(name)) refuse('name', 'a name has no control, invisible or direction-changing characters')
  assertNoKeyValue('name', name)
  if (meansAnId(name.normalize('NFKC'))) refuse('name', 'a name may not be an id; choose another')
  return name
}

/** Refuses a name that another record of the same kind already has. `except`: the id of the record being renamed. */
export const assertNameFree = (
  records: Readonly<Record<string, { id: string; name: string; removedAt?: string | null }>>,
  name: string,
  except?: string,
): void => {
  const folded = foldName(name)
  for (const record of Object.values(records)) {
    if (record.id === except || foldOf(record) !== folded) continue
    const removed = record.removedAt !== undefined && record.removedAt !== null
    throw new Problem('name_taken', {
      detail: removed
        ? `name: a removed key still has this name for up to ${keyLimits.restoreDays} days; restore it, or choose another name`
        : 'name: another one already has this name, whatever the case; choose another',
      errors: [{ field: 'name', message: 'already in use' }],
    })
  }
}

/** Reads a free text of at most `max` code points; line breaks and tabs are allowed, other control characters are not. */
export const parseText = (field: string, input: string, max: number): string => {
  const length = [...input].length
  if (length > max) refuse(field, `at most ${max} characters; this one has ${length}`)
  if (/[\p{Cs}]|(?![\n\r\t])\p{Cc}/u.test(input)) refuse(field, 'no control characters')
  assertNoKeyValue(field, input)
  return input
}

/** A short one-line text, or null for none. */
export const parseLabel = (field: string, input: string | null, max: number): string | null => {
  if (input === null) return null
  const text = parseText(field, input.trim(), max)
  if (forbidden.test(text)) refuse(field, 'one line, without control, invisible or direction-changing characters')
  return text === '' ? null : text
}

export const refuseField = refuse
