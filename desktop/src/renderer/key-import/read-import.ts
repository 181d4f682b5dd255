/**
 * Keys from elsewhere, as a table (CSV) or as JSON. Promises: each row is a key or says what is wrong with it, by field; what
 * is said never repeats a value. Never: a guess. Pure.
 */
import type { ExpiryChoice, ImportedKey } from '@postern/shared'
import { readCsv, withoutMark, type CsvRow } from './read-csv.ts'

export const columns = [
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

/** At most so many in one import. */
export const keysMax = 10_000
/** No value is shorter. */
export const valueMin = 16

/** What is wrong, by the name of the text that says so. */
export type Wrong =
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

export interface ReadProblem {
  /** Null: of the whole file. */
  readonly row: number | null
  /** Empty: of no one field. */
  readonly field: string
  readonly wrong: Wrong
}

export interface ReadKey {
  readonly row: number
  readonly key: ImportedKey
}

export interface ReadImport {
  readonly keys: readonly ReadKey[]
  readonly problems: readonly ReadProblem[]
}

const ofFile = (wrong: Wrong, field = ''): ReadImport => ({ keys: [], problems: [{ row: null, field, wrong }] })

/** `name`: of the file, by which JSON is told from a table. */
export const readImport = (name: string, text: string): ReadImport => {
  if (withoutMark(text).trim() === '') return ofFile('empty')
  const read = /\.json$/i.test(name) ? readJson(text) : readTable(text)
  return read.keys.length > keysMax ? ofFile('tooMany') : read
}

const isColumn = (name: string): name is Column => (columns as readonly string[]).includes(name)

/** A name that is none may be a value that stands where it should not: only what is too short for one is repeated. */
const shown = (name: string): string => (name.length >= valueMin ? '…' : name)

const readTable = (text: string): ReadImport => {
  const { rows, faults } = readCsv(text)
  const [head, ...others] = rows
  const problems: ReadProblem[] = faults.map(({ row, why }) => ({ row, field: '', wrong: why }))
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

type Found = ImportedKey | readonly Omit<ReadProblem, 'row'>[]

const isFound = (found: Found): found is ImportedKey => !Array.isArray(found)

/** Each row for itself, after what was found wrong before. */
const together = <R extends { readonly row: number }>(
  before: readonly ReadProblem[],
  rows: readonly R[],
  read: (row: R) => Found,
): ReadImport => {
  const keys: ReadKey[] = []
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
}

const keyOf = ({ collections, ...texts }: Texts): Found => {
  // A value is taken to the letter: a blank in it is for the daemon to refuse.
  const { value = '' } = texts
  const of = (column: keyof typeof texts): string => texts[column]?.trim() ?? ''
  const problems: Omit<ReadProblem, 'row'>[] = []
  const [sha256, days, end] = [of('sha256'), of('days'), of('expires_at')]
  if (of('name') === '') problems.push({ field: 'name', wrong: 'noName' })
  if (value === '' && sha256 === '') problems.push({ field: 'value', wrong: 'noValue' })
  if (value !== '' && sha256 !== '') problems.push({ field: 'sha256', wrong: 'valueTwice' })
  if (days !== '' && end !== '') problems.push({ field: 'days', wrong: 'endTwice' })
  else if (days !== '' && !/^[1-9]\d{0,4}$/.test(days)) problems.push({ field: 'days', wrong: 'days' })
  if (problems.length > 0) return problems
  const expires: ExpiryChoice | null =
    days !== '' ? { days: Number(days) } : end === '' ? null : end === 'never' ? { never: true } : { at: end }
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
  const problems: Omit<ReadProblem, 'row'>[] = []
  const texts: Record<string, string> = {}
  let collections: readonly string[] | null = null
  for (const [name, value] of Object.entries(item) as [string, unknown][]) {
    if (!isColumn(name)) problems.push({ field: shown(name), wrong: 'unknownColumn' })
    else if (value === null) continue
    else if (name === 'collections' && Array.isArray(value) && value.every((each) => typeof each === 'string'))
      collections = value
    else if (typeof value === 'string' && name === 'collections') collections = listOf(value)
    else if (typeof value === 'string') texts[name] = value
    else if (typeof value === 'number' && name === 'days') texts[name] = String(value)
    else problems.push({ field: name, wrong: 'notText' })
  }
  return problems.length > 0 ? problems : keyOf({ ...texts, collections })
}
