/**
 * What this machine last wrote, kept outside the data folder: it tells a rolled-back or vanished folder from a fresh one.
 * Each anchor has a name of its own, `anchor-<10 digits>.json`; the newest two are kept.
 */
import type { DiskCalls } from '../disk/durable-file.ts'
import { keepFresh, readNewestOf, type NumberedFiles } from '../disk/numbered-files.ts'
import type { Layout } from './layout.ts'

export interface Anchor {
  readonly storeId: string
  readonly maxGen: number
  /** Hex outer hash of generation `maxGen`. */
  readonly headHash: string
}

const filesOf = (layout: Layout, disk: DiskCalls): NumberedFiles => ({
  dir: layout.machineDir,
  name: 'anchor',
  digits: 10,
  disk,
})

/** The newest anchor that can be read, or `undefined` on a machine that never wrote a store. */
export const readAnchor = (layout: Layout, disk: DiskCalls): Promise<Anchor | undefined> =>
  // A torn anchor was never answered for; the one before it counts.
  readNewestOf<Anchor>(
    filesOf(layout, disk),
    ({ storeId, maxGen }, gen) => typeof storeId === 'string' && maxGen === gen,
  )

export const writeAnchor = (layout: Layout, anchor: Anchor, disk: DiskCalls): Promise<void> =>
  keepFresh(filesOf(layout, disk), anchor.maxGen, anchor)
