/**
 * A log of lines that is only ever added to. Promises: when `append` resolves, its lines are on the disk, in order, and
 * whole. A torn end is cut at opening and reported. Never: rewrites a line, or trusts a file after a failed sync of it.
 */
import { open, readdir, readFile, truncate, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { syncName, writeAll } from './durable-file.ts'

export interface AppendLog {
  /** Adds lines (without their line ends) with one sync for all of them. Rejects when they may not be on the disk. */
  append(lines: readonly string[]): Promise<void>
  /** The lines of all segments, newest segment first, newest line first. */
  newestFirst(): AsyncGenerator<string>
  /** How many bytes of a torn last line were cut at opening. */
  readonly tornBytes: number
  close(): Promise<void>
}

export interface AppendLogOptions {
  dir: string
  segmentBytesMax?: number
}

const segmentPattern = /^(\d{8})\.jsonl$/

const segmentsIn = async (dir: string): Promise<number[]> =>
  (await readdir(dir))
    .map((name) => segmentPattern.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .toSorted((a, b) => a - b)

/** Opens the log in a folder that exists. */
export const openAppendLog = async ({
  dir,
  segmentBytesMax = 64 * 1024 * 1024,
}: AppendLogOptions): Promise<AppendLog> => {
  const pathOf = (segment: number): string => join(dir, `${String(segment).padStart(8, '0')}.jsonl`)
  let segment = (await segmentsIn(dir)).at(-1) ?? 0
  const { tornBytes, size } = segment === 0 ? { tornBytes: 0, size: 0 } : await cutTornEnd(pathOf(segment))
  let sizeBytes = size
  let file: FileHandle | undefined
  let queue: Promise<unknown> = Promise.resolve()

  const openSegment = async (): Promise<FileHandle> => {
    if (file !== undefined && sizeBytes < segmentBytesMax) return file
    await file?.close()
    file = undefined
    const continues = segment > 0 && sizeBytes < segmentBytesMax
    if (!continues) {
      segment += 1
      sizeBytes = 0
    }
    file = await open(pathOf(segment), continues ? 'r+' : 'wx+', 0o600)
    if (!continues) await syncName(pathOf(segment))
    return file
  }

  const write = async (lines: readonly string[]): Promise<void> => {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8')
    const current = await openSegment()
    const before = sizeBytes
    try {
      await writeAll(current, bytes, before)
      await current.datasync()
      sizeBytes += bytes.length
    } catch (error) {
      // After a failed sync the kernel may call the lost pages clean: this file is cut back and never written again.
      file = undefined
      await current.truncate(before).catch(() => undefined)
      await current.close().catch(() => undefined)
      sizeBytes = segmentBytesMax
      throw error
    }
  }

  return {
    tornBytes,
    append(lines) {
      const next = queue.then(() => write(lines))
      queue = next.catch(() => undefined)
      return next
    },
    async *newestFirst() {
      for (const each of (await segmentsIn(dir)).toReversed()) {
        const text = await readFile(pathOf(each), 'utf8')
        // What follows the last line end is still being written.
        const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n')
        for (let at = lines.length - 1; at >= 0; at--) {
          const line = lines[at]
          if (line !== undefined && line !== '') yield line
        }
      }
    },
    async close() {
      await queue
      await file?.close()
      file = undefined
    },
  }
}

const cutTornEnd = async (path: string): Promise<{ tornBytes: number; size: number }> => {
  const bytes = await readFile(path)
  const size = bytes.lastIndexOf(0x0a) + 1
  const tornBytes = bytes.length - size
  if (tornBytes > 0) await truncate(path, size)
  return { tornBytes, size }
}
