/**
 * Tables for spreadsheets, after RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe before it:
 * names are chosen by others. Pure.
 */
export type CsvCell = string | number

const cellText = (cell: CsvCell): string => {
  if (typeof cell === 'number') return String(cell)
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** The first line names the columns. Each line ends with CR LF, the last one too. */
export const csvOf = (head: readonly string[], rows: readonly (readonly CsvCell[])[]): string =>
  [head, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('')
