/**
 * A file of keys to import, read for the command line. Promises: everything that cannot be read is told, with its row; what is
 * read is exactly what the file says. Never: a value in an error.
 */
import {
  importColumns,
  importKeysMax,
  readImport,
  type ImportedKey,
  type ImportForm,
  type ImportFault,
  type ImportWrong,
} from '@postern/shared'
import { UsageError } from './prompt.ts'

export interface RowRead {
  readonly key: ImportedKey
  /** Where it stands: a row of a table, as a spreadsheet counts, or the number of the key in a JSON file. */
  readonly where: string
}

const problemsShown = 20

/** Whatever begins like JSON is read as that. Throws `UsageError` naming what is wrong and where. */
export const readImportFile = (text: string): RowRead[] => {
  const form: ImportForm = /^\s*[[{]/.test(text) ? 'json' : 'table'
  const placeOf = (row: number): string => `${form === 'json' ? 'number' : 'row'} ${row}`
  const { keys, problems } = readImport(form, text)
  if (problems.length === 0) return keys.map(({ key, row }) => ({ key, where: placeOf(row) }))
  const faults = problems
    .slice(0, problemsShown)
    .map((problem) => [...(problem.row === null ? [] : [placeOf(problem.row)]), said(problem)].join(': '))
  const more = problems.length > problemsShown ? `\n  and ${problems.length - problemsShown} more` : ''
  throw new UsageError(`This cannot be imported:\n  ${faults.join('\n  ')}${more}`)
}

const said = ({ field, wrong }: ImportFault): string => `${field === '' ? '' : `${field}: `}${sentences[wrong]}`

const sentences: Readonly<Record<ImportWrong, string>> = {
  empty: 'there is no key in it',
  notJson: 'this is not JSON; give an array of keys, or {"keys": [...]}, or CSV with a header row',
  notList: 'give an array of keys, or an object with the array `keys`',
  notCommas: 'columns have commas between them; semicolons stand between the collections in a cell',
  noHead: `the first row names the columns, of ${importColumns.join(', ')}; name is needed, and value or sha256`,
  unknownColumn: `there is no such field; there are ${importColumns.join(', ')}`,
  columnTwice: 'this column stands twice',
  quote: 'a quote stands inside of a cell; put the cell into quotes, and write those in it twice',
  unclosed: 'a quote is opened and never closed',
  cells: 'more cells than the header has; put a cell with a comma into quotes',
  notObject: 'a key is an object',
  notText: 'not in the form that an import has it',
  noName: 'the key has no name',
  noValue: 'the key has neither a value nor a sha256',
  valueTwice: 'give one of value and sha256',
  endTwice: 'give one of expires_at and days',
  days: 'a whole number of days, from 1 to 99999',
  tooMany: `at most ${importKeysMax} keys at a time; divide it`,
}
