/**
 * A log of lines that is only ever added to. Promises: when `append` resolves, its lines are on the disk, in order, and
 * whole; lines whose append rejected are cut off before anything follows them. What a stopped writer left unfinished is
 * kept aside at opening and reported. Never: rewrites a line, also not one of another program's, or adds to lines whose
 * file failed a sync.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { DiskFile } from './disk-calls.ts'
import { realDisk, syncName, writeAll, writeDurably, type DiskCalls } from './durable-file.ts'
import { linesBackwards, linesForwards, readAt, wholeLength, type Line } from './read-lines.ts'

export interface AppendLog {
  /** Adds lines (without their line ends) with one sync for all of them. Rejects when they may not be on the disk. */
  append(lines: readonly string[]): Promise<void>
  /** The next append begins a new segment. */
  rotate(): void
  /** The lines of all segments, newest segment first, newest line first. */
  newestFirst(): AsyncGenerator<string>
  /** The lines of a segment and all after it, oldest first. Without one: of all. */
  oldestFirst(fromSegment?: number): AsyncGenerator<string>
  /** The segments there are, oldest first. */
  segments(): Promise<Segment[]>
  /** Deletes a segment, but never the newest. */
  remove(segment: number): Promise<void>
  /** How many bytes of an unfinished append were cut at opening. */
  readonly tornBytes: number
  close(): Promise<void>
}

export interface Segment {
  readonly number: number
  readonly bytes: number
  /** `undefined` for a segment without a whole line. */
  readonly first: string | undefined
  readonly last: string | undefined
}

export interface AppendLogOptions {
  dir: string
  segmentBytesMax?: number
  /** Whether a line can be the last one of an append. What follows the last such line was never finished. Default: any. */
  isEnd?: (line: string) => boolean
  disk?: DiskCalls
}

const segmentPattern = /^(\d{8})\.jsonl$/

const nameOf = (segment: number): string => `${String(segment).padStart(8, '0')}.jsonl`

