/**
 * Writers with one mistake each, to show that the rigs see it. Each keeps the whole document as one JSON file. What only a
 * power cut shows, a missing fsync, is beyond these: a killed process leaves the page cache to the kernel, so nothing of
 * what it wrote is gone. The enumerated crash states are for that.
 */
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChangeDeps } from '../../daemon/src/change.ts'
import { writeAll } from '../../daemon/src/disk/durable-file.ts'
import type { Document } from '../../daemon/src/document/document.ts'
import { Problem } from '../../daemon/src/problem.ts'
import { emptyDocument } from './thirty-changes.ts'

/**
 * `in-place`: writes over the file that is there. `acknowledges-first`: answers, then writes. `one-write`: takes it that a
 * write took all it was given, and renames over the good file.
 */
export const brokenWriters = ['in-place', 'acknowledges-first', 'one-write'] as const
export type BrokenWriter = (typeof brokenWriters)[number]

const pathOf = (dir: string): string => join(dir, 'document.json')

export const brokenKeystore = async (writer: BrokenWriter, dir: string): Promise<ChangeDeps['keystore']> => {
  let document = await readBroken(dir)
  let generation = 0
  const write = async (text: string): Promise<void> => {
    const bytes = Buffer.from(text)
    const path = writer === 'one-write' ? `${pathOf(dir)}.new` : pathOf(dir)
    const file = await open(path, 'w')
    try {
      if (writer === 'one-write') await file.write(bytes, 0, bytes.length, 0)
      else await writeAll(file, bytes, 0)
      await file.sync()
    } finally {
      await file.close()
    }
    if (path !== pathOf(dir)) await rename(path, pathOf(dir))
  }
  return {
    get document() {
      return document
    },
    get nextGeneration() {
      return generation + 1
    },
    async write(next) {
      const done = write(JSON.stringify(next)).catch((error: unknown) => {
        throw new Problem('store_unavailable', { cause: error })
      })
      if (writer === 'acknowledges-first') void done.catch(() => undefined)
      else await done
      document = next
      generation += 1
      return generation
    },
  }
}

/** What such a writer left. Throws when it is no document any more. */
export const readBroken = async (dir: string): Promise<Document> => {
  const text = await readFile(pathOf(dir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return JSON.stringify(emptyDocument())
    throw error
  })
  return JSON.parse(text) as Document
}
