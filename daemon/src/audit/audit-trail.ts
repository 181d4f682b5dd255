/**
 * The audit trail: who changed or revealed what. Promises: when `append` resolves, its entries are on the disk, in order,
 * chained and sealed; an intent that never became true is followed by an entry that says so, also after a crash; what is
 * missing at its end is found and said; on a full disk what has happened is still written, from a reserve. Never: a secret, or a call's key value; keys stand here by id.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Actor, AuditEntry, AuditVerification } from '@postern/shared'
import { openAppendLog, type AppendLog } from '../disk/append-log.ts'
import { makeFolder } from '../disk/disk-calls.ts'
import { isAsked, type PageAsked } from './asked.ts'
import { chainLines, hashOfLine, isEnd, readLink, type TrailSigner } from './chain.ts'
import { exportLines, exportTrailer, type ExportedLines } from './export.ts'
import { keepHead, readHead, rememberTrailKey } from './head.ts'
import { openReserve, type TrailAlarm } from './reserve.ts'
import { segmentsToPrune } from './retention.ts'
import { verifyTrail } from './verify.ts'

export type NewAuditEntry = Omit<AuditEntry, 'seq' | 'ts' | 'prev' | 'sig' | 'boot' | 'mono_ms'>

/** An entry, and whether what it says has happened: an intent may have been taken back. */
export type ToldEntry = AuditEntry & { readonly came_true: boolean }

export interface AuditTrail {
  /** Appends entries with one sync for all. Throws `store_unavailable` when they may not be on the disk; then nothing may happen. */
  append(entries: readonly NewAuditEntry[]): Promise<void>
  /** Appends what has happened already, on a full disk from the reserve. Throws the file system's error. */
  appendPast(entries: readonly NewAuditEntry[]): Promise<void>
  /** Throws `store_unavailable` while the disk is full; for what is recorded only after it is done. */
  assertRoom(): Promise<void>
  /** Makes the reserve whole again where there is room. */
  tendReserve(): Promise<void>
  /** Whether an error is the full disk that an alarm has told of. */
  explains(error: unknown): boolean
  /** Whether there is no room left for what has happened: disk and reserve are full. */
  readonly isFull: boolean
  /** A page of the entries that are asked for, newest first. */
  page(query: PageAsked): Promise<{ data: ToldEntry[]; count: number }>
  /**
   * Said once at start, when the keystore has told its generation: intents above it never became true.
   */
  settle(generation: number): Promise<void>
  /** Reads the whole trail and names the first record that is not what was written. */
  verify(): Promise<AuditVerification>
  /** Every entry that can be read, oldest first, from the segment that holds what is asked for. */
  entries(from: { afterSeq: number; atMs: number }): AsyncIterable<AuditEntry>
  /** The number of the last record. */
  readonly lastSeq: number
  /** Records as they stand, oldest first, after `afterSeq`. */
  lines(afterSeq: number): Promise<ExportedLines>
  /** The sealed line that ends an export of these records. Throws `field_invalid` for records that are not there. */
  trailer(fromSeq: number, toSeq: number): Promise<string>
  /** Lets old segments go, after a sealed record has said so. */
  prune(): Promise<void>
  close(): Promise<void>
}

export interface AuditTrailOptions {
  readonly dir: string
  /** Where this machine remembers the end of the trail; outside the data folder. */
  readonly machineDir: string
  readonly signer: TrailSigner
  readonly now: () => number
  /** Milliseconds since some fixed moment of this run. */
  readonly monotonic?: () => number
  /** Something about the trail that a person should know. */
  readonly onAlarm: (message: string, kind: TrailAlarm) => void
  /** What an alarm was about is over. */
  readonly onAlarmEnd?: (message: string, kind: TrailAlarm) => void
  /** Hears of each append that was rejected. */
  readonly onWriteError?: (() => void) | undefined
  /** What is kept back for a full disk; default: nothing, beyond what is there from before. */
  readonly reserveBytes?: number
  readonly segmentBytesMax?: number
  readonly keepDays?: number
  readonly keepBytesMax?: number
}

const system: Actor = { kind: 'system', name: 'postern', proof: 'none' }
const dayOf = (ts: string): string => ts.slice(0, 10)

