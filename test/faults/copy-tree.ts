/**
 * Copies a folder as copying programs do, in an order of one's choice and while it is written to: what is listed is
 * copied, what has gone since is passed over, what grows is copied as far as it was read.
 */
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** Files under `from` in the order they are to be copied, as paths inside it. */
export type CopyOrder = (paths: string[]) => string[]

const filesOf = (from: string): string[] =>
  readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(from, join(entry.parentPath, entry.name)))

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

const copyOne = (from: string, to: string): void => {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  try {
    copyFileSync(from, to)
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

/** At once, with nothing of this thread in between: as near to one moment as a copy comes. */
export const copyAtOnce = (from: string, to: string): void => {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for (const path of filesOf(from)) copyOne(join(from, path), join(to, path))
}

/** File by file, with whatever else goes on in between. */
export const copySlowly = async (from: string, to: string, order: CopyOrder): Promise<void> => {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for (const path of order(filesOf(from))) {
    copyOne(join(from, path), join(to, path))
    await new Promise((resolve) => setImmediate(resolve))
  }
}
