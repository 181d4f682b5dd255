/**
 * Refused calls, folded: one record for each caller, key, reason and minute, however many calls it stands for, so that
 * nobody fills the disk by being refused. Bounded: past a thousand of them in a minute the rest share one for each reason,
 * and so do those past two thousand that could not be written yet. No call is left out of the counts.
 */
import type { NewAuditEntry } from './audit-trail.ts'

export interface RefusedCall {
  readonly atMs: number
  readonly reason: string
  readonly callerAddress: string
  readonly keyId: string | null
}

export interface RefusalFold {
  /** Cheap, and never fails: it stands on the path of a call. */
  note(call: RefusedCall): void
  /** Hands over what lies before the minute of `nowMs`; without it, everything. What is handed over is forgotten. */
  take(nowMs?: number): NewAuditEntry[]
  /** Takes entries back that could not be written. Those past the bound share one for each reason. */
  giveBack(entries: readonly NewAuditEntry[]): void
}

interface Fold {
  readonly minute: number
  /** The last minute it stands for. */
  readonly lastMinute: number
  readonly reason: string
  readonly address: string
  readonly keyId: string | null
  count: number
}

const minuteMs = 60_000
export const elsewhere = 'elsewhere'

export const createRefusalFold = (foldsMax = 1_000): RefusalFold => {
  const folds = new Map<string, Fold>()
  const foldOf = new WeakMap<NewAuditEntry, Fold>()
  let owed: Fold[] = []

  const add = (minute: number, { reason, callerAddress, keyId }: RefusedCall): void => {
    const name = `${minute} ${reason} ${callerAddress} ${keyId ?? ''}`
    const fold = folds.get(name)
    if (fold !== undefined) fold.count += 1
    else if (folds.size < foldsMax || callerAddress === elsewhere)
      folds.set(name, { minute, lastMinute: minute, reason, address: callerAddress, keyId, count: 1 })
    else add(minute, { atMs: 0, reason, callerAddress: elsewhere, keyId: null })
  }

  return {
    note: (call) => add(Math.floor(call.atMs / minuteMs), call),
    take(nowMs = Infinity) {
      const before = Math.floor(nowMs / minuteMs)
      const ready = owed
      owed = []
      for (const [name, fold] of folds) {
        // Only the present minute goes on; one that lies ahead is from before the clock was set back.
        if (fold.minute === before) continue
        ready.push(fold)
        folds.delete(name)
      }
      return ready.map((fold) => {
        const entry = entryOf(fold)
        foldOf.set(entry, fold)
        return entry
      })
    },
    giveBack(entries) {
      const all = [...entries.flatMap((entry) => foldOf.get(entry) ?? []), ...owed]
      owed = [...all.slice(0, foldsMax * 2), ...mergeByReason(all.slice(foldsMax * 2))]
    },
  }
}

const mergeByReason = (folds: readonly Fold[]): Fold[] =>
  [...Map.groupBy(folds, ({ reason }) => reason)].map(([reason, same]) => ({
    minute: Math.min(...same.map(({ minute }) => minute)),
    lastMinute: Math.max(...same.map(({ lastMinute }) => lastMinute)),
    reason,
    address: elsewhere,
    keyId: null,
    count: same.reduce((sum, { count }) => sum + count, 0),
  }))

const startOf = (minute: number): string => new Date(minute * minuteMs).toISOString()

const entryOf = ({ minute, lastMinute, reason, address, keyId, count }: Fold): NewAuditEntry => ({
  actor: { kind: 'caller', name: address, proof: 'none' },
  action: 'call.refused',
  object: keyId === null ? { kind: 'address', id: address } : { kind: 'key', id: keyId },
  outcome: 'refused',
  generation: null,
  request_id: null,
  count,
  note:
    minute === lastMinute
      ? `${reason}, in the minute from ${startOf(minute)}`
      : `${reason}, in the minutes from ${startOf(minute)} to ${startOf(lastMinute)}`,
})
