/**
 * A log of lines that is only ever added to. Promises: when `append` resolves, its lines are on the disk, in order, and
 * whole; lines whose append rejected are cut off before anything follows them. A torn end is cut at opening and reported.
 * Never: rewrites a line, or trusts a file after a failed sync of it.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileHandle } from 'node:fs/promises'
import { realDisk, syncName, writeAll, type DiskCalls } from './durable-file.ts'
import { linesBackwards, wholeLength } from './read-backwards.ts'

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
  disk?: DiskCalls
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
  disk = realDisk,
}: AppendLogOptions): Promise<AppendLog> => {
  const pathOf = (segment: number): string => join(dir, `${String(segment).padStart(8, '0')}.jsonl`)
  let segment = (await segmentsIn(dir)).at(-1) ?? 0
  const { tornBytes, size } = segment === 0 ? { tornBytes: 0, size: 0 } : await cutTornEnd(pathOf(segment), disk)
  let sizeBytes = size
  let file: FileHandle | undefined
  /** Set after a failed append: where the segment must end before it is left for the next one. */
  let cutAt: number | undefined
  let queue: Promise<unknown> = Promise.resolve()

  /** A fresh handle, because a failed sync is never reported twice on the same one. */
  const cutRejected = async (): Promise<void> => {
    if (cutAt === undefined) return
    await file?.close().catch(() => undefined)
    file = undefined
    await cut(pathOf(segment), cutAt, disk)
    cutAt = undefined
    // After a failed sync the kernel may call lost pages clean, so nothing is added to this segment any more.
    sizeBytes = segmentBytesMax
  }

  const openSegment = async (): Promise<FileHandle> => {
    if (file !== undefined && sizeBytes < segmentBytesMax) return file
    await file?.close()
    file = undefined
    const continues = segment > 0 && sizeBytes < segmentBytesMax
    if (continues) return (file = await disk.open(pathOf(segment), 'r+'))
    file = await disk.open(pathOf(segment + 1), 'wx+', 0o600)
    segment += 1
    sizeBytes = 0
    await syncName(pathOf(segment), disk)
    return file
  }

  const write = async (lines: readonly string[]): Promise<void> => {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8')
    await cutRejected()
    try {
      const current = await openSegment()
      await writeAll(current, bytes, sizeBytes)
      await current.datasync()
      sizeBytes += bytes.length
    } catch (error) {
      if (segment > 0) cutAt = sizeBytes
      // What cannot be cut now is cut before the next append; until then every append is refused.
      await cutRejected().catch(() => undefined)
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
        const reading = await disk.open(pathOf(each), 'r')
        try {
          yield* linesBackwards(reading)
        } finally {
          await reading.close()
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

const cutTornEnd = async (path: string, disk: DiskCalls): Promise<{ tornBytes: number; size: number }> => {
  const file = await disk.open(path, 'r')
  try {
    const size = await wholeLength(file)
    const tornBytes = (await file.stat()).size - size
    if (tornBytes > 0) await cut(path, size, disk)
    return { tornBytes, size }
  } finally {
    await file.close()
  }
}

const cut = async (path: string, size: number, disk: DiskCalls): Promise<void> => {
  const file = await disk.open(path, 'r+')
  try {
    if ((await file.stat()).size > size) await file.truncate(size)
    await file.sync()
  } finally {
    await file.close()
  }
}
