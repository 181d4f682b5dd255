/**
 * The lines of the journal: each vouches for itself and for all before it. Promises: a chain that is read whole is what one
 * Postern has written for this store, in that order, with nothing left out but at its end.
 */
import type { JournalKey } from '../keystore/journal-key.ts'
import { nameOf, type Standing } from './standing.ts'

/** `store`: from this generation on the journal knows of everything. */
export interface StoreLine {
  readonly kind: 'store'
  readonly id: string
}

export interface Line {
  readonly seq: number
  /** The generation that the change became part of. */
  readonly generation: number
  readonly at: string
  readonly says: Standing | StoreLine
  readonly mac: string
  /** As it is written. */
  readonly text: string
}

export interface Chain {
  readonly lines: readonly Line[]
  /** Whether every line that was found belongs to it. */
  readonly intact: boolean
}

export const emptyChain: Chain = { lines: [], intact: true }

const macStart = ',"mac":"'
const macLength = 64

/** The line after another. */
export const nextLine = (
  key: JournalKey,
  last: Pick<Line, 'seq' | 'mac'> | undefined,
  { generation, at, says }: Pick<Line, 'generation' | 'at' | 'says'>,
): Line => {
  const seq = (last?.seq ?? 0) + 1
  const body = JSON.stringify({ v: 1, storeId: key.storeId, seq, generation, at, ...says }).slice(0, -1)
  const mac = key.mac(`${last?.mac ?? ''}\n${body}`)
  return { seq, generation, at, says, mac, text: `${body}${macStart}${mac}"}` }
}

/** Reads lines as far as each vouches for the ones before it. */
export const readChain = async (texts: AsyncIterable<string>, key: JournalKey): Promise<Chain> => {
  const lines: Line[] = []
  for await (const text of texts) {
    const line = readLine(text, key, lines.at(-1))
    if (line === undefined) return { lines, intact: false }
    lines.push(line)
  }
  return { lines, intact: true }
}

const readLine = (text: string, key: JournalKey, last: Line | undefined): Line | undefined => {
  const end = text.length - macLength - 2
  const bodyEnd = end - macStart.length
  if (bodyEnd < 1 || text.slice(bodyEnd, end) !== macStart || !text.endsWith('"}')) return undefined
  const body = text.slice(0, bodyEnd)
  const mac = text.slice(end, end + macLength)
  // A plain comparison: who can measure its time has no use for a line that is not true.
  if (mac !== key.mac(`${last?.mac ?? ''}\n${body}`)) return undefined
  // From here on it is our own.
  const { v, storeId, seq, generation, at, ...says } = JSON.parse(`${body}}`) as { v: number; storeId: string } & Pick<
    Line,
    'seq' | 'generation' | 'at'
  > &
    Line['says']
  if (v !== 1 || storeId !== key.storeId || seq !== (last?.seq ?? 0) + 1) return undefined
  return { seq, generation, at, says, mac, text }
}

/** How many lines two chains begin with in common: a line vouches for all before it. */
export const commonLength = (a: Chain, b: Chain): number => {
  let length = Math.min(a.lines.length, b.lines.length)
  while (length > 0 && a.lines[length - 1]?.mac !== b.lines[length - 1]?.mac) length -= 1
  return length
}

/** What lines say last of each record. */
export const latestOf = (lines: readonly Line[]): Map<string, Standing> => {
  const latest = new Map<string, Standing>()
  for (const { says } of lines) if (says.kind !== 'store') latest.set(nameOf(says), says)
  return latest
}

/** From which generation on a chain knows of everything; Infinity: of nothing. */
export const wholeFrom = ({ lines }: Chain): number =>
  lines.findLast(({ says }) => says.kind === 'store')?.generation ?? Infinity
