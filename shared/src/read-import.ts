/**
 * Files of keys from elsewhere, as a table (CSV) or as JSON. Promises: each row is a key or says what is wrong with it, by
 * field; what is said never repeats a value. Never: a guess. Pure, and without the schemas, which pages do without.
 */
import type { ExpiryChoice } from './expiry-schema.ts'
import { importKeysMax, importValueMin } from './import-limits.ts'
import type { ImportedKey } from './import-schemas.ts'
import { readCsv, withoutMark, type CsvRow } from './read-csv.ts'

/** The columns of a table; the fields of a key in JSON, which may say `expires` as the API does besides. */
export const importColumns = [
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
type Column = (typeof importColumns)[number]

/** What is wrong, by the name of the text that says so. */
export type ImportWrong =
  | 'empty'
  | 'notJson'
  | 'notList'
  | 'notCommas'
  | 'noHead'
  | 'unknownColumn'
  | 'columnTwice'
  | 'quote'
  | 'unclosed'
  | 'cells'
  | 'notObject'
  | 'notText'
  | 'noName'
  | 'noValue'
  | 'valueTwice'
  | 'endTwice'
  | 'days'
  | 'tooMany'

export interface ImportFault {
  /** Null: of the whole file. */
  readonly row: number | null
  /** Empty: of no one field. */
  readonly field: string
  readonly wrong: ImportWrong
}

export interface KeyRead {
  readonly row: number
  readonly key: ImportedKey
}

export interface ReadImport {
  readonly keys: readonly KeyRead[]
  readonly problems: readonly ImportFault[]
}

const ofFile = (wrong: ImportWrong, field = ''): ReadImport => ({ keys: [], problems: [{ row: null, field, wrong }] })

export type ImportForm = 'json' | 'table'

export const readImport = (form: ImportForm, text: string): ReadImport => {
  if (withoutMark(text).trim() === '') return ofFile('empty')
  const read = form === 'json' ? readJson(text) : readTable(text)
  return read.keys.length > importKeysMax ? ofFile('tooMany') : read
}

const isColumn = (name: string): name is Column => (importColumns as readonly string[]).includes(name)

/** A name that is none may be a value that stands where it should not: only what is too short for one is repeated. */
const shown = (name: string): string => (name.length >= importValueMin ? '…' : name)

const readTable = (text: string): ReadImport => {
  const { rows, faults } = readCsv(text)
  const [head, ...others] = rows
  const problems: ImportFault[] = faults.map(({ row, why }) => ({ row, field: '', wrong: why }))
  if (head === undefined) return { keys: [], problems }
  const names = head.cells.map((cell) => cell.trim().toLowerCase())
  if (!names.includes('name')) {
    const [only = ''] = names
    return ofFile(names.length === 1 && /[;\t]/.test(only) ? 'notCommas' : 'noHead')
  }
  for (const [at, name] of names.entries()) {
    if (!isColumn(name)) problems.push({ row: head.row, field: shown(name), wrong: 'unknownColumn' })
    else if (names.indexOf(name) < at) problems.push({ row: head.row, field: name, wrong: 'columnTwice' })
  }
  if (problems.some(({ row }) => row === head.row)) return { keys: [], problems }
  if (others.length === 0 && problems.length === 0) return ofFile('empty')
  return together(problems, others, (row) => fromCells(names, row))
}

type Found = ImportedKey | readonly Omit<ImportFault, 'row'>[]

const isFound = (found: Found): found is ImportedKey => !Array.isArray(found)

/** Each row for itself, after what was found wrong before. */
const together = <R extends { readonly row: number }>(
  before: readonly ImportFault[],
  rows: readonly R[],
  read: (row: R) => Found,
): ReadImport => {
  const keys: KeyRead[] = []
  const problems = [...before]
  for (const each of rows) {
    const found = read(each)
    if (isFound(found)) keys.push({ row: each.row, key: found })
    else problems.push(...found.map((problem) => ({ row: each.row, ...problem })))
  }
  return { keys, problems: problems.toSorted((a, b) => (a.row ?? 0) - (b.row ?? 0)) }
}

const fromCells = (names: readonly string[], { cells }: CsvRow): Found => {
  // Empty cells at the end are what spreadsheets add by themselves.
  if (cells.slice(names.length).some((cell) => cell !== '')) return [{ field: '', wrong: 'cells' }]
  const texts = Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']))
  return keyOf({ ...texts, collections: listOf(texts['collections'] ?? '') })
}

const listOf = (text: string): readonly string[] | null => {
  const names = text
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  return names.length === 0 ? null : names
}

interface Texts extends Readonly<Partial<Record<Exclude<Column, 'collections'>, string>>> {
  readonly collections: readonly string[] | null
  /** As the API says it. */
  readonly expires?: ExpiryChoice | null
}

const keyOf = ({ collections, expires: said = null, ...texts }: Texts): Found => {
  // A value is taken to the letter: a blank in it is for the daemon to refuse.
  const { value = '' } = texts
  const of = (column: keyof typeof texts): string => texts[column]?.trim() ?? ''
  const problems: Omit<ImportFault, 'row'>[] = []
  const [sha256, days, end] = [of('sha256'), of('days'), of('expires_at')]
  if (of('name') === '') problems.push({ field: 'name', wrong: 'noName' })
  if (value === '' && sha256 === '') problems.push({ field: 'value', wrong: 'noValue' })
  if (value !== '' && sha256 !== '') problems.push({ field: 'sha256', wrong: 'valueTwice' })
  if ([days !== '', end !== '', said !== null].filter(Boolean).length > 1)
    problems.push({ field: days === '' ? 'expires' : 'days', wrong: 'endTwice' })
  else if (days !== '' && !/^[1-9]\d{0,4}$/.test(days)) problems.push({ field: 'days', wrong: 'days' })
  if (problems.length > 0) return problems
  const expires: ExpiryChoice | null =
    days !== '' ? { days: Number(days) } : end === '' ? said : end === 'never' ? { never: true } : { at: end }
  return {
    name: of('name'),
    ...(sha256 === '' ? { value } : { sha256 }),
    ...(of('description') === '' ? {} : { description: of('description') }),
    ...(of('owner') === '' ? {} : { owner: of('owner') }),
    ...(of('client') === '' ? {} : { client: of('client') }),
    ...(collections === null ? {} : { collections: [...collections] }),
    ...(expires === null ? {} : { expires }),
  }
}

const readJson = (text: string): ReadImport => {
  let given: unknown
  try {
    given = JSON.parse(withoutMark(text))
  } catch {
    return ofFile('notJson')
  }
  const isBox = typeof given === 'object' && given !== null && Object.hasOwn(given, 'keys')
  const list = isBox ? (given as { readonly keys: unknown }).keys : given
  if (!Array.isArray(list)) return ofFile('notList')
  if (list.length === 0) return ofFile('empty')
  const rows = list.map((item: unknown, at) => ({ row: at + 1, item }))
  return together([], rows, ({ item }) => fromItem(item))
}

const fromItem = (item: unknown): Found => {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return [{ field: '', wrong: 'notObject' }]
  const problems: Omit<ImportFault, 'row'>[] = []
  const texts: Record<string, string> = {}
  let collections: readonly string[] | null = null
  let expires: ExpiryChoice | null = null
  for (const [name, value] of Object.entries(item) as [string, unknown][]) {
    if (name === 'expires' && isExpiry(value)) expires = value
    else if (!isColumn(name)) problems.push({ field: shown(name), wrong: 'unknownColumn' })
    else if (value === null) continue
    else if (name === 'collections' && Array.isArray(value) && value.every((each) => typeof each === 'string'))
      collections = value
    else if (typeof value === 'string' && name === 'collections') collections = listOf(value)
    else if (typeof value === 'string') texts[name] = value
    else if (typeof value === 'number' && name === 'days') texts[name] = String(value)
    else problems.push({ field: name, wrong: 'notText' })
  }
  return problems.length > 0 ? problems : keyOf({ ...texts, collections, expires })
}

const isExpiry = (value: unknown): value is ExpiryChoice => {
  const [[name, said] = [], ...more] = Object.entries(value ?? {}) as [string, unknown][]
  if (more.length > 0) return false
  return name === 'never'
    ? said === true
    : name === 'at'
      ? typeof said === 'string'
      : name === 'days' && Number.isInteger(said)
}
