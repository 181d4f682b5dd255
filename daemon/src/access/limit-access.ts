/**
 * A limit as a call is counted by it. Promises: two limits share a counter exactly when their `counter` is the same text, and
 * `wireName` is printable ASCII that needs no escape in a quoted string.
 */
import type { LimitUnit } from '@postern/shared'

export interface LimitAccess {
  /** `POLICY/HOLDER/UNIT`, of ids. Outlives changes of the policy. */
  readonly counter: string
  readonly policy: { readonly id: string; readonly name: string }
  /** Whose calls are counted: those of all keys of its client together, or its own. */
  readonly heldBy: 'client' | 'key'
  readonly per: LimitUnit | 'concurrent'
  /** At most so many calls. */
  readonly limit: number
  /** As the RateLimit headers name it. */
  readonly wireName: string
}

interface PolicyLimits {
  readonly id: string
  readonly name: string
  readonly windows: readonly { readonly per: LimitUnit; readonly calls: number }[]
  readonly concurrent: number | null
}

/** The limits of one policy for one holder, shortest window first, concurrency last. */
export const limitsOf = (policy: PolicyLimits, heldBy: LimitAccess['heldBy'], holderId: string): LimitAccess[] => {
  const { id, name, windows, concurrent } = policy
  const of = (per: LimitAccess['per'], limit: number): LimitAccess => ({
    counter: `${id}/${holderId}/${per}`,
    policy: { id, name },
    heldBy,
    per,
    limit,
    wireName: `${shortName(policy)}/${per}${heldBy === 'client' ? '/client' : ''}`,
  })
  return [
    ...windows.map(({ per, calls }) => of(per, calls)),
    ...(concurrent === null ? [] : [of('concurrent', concurrent)]),
  ]
}

const shortNameMax = 40

/** Percent-encoded UTF-8; `/` divides. A name that would make headers long gives way to the id. */
const shortName = ({ id, name }: PolicyLimits): string => {
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll('%20', ' ')
  return encoded.length > shortNameMax ? id : encoded
}
