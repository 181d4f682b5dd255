/**
 * What calls leave behind in the usage folder: when each key was last used, how often, and what its limits have counted.
 * Promises: none of it is in the way of a call, or fatal.
 */
import { join } from 'node:path'
import type { Document } from './document/document.ts'
import type { Keystore } from './keystore/keystore.ts'
import { openLimits, type LimitsOnDisk } from './limits/kept-limits.ts'
import { openLastUsed, type LastUsed } from './usage/last-used.ts'
import { createRecentCalls, type RecentCalls } from './usage/recent-calls.ts'
import { openUsageBook, type UsageBook } from './usage/usage-book.ts'

export interface KeptUsage {
  readonly lastUsed: LastUsed
  readonly book: UsageBook
  readonly recent: RecentCalls
  readonly limits: LimitsOnDisk
  /** Each to the disk, whatever becomes of the others. Never rejects: the faults are handed on. */
  flush(): Promise<PromiseSettledResult<void>[]>
}

export const keepUsage = async (
  keystore: Pick<Keystore<Document>, 'sealer' | 'document'>,
  options: { dataDir: string; now: () => number; judgedNow: () => number; onSetAside: (message: string) => void },
): Promise<KeptUsage> => {
  const { now, judgedNow, onSetAside } = options
  const dir = join(options.dataDir, 'usage')
  const sealer = keystore.sealer('usage')
  const lastUsed = await openLastUsed({ dir, sealer, onSetAside })
  const book = await openUsageBook({ dir, sealer, now, onSetAside })
  const limits = await openLimits({ dir, sealer, onSetAside })
  return {
    lastUsed,
    book,
    recent: createRecentCalls(now()),
    limits,
    flush: () => {
      const { keys, clients, policies, adminTokens } = keystore.document
      const isHolder = (id: string): boolean => Object.hasOwn(keys, id) || Object.hasOwn(clients, id)
      return Promise.allSettled([
        book.flush(),
        lastUsed.flush((id) => Object.hasOwn(keys, id) || Object.hasOwn(adminTokens, id)),
        limits.flush(judgedNow(), (holderId, policyId) => isHolder(holderId) && Object.hasOwn(policies, policyId)),
      ])
    },
  }
}
