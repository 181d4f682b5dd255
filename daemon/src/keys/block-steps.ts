/**
 * Addresses refused for a time because a honey key was presented from there, as pure steps. Promises: never more than
 * `blocksMax` of them; a later end is never made an earlier one.
 */
import type { BlockRecord } from '../document/document.ts'
import type { Step } from '../document/step.ts'
import { Problem } from '../problem.ts'
import { toInstant } from './expiry.ts'

export const blocksMax = 10_000

/** `network` as `networkOf` gives it. Gives `null` and changes nothing where the key blocks nobody, or does so already. */
export const blockNetwork =
  (network: string, keyId: string): Step<BlockRecord | null> =>
  (document, context) => {
    const seconds = document.keys[keyId]?.honey?.blockSeconds ?? 0
    const before = Object.hasOwn(document.blocks, network) ? document.blocks[network] : undefined
    const until = toInstant(context.nowMs + seconds * 1000)
    // Prolonged by the minute at most: who goes on trying must not write to the disk with each call.
    const soon = toInstant(context.nowMs + seconds * 1000 - 60_000)
    if (seconds === 0 || (before !== undefined && before.until >= soon)) return { document, result: null, entry: null }
    const block: BlockRecord = { id: network, keyId, createdAt: toInstant(context.nowMs), until }
    const others = Object.entries(document.blocks).filter(([id]) => id !== network)
    const kept = others.length < blocksMax ? others : others.toSorted(byEnd).slice(others.length - blocksMax + 1)
    return {
      document: { ...document, blocks: { ...Object.fromEntries(kept), [network]: block } },
      result: block,
      entry: {
        action: 'block.set',
        object: { kind: 'network', id: network },
        note: `honey key ${keyId}; until ${until}`,
      },
    }
  }

/** Lets an address in again. Throws `not_found`. */
export const liftBlock =
  (network: string): Step<null> =>
  (document) => {
    if (!Object.hasOwn(document.blocks, network))
      throw new Problem('not_found', { detail: 'This address is not blocked; see postern blocks list.' })
    const blocks = { ...document.blocks }
    delete blocks[network]
    return {
      document: { ...document, blocks },
      result: null,
      entry: { action: 'block.lift', object: { kind: 'network', id: network } },
    }
  }

/** Forgets blocks that have ended; they refuse nobody any more, so the trail has nothing to say. */
export const dropEndedBlocks = (): Step<null> => (document, context) => {
  const now = toInstant(context.nowMs)
  const kept = Object.entries(document.blocks).filter(([, { until }]) => until > now)
  if (kept.length === Object.keys(document.blocks).length) return { document, result: null, entry: null }
  return { document: { ...document, blocks: Object.fromEntries(kept) }, result: null, entry: null }
}

const byEnd = ([, a]: [string, BlockRecord], [, b]: [string, BlockRecord]): number => (a.until < b.until ? -1 : 1)
