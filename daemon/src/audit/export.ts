/**
 * The trail for somebody else's eyes: records byte for byte as they stand, and a sealed last line that says how many they
 * are. With the public key a stranger can check it; see `verify-trail.mjs`.
 */
import { Problem } from '../problem.ts'
import type { AppendLog } from '../disk/append-log.ts'
import { hashOfLine, isEnd, isSigned, readLink, signLine, type TrailSigner } from './chain.ts'

export const exportPurpose = 'postern-audit-export/v1'

export interface ExportedLines {
  readonly lines: string[]
  /** The last record given; `null`: there are no more. */
  readonly next: number | null
}

const linesAtOnce = 1_000

/** Records after `afterSeq`, about a thousand at a time, never part of an append. Lines that cannot be read go along. */
export const exportLines = async (log: AppendLog, afterSeq: number): Promise<ExportedLines> => {
  const lines: string[] = []
  let reached = afterSeq
  for await (const line of log.oldestFirst(await segmentWith(log, afterSeq + 1))) {
    const link = readLink(line)
    if ((link?.seq ?? reached) < afterSeq + 1) continue
    lines.push(line)
    reached = link?.seq ?? reached
    if (lines.length >= linesAtOnce && isSigned(line)) return { lines, next: reached }
  }
  // The end of an append that is being written right now is left for the next export.
  while (lines.length > 0 && !isEnd(lines.at(-1) ?? '')) lines.pop()
  return { lines, next: null }
}

/** The line that ends an export of these records; its seal covers their number and the last one's hash. */
export const exportTrailer = async (
  log: AppendLog,
  signer: TrailSigner,
  fromSeq: number,
  toSeq: number,
): Promise<string> => {
  let count = 0
  let head: string | undefined
  for await (const line of log.oldestFirst(await segmentWith(log, fromSeq))) {
    const seq = readLink(line)?.seq
    if (seq === undefined || seq < fromSeq) continue
    if (seq > toSeq) break
    count += 1
    head = seq === toSeq ? hashOfLine(line) : undefined
  }
  if (head === undefined)
    throw new Problem('field_invalid', {
      detail: `from, to: there are no records ${fromSeq} to ${toSeq}; export again`,
    })
  const body = { postern_audit_end: 1, store_id: signer.storeId, from: fromSeq, to: toSeq, count, head }
  return signLine(JSON.stringify(body), signer, exportPurpose)
}

/** The last segment that begins at or before a record. */
const segmentWith = async (log: AppendLog, seq: number): Promise<number> => {
  const starts = await log.segments()
  const at = starts.findLast(({ first }) => (readLink(first ?? '')?.seq ?? Infinity) <= seq)
  return at?.number ?? 0
}
