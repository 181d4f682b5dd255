/**
 * What this machine last wrote, kept outside the data folder: it tells a rolled-back or vanished folder from a fresh one.
 * Each anchor has a name of its own, `anchor-<10 digits>.json`; the newest two are kept.
 */
import type { DiskCalls } from '../disk/durable-file.ts'
import { keepFresh, readNewest } from '../disk/numbered-files.ts'
import type { Layout } from './layout.ts'

export interface Anchor {
  readonly storeId: string
  readonly maxGen: number
  /** Hex outer hash of generation `maxGen`. */
  readonly headHash: string
}

const fileName = 'anchor'
const digits = 10

/** The newest anchor that can be read, or `undefined` on a machine that never wrote a store. */
export const readAnchor = (layout: Layout, disk: DiskCalls): Promise<Anchor | undefined> =>
  // A torn anchor was never answered for; the one before it counts.
  readNewest<Anchor>(
    layout.machineDir,
    fileName,
    ({ storeId, maxGen }, gen) => typeof storeId === 'string' && maxGen === gen,
    { disk, digits },
  )

export const writeAnchor = (layout: Layout, anchor: Anchor, disk: DiskCalls): Promise<void> =>
  keepFresh(layout.machineDir, fileName, anchor.maxGen, anchor, { disk, digits })
