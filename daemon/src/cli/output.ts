/** Tables that fit the terminal, colours that never stand alone, and JSON for scripts. */
import Table from 'cli-table3'
import { stripVTControlCharacters, styleText } from 'node:util'
import type { KeyStatus, KeyView } from '@postern/shared'
import type { Io } from './io.ts'

export interface Column<T> {
  readonly title: string
  text(row: T): string
  /** Kept whole when the terminal is narrow; the others give way. */
  readonly fixed?: true
}

const print = (io: Io, text: string): void => void io.stdout.write(`${text}\n`)

export const printJson = (io: Io, value: unknown): void => print(io, JSON.stringify(value, null, 2))

export const printLine = print

/**
 * One line for each row: a drawn table on a terminal, columns divided by two spaces elsewhere. `wrap`: what does not fit the
 * terminal goes on in the next line instead of being cut.
 */
export const printTable = <T>(
  io: Io,
  columns: readonly Column<T>[],
  rows: readonly T[],
  { wrap = false }: { wrap?: boolean } = {},
): void => {
  const cells = rows.map((row) => columns.map((column) => safe(column.text(row))))
  const natural = columns.map(({ title }, at) => Math.max(title.length, ...cells.map((row) => width(row[at] ?? ''))))
  if (io.stdout.isTTY !== true) {
    for (const row of [columns.map(({ title }) => title.toUpperCase()), ...cells])
      print(
        io,
        row
          .map((cell, at) => cell + ' '.repeat(Math.max(0, (natural[at] ?? 0) - width(cell))))
          .join('  ')
          .trimEnd(),
      )
    return
  }
  const widths = fit(natural, columns, (io.stdout.columns ?? 80) - columns.length - 1)
  // An id or a date that is cut is worth nothing: where one does not fit, each row is a list of its own.
  const cutsFixed = columns.some(({ fixed }, at) => fixed === true && (widths[at] ?? 0) < (natural[at] ?? 0) + padding)
  if (cutsFixed) {
    const longest = Math.max(...columns.map(({ title }) => title.length))
    for (const row of cells)
      print(io, `${columns.map(({ title }, at) => `${title.padEnd(longest)}  ${row[at] ?? ''}`).join('\n')}\n`)
    return
  }
  const table = new Table({
    head: columns.map(({ title }) => title),
    colWidths: widths,
    style: { head: [], border: [], compact: !wrap },
    wordWrap: wrap,
    wrapOnWordBoundary: false,
  })
  for (const row of cells) table.push(row)
  print(io, table.toString())
}

/**
 * RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe before it: names are chosen by others.
 */
export const csvOf = <T>(columns: readonly Column<T>[], rows: readonly T[]): string => {
  const cell = (text: string): string => {
    const harmless = /^[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^-?\d+(?:\.\d+)?$/.test(text) ? `'${text}` : text
    return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
  }
  const lines = [
    columns.map(({ title }) => title.toLowerCase()),
    ...rows.map((row) => columns.map(({ text }) => text(row))),
  ]
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('')
}

const padding = 2
const narrowest = 8

/** Narrows the widest columns that may give way until all fit. */
const fit = <T>(natural: readonly number[], columns: readonly Column<T>[], room: number): number[] => {
  const widths = natural.map((each) => each + padding)
  for (let over = widths.reduce((a, b) => a + b, 0) - room; over > 0; over--) {
    const widest = widths.reduce(
      (best, each, at) => (columns[at]?.fixed !== true && each > (widths[best] ?? 0) ? at : best),
      firstFlexible(columns),
    )
    // Columns that should stay whole give way last.
    const narrowed = (widths[widest] ?? 0) > narrowest ? widest : widths.indexOf(Math.max(...widths))
    if ((widths[narrowed] ?? 0) <= narrowest) break
    widths[narrowed] = (widths[narrowed] ?? 0) - 1
  }
  return widths
}

const firstFlexible = <T>(columns: readonly Column<T>[]): number =>
  Math.max(
    0,
    columns.findIndex(({ fixed }) => fixed !== true),
  )

const width = (text: string): number => stripVTControlCharacters(text).length

/** Text that others have chosen may not move the cursor or hide anything. */
const safe = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => (found === '\u001b' ? found : ' '))

/** Values from the store, before they are coloured: no escape may come from there. */
export const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')

const styles = { red: 'red', orange: 'yellow', green: 'green', grey: 'gray' } as const

/** The colour's name always stands beside the colour. */
export const statusText = (io: Io, key: Pick<KeyView, 'status' | 'state' | 'expires_at' | 'quarantined'>): string => {
  const words: Record<KeyStatus, string> = {
    red: key.state === 'expired' ? 'red: expired' : 'red: expires soon',
    orange: 'orange: expires soon',
    green: 'green',
    grey: key.quarantined ? 'grey: waits for confirmation' : `grey: ${key.state}`,
  }
  const text = words[key.status]
  const coloured = io.stdout.isTTY === true && io.env['NO_COLOR'] === undefined && io.env['TERM'] !== 'dumb'
  return coloured ? styleText(styles[key.status], text, { validateStream: false }) : text
}

/** A date and time as the machine's user reads them; the instant itself in JSON. */
export const when = (instant: string | null, none: string): string =>
  instant === null ? none : `${instant.slice(0, 10)} ${instant.slice(11, 16)}Z`
