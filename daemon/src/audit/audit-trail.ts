/**
 * The audit trail: who changed or revealed what. Promises: when `append` resolves, its entries are on the disk, in order;
 * an intent that never became true is followed by an entry that says so, also after a crash. Never: a secret, or a call's
 * key value; keys stand here by id.
 */
import { mkdir } from 'node:fs/promises'
import type { Actor, AuditEntry } from '@postern/shared'
import { openAppendLog } from '../disk/append-log.ts'

export type NewAuditEntry = Omit<AuditEntry, 'seq' | 'ts'>

export interface AuditTrail {
  /** Appends entries with one sync for all. Rejects when they may not be on the disk; then nothing may happen. */
  append(entries: readonly NewAuditEntry[]): Promise<void>
  /** A page of entries, newest first. `object`: only entries about this id. */
  page(query: { page: number; perPage: number; object?: string }): Promise<{ data: AuditEntry[]; count: number }>
  /**
   * Said once at start, when the keystore has told its generation: intents above it never became true.
   */
  settle(generation: number): Promise<void>
  close(): Promise<void>
}

const system: Actor = { kind: 'system', name: 'postern', proof: 'none' }

/** Opens the trail in `dir`, which is made if need be. */
export const openAuditTrail = async (options: { dir: string; now: () => number }): Promise<AuditTrail> => {
  await mkdir(options.dir, { recursive: true, mode: 0o700 })
  const log = await openAppendLog({ dir: options.dir })
  let seq = 0
  let unreadable = 0
  for await (const line of log.newestFirst()) {
    const entry = readEntry(line)
    if (entry !== undefined) {
      seq = entry.seq
      break
    }
    unreadable += 1
  }

  const append = async (entries: readonly NewAuditEntry[]): Promise<void> => {
    const ts = new Date(options.now()).toISOString()
    const numbered = entries.map((entry) => ({ seq: ++seq, ts, ...entry }))
    await log.append(numbered.map((entry) => JSON.stringify(entry)))
  }

  const gaps = [
    ...(log.tornBytes > 0
      ? [`${log.tornBytes} bytes of an unfinished entry were cut; nobody had been answered for it`]
      : []),
    ...(unreadable > 0 ? [`${unreadable} lines before this one cannot be read; they are kept as they are`] : []),
  ]
  if (gaps.length > 0) await append(gaps.map(gap))

  return {
    append,
    async page({ page, perPage, object }) {
      const data: AuditEntry[] = []
      let count = 0
      for await (const line of log.newestFirst()) {
        if (object !== undefined && !line.includes(JSON.stringify(object))) continue
        const entry = readEntry(line)
        if (entry === undefined) continue
        if (object !== undefined && entry.object.id !== object && entry.object.name !== object) continue
        if (count >= (page - 1) * perPage && data.length < perPage) data.push(entry)
        count += 1
      }
      return { data, count }
    },
    async settle(generation) {
      const lost = new Set<number>()
      for await (const line of log.newestFirst()) {
        const entry = readEntry(line)
        if (entry === undefined) continue
        if (entry.outcome === 'not_committed' && entry.generation !== null) break
        if (entry.outcome !== 'intent' || entry.generation === null) continue
        if (entry.generation <= generation) break
        lost.add(entry.generation)
      }
      if (lost.size > 0)
        await append([...lost].map((each) => notCommitted(each, 'Postern stopped before the change was written')))
    },
    close: () => log.close(),
  }
}

/** A damaged line is passed over: it must keep nobody from starting, or from reading the others. */
const readEntry = (line: string): AuditEntry | undefined => {
  try {
    return JSON.parse(line) as AuditEntry
  } catch {
    return undefined
  }
}

const gap = (note: string): NewAuditEntry => ({
  actor: system,
  action: 'trail',
  object: { kind: 'trail', id: 'trail' },
  outcome: 'gap',
  generation: null,
  request_id: null,
  note,
})

/** The entry that takes back every intent for a generation. */
export const notCommitted = (generation: number, note: string): NewAuditEntry => ({
  actor: system,
  action: 'trail',
  object: { kind: 'generation', id: String(generation) },
  outcome: 'not_committed',
  generation,
  request_id: null,
  note,
})
