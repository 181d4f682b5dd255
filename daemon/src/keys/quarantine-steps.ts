/** Keys that came up with an older folder, and wait until somebody says that they may live again. */
import type { KeyRecord } from '../document/document.ts'
import type { Step } from '../document/step.ts'
import { Problem } from '../problem.ts'
import { toInstant } from './expiry.ts'
import { findKey } from './find.ts'

/**
 * Lets keys live again; `all`: each one that waits. One change for all of them. A key whose present value was lost with a newer
 * folder stays refused until it is rotated. Throws `not_found`, or `conflict` for a key that does not wait.
 */
export const releaseKeys =
  (refs: readonly string[] | 'all'): Step<KeyRecord[]> =>
  (document, context) => {
    const chosen =
      refs === 'all'
        ? Object.values(document.keys).filter((key) => key.quarantinedAt !== null && key.removedAt === null)
        : [...new Set(refs.map((ref) => findKey(document, ref)))]
    const other = chosen.find(({ quarantinedAt }) => quarantinedAt === null)
    if (other !== undefined)
      throw new Problem('conflict', { detail: `"${other.name}" (${other.id}) does not wait for confirmation.` })
    if (chosen.length === 0) return { document, result: [], entry: null }
    const keys = { ...document.keys }
    const released = chosen.map((key) => ({
      ...key,
      revision: key.revision + 1,
      disabledAt: null,
      quarantinedAt: null,
      activeSince: toInstant(context.nowMs),
    }))
    for (const key of released) keys[key.id] = key
    const [first] = released
    const object =
      released.length === 1 && first !== undefined
        ? { kind: 'key', id: first.id, name: first.name }
        : { kind: 'keys', id: released.map(({ id }) => id).join(',') }
    return { document: { ...document, keys }, result: released, entry: { action: 'key.release', object } }
  }
