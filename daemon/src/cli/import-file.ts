/**
 * Reads a file of keys to import: JSON, or CSV (RFC 4180) with a header row. Promises: every row that cannot be read is told
 * with its line; what is read is exactly what the file says. Never: a value in an error.
 */
import { importedKey, type ImportedKey } from '@postern/shared'
import { UsageError } from './prompt.ts'

export interface RowRead {
  readonly key: ImportedKey
  /** Where it stands: a line of a CSV file, or the number of the key in a JSON file. */
  readonly where: string
}

/** Throws `UsageError` naming what is wrong and where. */
export const readImport = (text: string): RowRead[] => {
  const rows = /^\s*[[{]/.test(text) ? readJson(text) : readCsv(text)
  if (rows.length === 0) throw new UsageError('There is no key in what was given.')
  return rows
}

const problemsShown = 20

/** All faults at once, as far as they are not too many. */
const refuseAll = (faults: readonly string[]): void => {
  if (faults.length === 0) return
  const more = faults.length > problemsShown ? `\n  and ${faults.length - problemsShown} more` : ''
  throw new UsageError(`This cannot be imported:\n  ${faults.slice(0, problemsShown).join('\n  ')}${more}`)
}

const readJson = (text: string): RowRead[] => {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    // What the parser says of it repeats a piece of the text.
    throw new UsageError('This is not JSON. Give an array of keys, or {"keys": [...]}, or CSV with a header row.')
  }
  const list: unknown = Array.isArray(given) ? given : (given as { keys?: unknown }).keys
  if (!Array.isArray(list)) throw new UsageError('Give an array of keys, or an object with the array `keys`.')
  const faults: string[] = []
  const rows = list.map((each: unknown, at): RowRead => {
    const read = importedKey.safeParse(withExpiry(each))
    const where = `number ${at + 1}`
    if (read.success) return { key: read.data, where }
    // Names of fields that an import does not have are not repeated: a file may have its values there.
    const fields = read.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((field) =>
            /^[a-z_]{1,15}$/i.test(field) ? `there is no field ${field}` : 'a field of another name',
          )
        : issue.path.length === 0
          ? 'it is no object'
          : issue.path.join('.'),
    )
    faults.push(`${where}: not as an import has it: ${[...new Set(fields)].join(', ')}`)
    return { key: { name: '' }, where }
  })
  refuseAll(faults)
  return rows
}

/** `days` and `expires_at` are said as in a table; `expires`, as the API says it, is taken too. */
const withExpiry = (given: unknown): unknown => {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given
  const { days, expires_at: at, ...others } = given as Record<string, unknown>
  if (days !== undefined && at !== undefined) return { ...given, expires: 'both' }
  if (days !== undefined) return { ...others, expires: { days } }
  if (at !== undefined) return { ...others, expires: at === 'never' ? { never: true } : { at } }
  return given
}

const columns = [
  'name',
  'value',
  'sha256',
  'description',
  'owner',
  'client',
  'collections',
  'expires_at',
  'days',
] as const
type Column = (typeof columns)[number]

const readCsv = (text: string): RowRead[] => {
  const [header, ...records] = splitCsv(text)
  if (header === undefined) throw new UsageError('There is nothing in what was given.')
  const titles = header.fields.map((field) => field.trim().toLowerCase())
  const isColumn = (title: string): title is Column => (columns as readonly string[]).includes(title)
  const [known, unknown] = [titles.filter(isColumn), titles.filter((title) => !isColumn(title))]
  // Without a header the first row is a key: nothing of it may be repeated.
  if (unknown.length > 0 || !known.includes('name') || !(known.includes('value') || known.includes('sha256')))
    throw new UsageError(
      `line ${header.line}: the first row names the columns, of ${columns.join(', ')}; name is needed, and value or sha256.`,
    )
  if (new Set(known).size < known.length) throw new UsageError(`line ${header.line}: a column stands twice.`)
  const faults: string[] = []
  const rows = records.flatMap(({ fields, line }): RowRead[] => {
    const where = `line ${line}`
    if (fields.length !== titles.length) {
      faults.push(`${where}: ${fields.length} fields where the header has ${titles.length}`)
      return []
    }
    const cells = Object.fromEntries(known.map((column, at) => [column, fields[at] ?? '']))
    const key = readRow(cells, (message) => faults.push(`${where}: ${message}`))
    return [{ key, where }]
  })
  refuseAll(faults)
  return rows
}

/** A row of CSV as a key; an empty cell says nothing. Collections stand with `;` between them. */
const readRow = (cells: Partial<Record<Column, string>>, fault: (message: string) => void): ImportedKey => {
  const said = (column: Column): string | undefined => (cells[column] === '' ? undefined : cells[column])
  const { name = '' } = cells
  const [value, sha256, description, owner, client] = (
    ['value', 'sha256', 'description', 'owner', 'client'] as const
  ).map(said)
  const collections = said('collections')
    ?.split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  const [at, days] = [said('expires_at'), said('days')]
  if (at !== undefined && days !== undefined) fault('give one of expires_at and days')
  if (days !== undefined && !/^\d{1,6}$/.test(days)) fault('days: a whole number')
  const expires =
    at === 'never'
      ? { never: true as const }
      : at !== undefined
        ? { at }
        : days === undefined
          ? undefined
          : { days: Number(days) }
  return {
    name,
    ...(value === undefined ? {} : { value }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
    ...(client === undefined ? {} : { client }),
    ...(collections === undefined ? {} : { collections }),
    ...(expires === undefined ? {} : { expires }),
  }
}

interface CsvRecord {
  readonly fields: string[]
  /** From 1: where it begins. */
  readonly line: number
}

/** The records of a CSV text; empty lines are none. Throws `UsageError` for quotes that do not fit. */
export const splitCsv = (text: string): CsvRecord[] => {
  const records: CsvRecord[] = []
  let line = 1
  let at = 0
  while (at < text.length) {
    const begun = line
    const fields: string[] = []
    for (;;) {
      let field = ''
      if (text[at] === '"') {
        at += 1
        for (;;) {
          const end = text.indexOf('"', at)
          if (end < 0) throw new UsageError(`line ${begun}: a quote is opened and never closed.`)
          field += text.slice(at, end)
          at = end + 1
          if (text[at] !== '"') break
          field += '"'
          at += 1
        }
        line += field.split('\n').length - 1
        if (at < text.length && !/[,\r\n]/.test(text.charAt(at)))
          throw new UsageError(`line ${line}: something follows a closing quote; write quotes inside of a field twice.`)
      } else {
        const end = at + (/[,\r\n]/.exec(text.slice(at, at + fieldMax))?.index ?? Math.min(fieldMax, text.length - at))
        if (end - at >= fieldMax) throw new UsageError(`line ${line}: a field is longer than ${fieldMax} characters.`)
        field = text.slice(at, end)
        if (field.includes('"'))
          throw new UsageError(`line ${line}: a quote stands inside of a field that is not quoted.`)
        at = end
      }
      fields.push(field)
      if (text[at] !== ',') break
      at += 1
    }
    if (text[at] === '\r') at += 1
    if (text[at] === '\n') at += 1
    line += 1
    if (fields.length > 1 || fields[0] !== '') records.push({ fields, line: begun })
  }
  return records
}

const fieldMax = 100_000
