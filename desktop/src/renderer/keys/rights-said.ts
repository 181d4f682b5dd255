/** What narrows a key, in a few words; empty: nothing does. Pure. */
import type { KeyView } from '@postern/shared'
import type { Texts } from '../texts/texts.ts'

export const rightsSaid = (key: KeyView | null, { rights }: Texts): string => {
  if (key === null) return ''
  const { short } = rights
  const { allow, deny } = key.addresses
  return [
    key.collections === null ? '' : short.collections(key.collections.length),
    key.endpoints === null ? '' : short.endpoints(key.endpoints.length),
    key.methods === null ? '' : key.methods.join('/'),
    allow === null && deny.length === 0 ? '' : short.addresses((allow?.length ?? 0) + deny.length),
    key.policies.length === 0 ? '' : short.policies(key.policies.length),
    key.subject === null ? '' : short.subject(key.subject),
  ]
    .filter((each) => each !== '')
    .join(', ')
}
