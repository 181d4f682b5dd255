/** The headers that tell an upstream who calls. No caller can forge them: theirs are dropped before these are added. */
import type { KeyAccess } from '../access/access-index.ts'

const known = new WeakMap<KeyAccess, readonly string[]>()

/** Names and values in turn. Values are percent-encoded UTF-8, `-` for none, never empty. */
export const identityHeaders = (key: KeyAccess): readonly string[] => {
  const cached = known.get(key)
  if (cached !== undefined) return cached
  const encoded = (text: string | null): string =>
    text === null || text === '' ? '-' : encodeURIComponent(text.toWellFormed())
  const headers = [
    'X-Postern-Key-Id',
    key.id,
    'X-Postern-Key-Name',
    encoded(key.name),
    'X-Postern-Client',
    encoded(key.clientName),
    'X-Postern-Subject',
    encoded(key.subject),
  ]
  known.set(key, headers)
  return headers
}
