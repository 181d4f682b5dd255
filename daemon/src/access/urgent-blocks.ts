/**
 * Blocks that hold before they are on the disk, and while the disk takes none. Promises: bounded; one that has become part
 * of the document is left to the document, so that lifting it there lifts it.
 */
import type { AccessIndex } from './access-index.ts'

const networksMax = 10_000

export interface UrgentBlocks {
  /** Until an instant in milliseconds. Past the bound nothing more is kept. */
  block(network: string, untilMs: number): void
  /** The document has it now. */
  settle(network: string): void
  /** An index that refuses these too. */
  over(index: AccessIndex): AccessIndex
}

export const createUrgentBlocks = (): UrgentBlocks => {
  const blocks = new Map<string, number>()
  return {
    block(network, untilMs) {
      if (blocks.size < networksMax || blocks.has(network)) blocks.set(network, untilMs)
    },
    settle: (network) => void blocks.delete(network),
    over: (index) => (blocks.size === 0 ? index : { ...index, blocked: new Map([...index.blocked, ...blocks]) }),
  }
}
