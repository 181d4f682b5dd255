/**
 * A small JSON value whose newest state matters, as files `NAME-<digits>.json` of which the newest two are kept. Promises:
 * nothing is written over; a damaged newest one leaves the one before it. Never: takes a folder or file that cannot be read
 * just now for one that is not there.
 */
import { join } from 'node:path'
import { namesIn, readWhole } from './disk-calls.ts'
import { realDisk, writeDurably, type DiskCalls } from './durable-file.ts'

export interface NumberedOptions {
  readonly disk?: DiskCalls
  /** How wide the number is written; 16 unless said. */
  readonly digits?: number
}

const pathOf = (dir: string, name: string, number: number, { digits = 16 }: NumberedOptions): string =>
  join(dir, `${name}-${String(number).padStart(digits, '0')}.json`)

/** The numbers there are, newest first. A folder that is not there has none. */
const numbersIn = async (dir: string, name: string, { digits = 16, disk }: NumberedOptions): Promise<number[]> =>
  (await namesIn(dir, disk))
    .map((file) => (file.startsWith(`${name}-`) ? /^(\d+)\.json$/.exec(file.slice(name.length + 1))?.[1] : undefined))
    .filter((found) => found?.length === digits)
    .map(Number)
    .toSorted((a, b) => b - a)

/** The newest value that can be read and that `accept` takes. Throws `store_unavailable` for one that cannot be read just now. */
export const readNewest = async <T>(
  dir: string,
  name: string,
  accept: (value: T, number: number) => boolean,
  options: NumberedOptions = {},
): Promise<T | undefined> => {
  for (const number of await numbersIn(dir, name, options)) {
    const bytes = await readWhole(pathOf(dir, name, number, options), options.disk)
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
export const keepFresh = async (
  dir: string,
  name: string,
  number: number,
  value: object,
  options: NumberedOptions = {},
): Promise<void> => {
  const { disk = realDisk } = options
  await writeDurably(pathOf(dir, name, number, options), Buffer.from(`${JSON.stringify(value)}\n`), disk)
  await dropOld(dir, name, number, options)
}

/** Keeps a value under a number that is not in use. One that is says so already: nothing happens. */
export const keepNewest = async (
  dir: string,
  name: string,
  number: number,
  value: object,
  options: NumberedOptions = {},
): Promise<void> => {
  try {
    await keepFresh(dir, name, number, value, options)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    await dropOld(dir, name, number, options)
  }
}

const dropOld = async (dir: string, name: string, kept: number, options: NumberedOptions): Promise<void> => {
  const { disk = realDisk } = options
  const present = await numbersIn(dir, name, options).catch(() => [])
  for (const old of present.filter((each) => each !== kept).slice(1))
    await disk.unlink(pathOf(dir, name, old, options)).catch(() => undefined)
}
