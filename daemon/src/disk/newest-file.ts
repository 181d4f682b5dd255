/**
 * One sealed value of which the newest state counts, as files `<ten digits>.SUFFIX` of which the newest two are kept.
 * Promises: nothing is written over; a file that cannot be read or understood is set aside and the one before it is used.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from './durable-file.ts'

export interface NewestFile<T> {
  /** What the newest readable file holds; `null`: there is none. */
  readonly found: T | null
  /** Rejects when it could not be made durable; then the files are as before. */
  write(plain: Buffer): Promise<void>
}

/** Makes the folder if need be. `read` throws for what it does not understand. `onSetAside` hears of each file set aside. */
export const openNewestFile = async <T>(options: {
  dir: string
  suffix: string
  /** What the files are about, in words for people. */
  about: string
  associated: string
  sealer: { seal(plain: Buffer, associated: string): string; open(sealed: string, associated: string): Buffer }
  read: (plain: Buffer) => T
  onSetAside: (message: string) => void
}): Promise<NewestFile<T>> => {
  const { dir, suffix, about, associated, sealer, read, onSetAside } = options
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const pathOf = (seq: number): string => join(dir, `${String(seq).padStart(10, '0')}.${suffix}`)
  const numbers = async (): Promise<number[]> =>
    (await readdir(dir))
      .filter((name) => /^\d{10}\.[a-z]+$/.test(name) && name.endsWith(`.${suffix}`))
      .map((name) => Number(name.slice(0, 10)))
      .toSorted((a, b) => b - a)

  const present = await numbers()
  let seq = present[0] ?? 0
  let found: T | null = null
  for (const each of present) {
    try {
      found = read(sealer.open(await readFile(pathOf(each), 'utf8'), associated))
      break
    } catch {
      const aside = `${pathOf(each)}.${randomBytes(4).toString('hex')}.bad`
      await rename(pathOf(each), aside).catch(() => undefined)
      onSetAside(`A file of ${about} could not be read and is kept as ${aside}.`)
    }
  }
  return {
    found,
    async write(plain) {
      seq += 1
      await writeDurably(pathOf(seq), Buffer.from(sealer.seal(plain, associated)))
      for (const old of (await numbers()).slice(2)) await unlink(pathOf(old)).catch(() => undefined)
    },
  }
}
