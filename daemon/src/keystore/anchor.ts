/**
 * What this machine last wrote, kept outside the data folder: it tells a rolled-back or vanished folder from a fresh one.
 * Each anchor has a name of its own; the newest two are kept.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably, type DiskCalls } from '../disk/durable-file.ts'
import { namesIn, type Layout } from './layout.ts'

export interface Anchor {
  readonly storeId: string
  readonly maxGen: number
  /** Hex outer hash of generation `maxGen`. */
  readonly headHash: string
}

const anchorPattern = /^anchor-(\d{10})\.json$/

const numbersIn = async (layout: Layout): Promise<number[]> =>
  (await namesIn(layout.machineDir))
    .map((name) => anchorPattern.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .toSorted((a, b) => b - a)

const pathOf = (layout: Layout, gen: number): string =>
  join(layout.machineDir, `anchor-${String(gen).padStart(10, '0')}.json`)

/** The newest anchor that can be read, or `undefined` on a machine that never wrote a store. */
export const readAnchor = async (layout: Layout): Promise<Anchor | undefined> => {
  for (const gen of await numbersIn(layout)) {
    try {
      const anchor = JSON.parse(await readFile(pathOf(layout, gen), 'utf8')) as Anchor
      if (typeof anchor.storeId === 'string' && anchor.maxGen === gen) return anchor
    } catch {
      // A torn anchor was never answered for; the one before it counts.
    }
  }
  return undefined
}

export const writeAnchor = async (layout: Layout, anchor: Anchor, disk: DiskCalls): Promise<void> => {
  await writeDurably(pathOf(layout, anchor.maxGen), Buffer.from(`${JSON.stringify(anchor)}\n`), disk)
  for (const gen of (await numbersIn(layout)).slice(2)) await disk.unlink(pathOf(layout, gen)).catch(() => undefined)
}
