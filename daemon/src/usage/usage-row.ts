/** What usage is counted by, as one row; and rows as text, for maps and files. */

/** Stands for callers or endpoints that share one row because there were too many. */
export const folded = '*'

export interface UsageKey {
  /** RFC 3339 UTC: the start of the hour, of the day or of the month that is counted. */
  readonly start: string
  readonly span: 'hour' | 'day' | 'month'
  /** `''`: no key was named. */
  readonly keyId: string
  /** `''`: no endpoint was reached. */
  readonly endpointId: string
  readonly address: string
  /** `allow`, or why not. */
  readonly outcome: string
  /** Which secret of the key, around a rotation; `''` when none was proven. */
  readonly secret: 'current' | 'old' | ''
  /** The version of that secret; 0 when none was proven. */
  readonly version: number
}

export interface UsageRow extends UsageKey {
  readonly calls: number
}

/**
 * Rows by what they are counted by. Adding is all that is ever done to them. Past `max` rows callers share one, past twice
 * as many endpoints do too; totals stay what they are.
 */
export class UsageRows {
  readonly #counts = new Map<string, { readonly key: UsageKey; calls: number }>()
  readonly #max: number

  constructor(max = Infinity) {
    this.#max = max
  }

  get size(): number {
    return this.#counts.size
  }

  add(key: UsageKey, calls: number): void {
    const found = this.#counts.get(nameOf(key))
    if (found !== undefined) found.calls += calls
    else if (this.size < this.#max) this.#counts.set(nameOf(key), { key, calls })
    else if (key.address !== folded) this.add({ ...key, address: folded }, calls)
    else if (this.size >= this.#max * 2 && key.endpointId !== folded) this.add({ ...key, endpointId: folded }, calls)
    else this.#counts.set(nameOf(key), { key, calls })
  }

  addAll(rows: Iterable<UsageRow>): void {
    for (const { calls, ...key } of rows) this.add(key, calls)
  }

  *[Symbol.iterator](): Generator<UsageRow> {
    for (const { key, calls } of this.#counts.values()) yield { ...key, calls }
  }
}

const nameOf = ({ span, start, keyId, endpointId, address, outcome, secret, version }: UsageKey): string =>
  `${span}|${start}|${keyId}|${endpointId}|${outcome}|${secret}${version}|${address}`
