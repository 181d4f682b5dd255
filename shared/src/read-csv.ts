/**
 * A table as spreadsheets write it (RFC 4180), with or without a byte order mark, its lines ended by CR LF, LF or CR. Promises:
 * what cannot be read is said of its row and left out; no cell is taken for another's. Pure.
 */
export interface CsvRow {
  /** As a spreadsheet counts: from 1, and a cell of several lines is one row. */
  readonly row: number
  readonly cells: readonly string[]
}

export interface CsvFault {
  readonly row: number
  /** A quotation mark in the middle of a cell, or one that nothing closes. */
  readonly why: 'quote' | 'unclosed'
}

export interface ReadCsv {
  /** Rows without anything in them are left out. */
  readonly rows: readonly CsvRow[]
  readonly faults: readonly CsvFault[]
}

export const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text)

const isLineEnd = (sign: string | undefined): boolean => sign === '\n' || sign === '\r'

export const readCsv = (text: string): ReadCsv => {
  const all = withoutMark(text)
  const rows: CsvRow[] = []
  const faults: CsvFault[] = []
  let at = 0
  let row = 0

  /** From where a cell begins; leaves `at` on what ends it. */
  const readCell = (): { readonly cell: string; readonly fault: CsvFault['why'] | null } => {
    let cell = ''
    let fault: CsvFault['why'] | null = null
    if (all[at] === '"') {
      const end = closingOf(all, at + 1)
      cell = all.slice(at + 1, end ?? all.length).replaceAll('""', '"')
      at = end === null ? all.length : end + 1
      if (end === null) return { cell, fault: 'unclosed' }
      if (at < all.length && all[at] !== ',' && !isLineEnd(all[at])) fault = 'quote'
    }
    for (; at < all.length && all[at] !== ',' && !isLineEnd(all[at]); at++) {
      if (all[at] === '"') fault = 'quote'
      cell += all[at] ?? ''
    }
    return { cell, fault }
  }

  while (at < all.length) {
    row += 1
    const cells: string[] = []
    let fault: CsvFault['why'] | null = null
    for (let more = true; more;) {
      const read = readCell()
      fault ??= read.fault
      cells.push(read.cell)
      more = all[at] === ','
      if (more) at += 1
    }
    at += all[at] === '\r' && all[at + 1] === '\n' ? 2 : 1
    if (fault !== null) faults.push({ row, why: fault })
    else if (cells.some((cell) => cell.trim() !== '')) rows.push({ row, cells })
  }
  return { rows, faults }
}

/** Of the quotation mark that closes a cell; two of them stand for one. Null: nothing closes it. */
const closingOf = (text: string, from: number): number | null => {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at
  return null
}
