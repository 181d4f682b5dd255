/**
 * The last refused calls, one by one, for "why was I refused?". Promises: in memory alone and bounded; newest first; the
 * same small cost for each call; two calls under one request id are both there. Never: a credential, a query, an access
 * index, or the text that a short piece was cut from.
 */
import { refusalReasons, verdictRules, type RefusalReason, type VerdictRule } from '@postern/shared'

export interface Refused {
  readonly atMs: number
  /** As it was answered; callers may choose it, so it need not be the only one. */
  readonly requestId: string
  readonly reason: RefusalReason
  /** What the caller was answered. */
  readonly status: number
  /** The question that refused; `null`: one that only a path of Postern's own asks. */
  readonly rule: VerdictRule | null
  /** Why, in a sentence without a secret. */
  readonly said: string
  /** Of the key that was named, proven or a trap's; `null`: none. */
  readonly keyId: string | null
  readonly method: string
  /** Lower case, without port; '' when the call named none. */
  readonly host: string
  /** As far as it can be no secret; '' when it could not be read. */
  readonly path: string
  readonly address: string
  /** A proxy asked about somebody else's call. */
  readonly askedByProxy: boolean
  /** The address is the caller's, and not that of a proxy which does not say for whom it calls. */
  readonly callerKnown: boolean
}

export interface RefusalBook {
  /** Remembers a refusal; cheap enough for every one. */
  note(refused: Refused): void
  /** Newest first, in the order in which they came. */
  newestFirst(): Iterable<Refused>
  /** The newest one under a request id. */
  find(requestId: string): Refused | undefined
}

/** How many are remembered, and where texts that callers choose are cut; in characters. */
export const refusalBookLimits = { refusalsMax: 20_000, pathMax: 100, hostMax: 60, saidMax: 300 } as const

/** `refusalsMax`: the oldest gives way to the next one past it. */
export const createRefusalBook = ({
  refusalsMax = refusalBookLimits.refusalsMax,
}: { readonly refusalsMax?: number } = {}): RefusalBook => {
  // Columns instead of records: half the memory, and nothing for the collector to follow but the texts.
  const atMs = new Float64Array(refusalsMax)
  const statuses = new Uint16Array(refusalsMax)
  const reasons = new Uint8Array(refusalsMax)
  const rules = new Uint8Array(refusalsMax)
  const flags = new Uint8Array(refusalsMax)
  const [requestIds, sayings, keyIds]: [string[], string[], string[]] = [[], [], []]
  const [methods, hosts, paths, addresses]: [string[], string[], string[], string[]] = [[], [], [], []]
  let count = 0

  const at = (slot: number): Refused => ({
    atMs: atMs[slot] ?? 0,
    requestId: requestIds[slot] ?? '',
    reason: refusalReasons[reasons[slot] ?? 0] ?? 'request_malformed',
    status: statuses[slot] ?? 0,
    rule: verdictRules[(rules[slot] ?? 0) - 1] ?? null,
    said: sayings[slot] ?? '',
    keyId: keyIds[slot] === '' ? null : (keyIds[slot] ?? null),
    method: methods[slot] ?? '',
    host: hosts[slot] ?? '',
    path: paths[slot] ?? '',
    address: addresses[slot] ?? '',
    askedByProxy: ((flags[slot] ?? 0) & 1) !== 0,
    callerKnown: ((flags[slot] ?? 0) & 2) !== 0,
  })

  function* slots(): Generator<number> {
    for (let back = 1; back <= Math.min(count, refusalsMax); back++) yield (count - back) % refusalsMax
  }

  return {
    note(refused) {
      const slot = count % refusalsMax
      const { pathMax, hostMax, saidMax } = refusalBookLimits
      const before = slot === 0 ? refusalsMax - 1 : slot - 1
      atMs[slot] = refused.atMs
      statuses[slot] = refused.status
      reasons[slot] = reasonAt[refused.reason]
      rules[slot] = refused.rule === null ? 0 : ruleAt[refused.rule] + 1
      flags[slot] = (refused.askedByProxy ? 1 : 0) | (refused.callerKnown ? 2 : 0)
      requestIds[slot] = refused.requestId
      keyIds[slot] = refused.keyId ?? ''
      methods[slot] = refused.method
      // One caller in a loop, which most refusals come from, costs its texts once.
      if (isFixed(refused.rule)) sayings[slot] = refused.said
      else sayings[slot] = sayings[before] === refused.said ? sayings[before] : own(refused.said, saidMax)
      hosts[slot] = hosts[before] === refused.host ? hosts[before] : own(refused.host, hostMax)
      paths[slot] = paths[before] === refused.path ? paths[before] : own(refused.path, pathMax)
      addresses[slot] = addresses[before] === refused.address ? addresses[before] : refused.address
      count += 1
    },
    *newestFirst() {
      for (const slot of slots()) yield at(slot)
    },
    find(requestId) {
      for (const slot of slots()) if (requestIds[slot] === requestId) return at(slot)
      return undefined
    },
  }
}

const positions = <T extends string>(all: readonly T[]): Readonly<Record<T, number>> =>
  Object.fromEntries(all.map((each, position) => [each, position])) as Record<T, number>

const reasonAt = positions(refusalReasons)
const ruleAt = positions(verdictRules)

/** Up to the key itself there are only a few things to say, which are the same texts each time. */
const isFixed = (rule: VerdictRule | null): boolean => rule === null || ruleAt[rule] < ruleAt.key_enabled

// Written and read within one synchronous call; a buffer for each text costs three times as much.
const scratch = Buffer.alloc(4 * 512)

/** A piece of a text keeps the whole text in memory, its query included, until it is written down anew. */
const own = (text: string, max: number): string => {
  if (text === '') return ''
  // Three dots and not the one sign for them: that would make every character of the text two bytes long.
  const short = text.length > max ? `${text.slice(0, max)}...` : text
  return scratch.toString('utf8', 0, scratch.write(short))
}
