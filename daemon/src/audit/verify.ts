/**
 * Is the trail what was written? Reads it once, oldest line first, and names the first record that is not. Promises: every
 * change, removal, insertion and swap is found at its place; a cut end is found against the head this machine remembers.
 * Never: trusts a key that lies beside the trail.
 */
import type { AuditVerification } from '@postern/shared'
import { hashOfLine, isGenuine, isSigned, publicKeyOf, readLink, type Link } from './chain.ts'
import type { TrailHead } from './head.ts'

export interface TrailFacts {
  readonly storeId: string
  /** PEM of the public key. */
  readonly publicKey: string
  /** What this machine remembers of the end of the trail; `undefined` when it remembers nothing. */
  readonly head: TrailHead | undefined
}

interface Held {
  readonly line: string
  readonly link: Link
}

/**
 * Reads every line. Bounded memory: one append at a time is held. `lines` may be asked for the lines a second time, when
 * the trail does not begin with the first record.
 */
export const verifyTrail = async (
  lines: () => AsyncIterable<string>,
  { storeId, publicKey, head }: TrailFacts,
): Promise<AuditVerification> => {
  const key = publicKeyOf(publicKey)
  const gaps: AuditVerification['gaps'] = []
  let entries = 0
  let unchained = 0
  let firstSeq: number | null = null
  let last: { seq: number; hash: string } | undefined
  let start: { seq: number; prev: string } | undefined
  let batch: Held[] = []
  let headSeen = false

  /** Old segments that retention has let go: a sealed record further on says where the rest begins. */
  const isBegun = async (): Promise<boolean> => {
    if (start === undefined || start.seq === 1) return true
    for await (const line of lines()) {
      const kept = line.includes('"kept_from"') ? readLink(line)?.kept_from : undefined
      const fits = kept !== undefined && (start.seq < kept.seq || (start.seq === kept.seq && start.prev === kept.prev))
      if (fits && isGenuine(line, storeId, key)) return true
    }
    return false
  }

  const done = async (found: AuditVerification['bad']): Promise<AuditVerification> => {
    const begun = await isBegun()
    const before = (start?.seq ?? 1) - 1
    return verdict(begun ? found : { seq: before, reason: `records 1 to ${before} are missing` })
  }

  const verdict = (bad: AuditVerification['bad']): AuditVerification => ({
    ok: bad === null,
    entries,
    unchained,
    first_seq: firstSeq,
    last_seq: last?.seq ?? null,
    head: last?.hash ?? null,
    gaps,
    bad,
  })

  for await (const line of lines()) {
    const link = readLink(line)
    const expected = (batch.at(-1)?.link.seq ?? last?.seq ?? 0) + 1
    if (link === undefined) return done({ seq: expected, reason: 'the record cannot be read' })
    firstSeq ??= link.seq
    if (link.prev === undefined) {
      if (start !== undefined || batch.length > 0)
        return done({ seq: link.seq, reason: 'the record is not part of the chain' })
      unchained += 1
      entries += 1
      last = { seq: link.seq, hash: hashOfLine(line) }
      continue
    }
    start ??= { seq: unchained > 0 ? 1 : link.seq, prev: link.prev }
    batch.push({ line, link })
    if (!isSigned(line)) continue
    const bad = judge(batch, last, (signed) => isGenuine(signed, storeId, key))
    if (bad !== null) return done(bad)
    for (const held of batch) {
      const { seq, missing } = held.link
      if (missing !== undefined) gaps.push({ seq, from: missing.from, to: missing.to })
      entries += 1
      last = { seq, hash: hashOfLine(held.line) }
      if (last.seq === head?.seq) {
        if (last.hash !== head.hash) return done({ seq, reason: 'the record is not the one this machine wrote' })
        headSeen = true
      }
    }
    batch = []
  }
  const [unsealed] = batch
  if (unsealed !== undefined)
    return done({
      seq: unsealed.link.seq,
      reason: 'the record is not sealed: an append that never finished, or one added by hand',
    })
  if (head !== undefined && !headSeen && head.seq > (last?.seq ?? 0))
    return done({ seq: (last?.seq ?? 0) + 1, reason: `the trail ends here, but record ${head.seq} was written` })
  if (head !== undefined && !headSeen && start === undefined)
    return done({ seq: firstSeq ?? 1, reason: 'no record is sealed, but this machine has sealed some' })
  return done(null)
}

/** The first record of one append that is not what was written, given that everything before it is. */
const judge = (
  batch: readonly Held[],
  before: { seq: number; hash: string } | undefined,
  genuine: (line: string) => boolean,
): AuditVerification['bad'] => {
  const trusted = trustedFrom(batch, genuine)
  let previous = before
  for (const [at, { line, link }] of batch.entries()) {
    const { seq, prev, missing } = link
    if (previous !== undefined) {
      const expected = previous.seq + 1
      const explained = missing?.from === expected && missing.to === seq - 1 && at >= trusted
      if (seq !== expected && !explained)
        return { seq: expected, reason: `record ${expected} is expected here, ${seq} is found` }
      if (prev !== previous.hash)
        return at > 0 && at >= trusted
          ? { seq: previous.seq, reason: 'the record is not the one that the next one follows' }
          : { seq, reason: 'the record does not follow the one before it' }
    }
    previous = { seq, hash: hashOfLine(line) }
  }
  const end = batch.at(-1)
  return trusted < batch.length || end === undefined
    ? null
    : { seq: end.link.seq, reason: 'the seal of the record is not genuine' }
}

/** From which line on an append is vouched for by its seal, through the chain. */
const trustedFrom = (batch: readonly Held[], genuine: (line: string) => boolean): number => {
  let at = batch.length - 1
  const end = batch[at]
  if (end === undefined || !genuine(end.line)) return batch.length
  while (at > 0 && hashOfLine(batch[at - 1]?.line ?? '') === batch[at]?.link.prev) at -= 1
  return at
}
