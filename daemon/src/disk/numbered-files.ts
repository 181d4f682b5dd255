/**
 * A small JSON value whose newest state matters, as files `NAME-<digits>.json` of which the newest two are kept. Promises:
 * nothing is written over; a damaged newest one leaves the one before it. Never: takes a folder or file that cannot be read
 * just now for one that is not there.
 */
import { join } from 'node:path'
import { namesIn, readWhole } from './disk-calls.ts'
import { realDisk, writeDurably, type DiskCalls } from './durable-file.ts'

export interface NumberedFiles {
  readonly dir: string
  readonly name: string
  readonly disk?: DiskCalls
  /** How wide the number is written; 16 unless said. */
  readonly digits?: number
}

const pathOf = ({ dir, name, digits = 16 }: NumberedFiles, number: number): string =>
  join(dir, `${name}-${String(number).padStart(digits, '0')}.json`)

/** The numbers there are, newest first. A folder that is not there has none. */
const numbersIn = async ({ dir, name, digits = 16, disk }: NumberedFiles): Promise<number[]> =>
  (await namesIn(dir, disk))
    .map((file) => (file.startsWith(`${name}-`) ? /^(\d+)\.json$/.exec(file.slice(name.length + 1))?.[1] : undefined))
    .filter((found) => found?.length === digits)
    .map(Number)
    .toSorted((a, b) => b - a)

/** The newest value that can be read and that `accept` takes. Throws `store_unavailable` for one that cannot be read just now. */
export const readNewestOf = async <T>(
  files: NumberedFiles,
  accept: (value: T, number: number) => boolean,
): Promise<T | undefined> => {
  for (const number of await numbersIn(files)) {
    const bytes = await readWhole(pathOf(files, number), files.disk)
    try {
      const value = JSON.parse(bytes?.toString('utf8') ?? '') as T
      if (accept(value, number)) return value
    } catch {
      // A damaged one says nothing; the one before it still does.
    }
  }
  return undefined
}

/** Keeps a value under a fresh number. Throws the file system's error, `EEXIST` for a number that is in use. */
export const keepFresh = async (files: NumberedFiles, number: number, value: object): Promise<void> => {
  await writeDurably(pathOf(files, number), Buffer.from(`${JSON.stringify(value)}\n`), files.disk)
  await dropOld(files, number)
}

/** Keeps a value under a number that is not in use. One that is says so already: nothing happens. */
export const keepNewestOf = async (files: NumberedFiles, number: number, value: object): Promise<void> => {
  try {
    await keepFresh(files, number, value)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    await dropOld(files, number)
  }
}

/** `readNewestOf` on the real disk. */
export const readNewest = <T>(
  dir: string,
  name: string,
  accept: (value: T, number: number) => boolean,
): Promise<T | undefined> => readNewestOf<T>({ dir, name }, accept)

/** `keepNewestOf` on the real disk. */
export const keepNewest = (dir: string, name: string, number: number, value: object): Promise<void> =>
  keepNewestOf({ dir, name }, number, value)

const dropOld = async (files: NumberedFiles, kept: number): Promise<void> => {
  const { disk = realDisk } = files
  const present = await numbersIn(files).catch(() => [])
  for (const old of present.filter((each) => each !== kept).slice(1))
    await disk.unlink(pathOf(files, old)).catch(() => undefined)
}
