/** Reads a file of lines from its end, a piece at a time, whatever its size. */
import type { FileHandle } from 'node:fs/promises'

const pieceBytes = 64 * 1024
const lineEnd = 0x0a

/** The whole lines of a file, last one first, without their line ends. What follows the last line end is left out. */
export async function* linesBackwards(file: FileHandle): AsyncGenerator<string> {
  let at = await wholeLength(file)
  // The start of a line that began before the piece being read; complete once its line end is met.
  let rest: Buffer[] = []
  while (at > 0) {
    const piece = await readAt(file, Math.max(0, at - pieceBytes), Math.min(pieceBytes, at))
    at -= piece.length
    let end = piece.length
    for (
      let found = piece.lastIndexOf(lineEnd, end - 1);
      end > 0 && found >= 0;
      found = piece.lastIndexOf(lineEnd, end - 1)
    ) {
      const line = Buffer.concat([piece.subarray(found + 1, end), ...rest]).toString('utf8')
      rest = []
      if (line !== '') yield line
      end = found
      if (end === 0) break
    }
    rest = [piece.subarray(0, end), ...rest]
  }
  const first = Buffer.concat(rest).toString('utf8')
  if (first !== '') yield first
}

/** How many bytes of a file are whole lines: up to and with its last line end. */
export const wholeLength = async (file: FileHandle): Promise<number> => {
  for (let end = (await file.stat()).size; end > 0;) {
    const piece = await readAt(file, Math.max(0, end - pieceBytes), Math.min(pieceBytes, end))
    const found = piece.lastIndexOf(lineEnd)
    if (found >= 0) return end - piece.length + found + 1
    end -= piece.length
  }
  return 0
}

const readAt = async (file: FileHandle, position: number, length: number): Promise<Buffer> => {
  const bytes = Buffer.alloc(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) throw new Error('the file became shorter while it was read')
    done += bytesRead
  }
  return bytes
}