/** Opens the trail in `dir`, which is made if need be. */
export const openAuditTrail = async (options: AuditTrailOptions): Promise<AuditTrail> => {
  const { dir, machineDir, signer, now, monotonic = () => performance.now(), onAlarm } = options
  const { keepDays = 730, keepBytesMax = 2 * 1024 ** 3, segmentBytesMax } = options
  await makeFolder(dir)
  const log = await openAppendLog({ dir, isEnd, ...(segmentBytesMax === undefined ? {} : { segmentBytesMax }) })
  const { reserveBytes: bytes, onAlarmEnd = () => undefined } = options
  const reserve = await openReserve({ path: join(dir, 'reserve'), bytes, onAlarm, onAlarmEnd })
  const heads = keepHead(machineDir, (error) =>
    onAlarm(`The end of the audit trail could not be remembered: ${String(error)}`, 'trail_gap'),
  )
  const boot = randomBytes(4).toString('hex')
  const startedMs = monotonic()
  let seq = 0
  let head = ''
  let lastTs = ''
  let unreadable = 0
  for await (const line of log.newestFirst()) {
    if (head === '') head = hashOfLine(line)
    const entry = readEntry(line)
    if (entry !== undefined) {
      seq = entry.seq
      lastTs = entry.ts
      break
    }
    unreadable += 1
  }

  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = (job: () => Promise<void>): Promise<void> => {
    const mine = turn.then(job)
    turn = mine.catch(() => options.onWriteError?.())
    return mine
  }
  const append = (entries: readonly NewAuditEntry[]): Promise<void> => inTurn(() => write(entries, 'asked'))
  const appendPast = (entries: readonly NewAuditEntry[]): Promise<void> => inTurn(() => write(entries, 'past'))

  const write = async (entries: readonly NewAuditEntry[], what: 'asked' | 'past'): Promise<void> => {
    if (entries.length === 0) return
    const ts = new Date(now()).toISOString()
    const mono = Math.round(monotonic() - startedMs)
    const numbered = entries.map((entry, at) => ({ seq: seq + 1 + at, ts, ...entry, boot, mono_ms: mono }))
    const { lines, head: next } = chainLines(numbered, head, signer)
    if (lastTs !== '' && dayOf(ts) > dayOf(lastTs)) log.rotate()
    const put = (): Promise<void> => log.append(lines)
    await (what === 'asked' ? reserve.spare(put) : reserve.spend(bytesOf(lines), put))
    seq += entries.length
    head = next
    lastTs = ts
    heads.note({ storeId: signer.storeId, seq, hash: head })
  }

  await rememberTrailKey(machineDir, signer)
  const remembered = await readHead(machineDir, signer.storeId)
  const gaps: NewAuditEntry[] = []
  if (log.tornBytes > 0)
    gaps.push(
      gap(
        `${log.tornBytes} bytes of an unfinished append were cut and are kept aside; nobody had been answered for it`,
      ),
    )
  if (unreadable > 0) gaps.push(gap(`${unreadable} lines before this one cannot be read; they are kept as they are`))
  if (remembered !== undefined && remembered.seq > seq) {
    const missing = { from: seq + 1, to: remembered.seq }
    gaps.unshift({
      ...gap(`records ${missing.from} to ${missing.to} were written and are not there any more`),
      missing,
    })
    seq = remembered.seq
  }
  if (gaps.length > 0) {
    onAlarm(`The audit trail is not whole: ${gaps.map(({ note }) => note).join('; ')}.`, 'trail_gap')
    await appendPast(gaps)
  }

  return {
    append,
    appendPast,
    assertRoom: () => inTurn(() => reserve.assertRoom()),
    tendReserve: () => inTurn(() => reserve.tend()),
    explains: (error) => reserve.explains(error),
    get isFull() {
      return reserve.usedUp
    },
    async page({ page, perPage, show = (entry) => entry, ...asked }) {
      const { object } = asked
      const data: ToldEntry[] = []
      let count = 0
      // Newest first, so what takes an intent back is met before the intent.
      const takenBack = new Set<number | null>()
      for await (const line of log.newestFirst()) {
        const about = object === undefined || line.includes(JSON.stringify(object))
        const entry = about || line.includes('"not_committed"') ? readEntry(line) : undefined
        if (entry === undefined) continue
        if (entry.outcome === 'not_committed') takenBack.add(entry.generation)
        const shown = isAsked(entry, asked) ? show(entry) : null
        if (shown === null) continue
        if (count >= (page - 1) * perPage && data.length < perPage)
          data.push({ ...shown, came_true: entry.outcome !== 'intent' || !takenBack.has(entry.generation) })
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
        await appendPast([...lost].map((each) => notCommitted(each, 'Postern stopped before the change was written')))
    },
    async verify() {
      await turn
      // What is in memory is what was written last; appends that come while this reads are left for the next time.
      const end = seq === 0 ? undefined : { storeId: signer.storeId, seq, hash: head }
      const until = seq
      return verifyTrail(() => upTo(log.oldestFirst(), until), { ...signer, head: end })
    },
    get lastSeq() {
      return seq
    },
    entries: (from) => readEntries(log, from),
    lines: (afterSeq) => exportLines(log, afterSeq),
    trailer: (fromSeq, toSeq) => exportTrailer(log, signer, fromSeq, toSeq),
    async prune() {
      const { gone, kept } = segmentsToPrune(await log.segments(), { nowMs: now(), keepDays, keepBytesMax })
      const first = kept?.first === undefined ? undefined : readLink(kept.first)
      if (gone.length === 0 || first === undefined) return
      // Said before it is done: an older start than this record names is explained by it too.
      const note = `records before ${first.seq} have been let go after ${keepDays} days or ${keepBytesMax} bytes`
      await appendPast([{ ...gap(note), outcome: 'pruned', kept_from: { seq: first.seq, prev: first.prev ?? '' } }])
      for (const each of gone) await log.remove(each.number)
    },
    async close() {
      await turn
      await heads.settled()
      await log.close()
    },
  }
}

/** The clock may have been set back while it was written, so segments are passed over with a day to spare. */
async function* readEntries(log: AppendLog, { afterSeq, atMs }: { afterSeq: number; atMs: number }) {
  const segments = await log.segments()
  const isBefore = ({ last }: (typeof segments)[number]): boolean => {
    const entry = readEntry(last ?? '')
    return entry !== undefined && (entry.seq <= afterSeq || Date.parse(entry.ts) < atMs - 86_400_000)
  }
  const start = segments.find((segment) => !isBefore(segment)) ?? segments.at(-1)
  for await (const line of log.oldestFirst(start?.number ?? 0)) {
    const entry = readEntry(line)
    if (entry !== undefined) yield entry
  }
}

async function* upTo(lines: AsyncIterable<string>, seq: number): AsyncGenerator<string> {
  for await (const line of lines) {
    yield line
    if (readLink(line)?.seq === seq) return
  }
}

const bytesOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)

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
