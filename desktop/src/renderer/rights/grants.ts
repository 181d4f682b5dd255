/** Ticking what an admin token may do with a key. Pure. */
import { keyRights, type KeyRight } from '@postern/shared'
import type { Grants } from '../keys/key-more.ts'

/** Whoever may do something with a key may see it; whoever may not see it may do nothing. A token with no right is left out. */
export const withRight = (grants: Grants, token: string, right: KeyRight, given: boolean): Grants => {
  const held = grants.find((each) => each.token === token)?.rights ?? []
  const next = keyRights.filter((each) =>
    given
      ? each === 'view' || each === right || held.includes(each)
      : right !== 'view' && each !== right && held.includes(each),
  )
  const others = grants.filter((each) => each.token !== token)
  if (next.length === 0) return others
  const isThere = others.length < grants.length
  return isThere
    ? grants.map((each) => (each.token === token ? { token, rights: next } : each))
    : [...grants, { token, rights: next }]
}
