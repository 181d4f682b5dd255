/**
 * A small JSON value whose newest state matters, as files `NAME-<16 digits>.json` of which the newest two are kept. Promises:
 * nothing is written over; a damaged newest one leaves the one before it.
 */
import { readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from './durable-file.ts'

const pathOf = (dir: string, name: string, number: number): string =>
  join(dir, `${name}-${String(number).padStart(16, '0')}.json`)

/** The numbers there are, newest first. A folder that is not there has none. */
const numbersIn = async (dir: string, name: string): Promise<number[]> =>
  (await readdir(dir).catch(() => []))
    .map((file) =>
      file.startsWith(`${name}-`) ? /^(\d{16})\.json$/.exec(file.slice(name.length + 1))?.[1] : undefined,
    )
    .filter((digits) => digits !== undefined)
    .map(Number)
    .toSorted((a, b) => b - a)

/** The newest value that can be read and that `accept` takes. */
export const readNewest = async <T>(
  dir: string,
  name: string,
  accept: (value: T, number: number) => boolean,
): Promise<T | undefined> => {
  for (const number of await numbersIn(dir, name)) {
    try {
      const value = JSON.parse(await readFile(pathOf(dir, name, number), 'utf8')) as T
      if (accept(value, number)) return value
    } catch {
      // A damaged one says nothing; the one before it still does.
    }
  }
  return undefined
}

/** Keeps a value under a number that is not in use. One that is says so already: nothing happens. */
export const keepNewest = async (dir: string, name: string, number: number, value: object): Promise<void> => {
  await writeDurably(pathOf(dir, name, number), Buffer.from(`${JSON.stringify(value)}\n`)).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    },
  )
  for (const old of (await numbersIn(dir, name)).filter((each) => each !== number).slice(1))
    await unlink(pathOf(dir, name, old)).catch(() => undefined)
}
