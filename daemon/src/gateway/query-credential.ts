/**
 * A key in the query, where an endpoint takes one there. Promises: the key stays here: what goes on is the query without
 * it; a parameter that only looks otherwise and means the same is refused, so none reaches an upstream that decodes more.
 */
import { matchEndpoint, type AccessIndex } from '../access/access-index.ts'
import type { Credential } from '../access/decide.ts'
import type { Call } from './read-call.ts'

/** The call with the credential of its query, and without it in its query. */
export const withQueryCredential = (index: AccessIndex, call: Call): Call => {
  if (!index.takesQueryKeys || call.query === '') return call
  const parameter = matchEndpoint(index, call)?.queryParameter ?? null
  if (parameter === null) return call
  const parts = call.query.slice(1).split('&')
  const mine = parts.filter((part) => nameOf(part) === parameter)
  if (mine.length === 0) return call
  const kept = parts.filter((part) => nameOf(part) !== parameter)
  const query = kept.length === 0 ? '' : `?${kept.join('&')}`
  return { ...call, query, credential: credentialOf(mine, call.credential) }
}

const credentialOf = (mine: readonly string[], other: Credential): Credential => {
  if (other.kind !== 'none' || mine.length > 1) return { kind: 'malformed', why: 'present one credential, once' }
  const [part = ''] = mine
  const value = decoded(part.slice(part.indexOf('=') + 1))
  return part.includes('=') && value !== null && /^[\x21-\x7e]{1,1024}$/.test(value)
    ? { kind: 'value', value }
    : { kind: 'malformed', why: 'the key in the query cannot be read' }
}

/** As an upstream would read it. */
const nameOf = (part: string): string | null => {
  const end = part.indexOf('=')
  return decoded(end < 0 ? part : part.slice(0, end))
}

const decoded = (text: string): string | null => {
  if (!/[%+]/.test(text)) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null
  }
}
