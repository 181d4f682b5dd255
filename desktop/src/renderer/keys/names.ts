/** What a form can say of a field before the daemon does, which has the last word. Pure. */
import { keyLimits, type KeyView } from '@postern/shared'

export type NameFault = 'short' | 'long' | 'taken'

const fold = (text: string): string => text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')

/** `own`: the key that is edited, whose own name is not taken. */
export const nameFault = (name: string, keys: readonly KeyView[], own?: string): NameFault | null => {
  const trimmed = name.trim()
  const length = [...trimmed.normalize('NFKC')].length
  if (length < keyLimits.nameMin) return 'short'
  if (length > keyLimits.nameMax) return 'long'
  const folded = fold(trimmed)
  return keys.some((key) => key.id !== own && fold(key.name) === folded) ? 'taken' : null
}