const numbersIn = async (dir: string, disk: DiskCalls): Promise<number[]> =>
  (await disk.readdir(dir))
    .map((name) => segmentPattern.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .toSorted((a, b) => a - b)

/** Opens the log in a folder that exists. */
export const openAppendLog = async ({
  dir,
  segmentBytesMax = 64 * 1024 * 1024,
  isEnd = () => true,
  disk = realDisk,
}: AppendLogOptions): Promise<AppendLog> => {
  const pathOf = (number: number): string => join(dir, nameOf(number))
  let segment = (await numbersIn(dir, disk)).at(-1) ?? 0
  const { tornBytes, size } = segment === 0 ? { tornBytes: 0, size: 0 } : await cutTornEnd(pathOf(segment), isEnd, disk)
  let sizeBytes = size
  let file: DiskFile | undefined
  /** Whether the name of the newest segment is on the disk. */
  let named = true
  /** Set after a failed append: where the segment must end before it is left for the next one. */
  let cutAt: number | undefined
  let queue: Promise<unknown> = Promise.resolve()

  /** A fresh handle, because a failed sync is never reported twice on the same one. */
  const cutRejected = async (): Promise<void> => {
    if (cutAt === undefined) return
    await file?.close().catch(() => undefined)
    file = undefined
    await cut(pathOf(segment), cutAt, disk)
    // After a failed sync the kernel may call lost pages clean, so nothing is added to these lines any more. An empty
    // segment has none to lose; it is taken again, so that a full disk does not gather empty files.
    sizeBytes = cutAt === 0 ? 0 : segmentBytesMax
    cutAt = undefined
  }

  const openSegment = async (): Promise<DiskFile> => {
    if (file !== undefined && sizeBytes < segmentBytesMax) return file
    await file?.close()
    file = undefined
    const continues = segment > 0 && sizeBytes < segmentBytesMax
    if (continues) file = await disk.open(pathOf(segment), 'r+')
    else {
      file = await disk.open(pathOf(segment + 1), 'wx+', 0o600)
      segment += 1
      sizeBytes = 0
      named = false
    }
    if (!named) await syncName(pathOf(segment), disk)
    named = true
    return file
  }

  const write = async (lines: readonly string[]): Promise<void> => {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8')
    await cutRejected()
    // Before anything is tried: what lies there now is not ours to cut.
    if (file !== undefined) await assertThere(file, pathOf(segment), disk)
    if (segment > 0 && sizeBytes < segmentBytesMax) await assertUnchanged(pathOf(segment), sizeBytes, disk)
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

  const reading = async <T>(number: number, use: (opened: DiskFile) => Promise<T>): Promise<T> => {
    const opened = await disk.open(pathOf(number), 'r')
    try {
      return await use(opened)
    } finally {
      await opened.close()
    }
  }

  return {
    tornBytes,
    append(lines) {
      const next = queue.then(() => write(lines))
      queue = next.catch(() => undefined)
      return next
    },
    rotate() {
      if (sizeBytes > 0) sizeBytes = segmentBytesMax
    },
    async *newestFirst() {
      for (const number of (await numbersIn(dir, disk)).toReversed())
        yield* linesOf(pathOf(number), linesBackwards, disk)
    },
    async *oldestFirst(fromSegment = 0) {
      for (const number of await numbersIn(dir, disk))
        if (number >= fromSegment) yield* linesOf(pathOf(number), linesForwards, disk)
    },
    segments: async () =>
      Promise.all(
        (await numbersIn(dir, disk)).map((number) =>
          reading(number, async (opened) => ({
            number,
            bytes: (await opened.stat()).size,
            first: await firstOf(linesForwards(opened)),
            last: await firstOf(linesBackwards(opened)),
          })),
        ),
      ),
    async remove(number) {
      if (number >= segment) throw new RangeError('the newest segment stays')
      await disk.unlink(pathOf(number))
    },
    async close() {
      await queue
      await file?.close()
      file = undefined
    },
  }
}

/** The lines of a log that nobody has open, oldest first. Changes nothing, not even an unfinished end. */
export async function* readLog(dir: string, disk: DiskCalls = realDisk): AsyncGenerator<string> {
  for (const number of await numbersIn(dir, disk)) yield* linesOf(join(dir, nameOf(number)), linesForwards, disk)
}

/** What is written into a file that was taken away or put aside would be gone with it, and nobody would notice. */
const assertThere = async (file: DiskFile, path: string, disk: DiskCalls): Promise<void> => {
  const [held, named] = await Promise.all([
    file.stat({ bigint: true }),
    disk.stat(path, { bigint: true }).catch(() => undefined),
  ])
  if (named === undefined || named.ino !== held.ino || named.dev !== held.dev)
    throw new Error(
      `${path} was taken away or replaced by another program, and nothing more is written to it. Move the same file back, or restart Postern; what is missing is told then`,
    )
}

/** Two that write to one log would write over each other's lines, each where it takes the end to be. */
const assertUnchanged = async (path: string, size: number, disk: DiskCalls): Promise<void> => {
  const found = await disk.stat(path)
  if (found.size !== size)
    throw new Error(
      `${path} has ${found.size} bytes where this program left ${size}: another program has written to it, and nothing more is added. Stop the other one, then restart Postern`,
    )
}

const firstOf = async (lines: AsyncIterable<Line>): Promise<string | undefined> => {
  for await (const { text } of lines) return text
  return undefined
}

async function* linesOf(path: string, read: typeof linesForwards, disk: DiskCalls): AsyncGenerator<string> {
  const file = await disk.open(path, 'r')
  try {
    for await (const { text } of read(file)) if (text !== '') yield text
  } finally {
    await file.close()
  }
}

const cutTornEnd = async (
  path: string,
  isEnd: (line: string) => boolean,
  disk: DiskCalls,
): Promise<{ tornBytes: number; size: number }> => {
  const file = await disk.open(path, 'r')
  try {
    let size = await wholeLength(file)
    for await (const { text, start, end } of linesBackwards(file)) {
      size = end
      if (isEnd(text)) break
      size = start
    }
    const tornBytes = (await file.stat()).size - size
    if (tornBytes > 0) {
      // Nobody was answered for it, but what an intruder or a bad disk did should stay to be looked at.
      await writeDurably(`${path}.${randomBytes(4).toString('hex')}.torn`, await readAt(file, size, tornBytes), disk)
      await cut(path, size, disk)
    }
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
