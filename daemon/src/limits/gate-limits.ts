/** What a gate asks about limits: the seam between the data plane and the counters. */
import { createGuessing, type Guessing } from './guessing.ts'
import type { Limits } from './limits.ts'
import { createReceipts, type Receipts } from './receipts.ts'

export interface GateLimits {
  readonly take: Limits['take']
  readonly guessing: Guessing
  readonly receipts: Receipts
}

/** Buckets and receipts belong to the gate itself and end with it. */
export const createGateLimits = (take: Limits['take']): GateLimits => ({
  take,
  guessing: createGuessing(),
  receipts: createReceipts(),
})
