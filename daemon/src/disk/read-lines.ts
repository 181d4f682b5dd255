/** Reads files of lines in bounded memory, from either end. A line ends with a line feed and with nothing else. */
import { open } from 'node:fs/promises'
import type { DiskFile } from './disk-calls.ts'

const pieceBytes = 64 * 1024
const lineEnd = 0x0a

export interface Line {
  readonly text: string
  /** Offset of its first byte. */
  readonly start: number
  /** Offset after its line end. */
  readonly end: number
}

/** The whole lines of a file, first one first. What follows the last line end is left out. */
export async function* linesForwards(file: DiskFile): AsyncGenerator<Line> {
  const size = await wholeLength(file)
  let started: Buffer[] = []
  let start = 0
  for (let at = 0; at < size;) {
    const piece = await readAt(file, at, Math.min(pieceBytes, size - at))
    let from = 0
    for (let found = piece.indexOf(lineEnd); found >= 0; found = piece.indexOf(lineEnd, from)) {
      const text = Buffer.concat([...started, piece.subarray(from, found)]).toString('utf8')
      yield { text, start, end: at + found + 1 }
      started = []
      from = found + 1
      start = at + from
    }
    if (from < piece.length) started.push(piece.subarray(from))
    at += piece.length
  }
}

/** The text of the whole lines of a file by its path, first one first. */
export async function* readTextLines(path: string): AsyncGenerator<string> {
  const file = await open(path, 'r')
  try {
    for await (const { text } of linesForwards(file)) yield text
  } finally {
    await file.close()
  }
}

/** The whole lines of a file, last one first. What follows the last line end is left out. */
export async function* linesBackwards(file: DiskFile): AsyncGenerator<Line> {
  let end = await wholeLength(file)
  // Tails of a line whose start has not been met yet; the line end at `end - 1` is not among them.
  let tails: Buffer[] = []
  for (let at = end - 1; at > 0;) {
    const piece = await readAt(file, Math.max(0, at - pieceBytes), Math.min(pieceBytes, at))
    at -= piece.length
    let until = piece.length
    for (let found = lastLineEnd(piece, until); found >= 0; found = lastLineEnd(piece, until)) {
      const text = Buffer.concat([piece.subarray(found + 1, until), ...tails]).toString('utf8')
      tails = []
      yield { text, start: at + found + 1, end }
      until = found
      end = at + found + 1
    }
    tails.unshift(piece.subarray(0, until))
  }
  if (end > 0) yield { text: Buffer.concat(tails).toString('utf8'), start: 0, end }
}

const lastLineEnd = (piece: Buffer, until: number): number => (until === 0 ? -1 : piece.lastIndexOf(lineEnd, until - 1))

/** How many bytes of a file are whole lines: up to and with its last line end. */
export const wholeLength = async (file: DiskFile): Promise<number> => {
  for (let end = (await file.stat()).size; end > 0;) {
    const piece = await readAt(file, Math.max(0, end - pieceBytes), Math.min(pieceBytes, end))
    const found = piece.lastIndexOf(lineEnd)
    if (found >= 0) return end - piece.length + found + 1
    end -= piece.length
  }
  return 0
}

/** Exactly `length` bytes from `position`. Throws when the file is shorter. */
export const readAt = async (file: DiskFile, position: number, length: number): Promise<Buffer> => {
  const bytes = Buffer.alloc(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) throw new Error('the file became shorter while it was read')
    done += bytesRead
  }
  return bytes
}

/** The whole lines of what comes in pieces. What follows the last line end is left out. */
export async function* linesOfPieces(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let started: Buffer[] = []
  for await (const piece of pieces) {
    let from = 0
    for (let found = piece.indexOf(lineEnd); found >= 0; found = piece.indexOf(lineEnd, from)) {
      yield Buffer.concat([...started, piece.subarray(from, found)]).toString('utf8')
      started = []
      from = found + 1
    }
    if (from < piece.length) started.push(piece.subarray(from))
  }
}
