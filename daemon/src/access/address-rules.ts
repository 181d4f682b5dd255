/**
 * May calls come from here? Promises: an address that is not known is nowhere, so where a list says from where calls may
 * come it is refused; what is denied is refused whatever is allowed.
 */
import { compileNetworks } from '../addresses/networks.ts'

export interface AddressAccess {
  /** As they were set, for people. `null`: from anywhere. */
  readonly allow: readonly string[] | null
  readonly deny: readonly string[]
  /** `address`: as the socket or a trusted proxy gives it; `null`: not known. */
  admits(address: string | null): boolean
  /** Whether it is the deny list that refuses. */
  denies(address: string): boolean
}

const anywhere: AddressAccess = { allow: null, deny: [], admits: () => true, denies: () => false }

/** Throws a RangeError for what is no list of networks. */
export const compileAddresses = ({ allow, deny }: Pick<AddressAccess, 'allow' | 'deny'>): AddressAccess => {
  if (allow === null && deny.length === 0) return anywhere
  const allowed = allow === null ? null : compileNetworks(allow)
  const denied = compileNetworks(deny)
  return {
    allow,
    deny,
    admits: (address) => address !== null && !denied.has(address) && (allowed === null || allowed.has(address)),
    denies: (address) => denied.has(address),
  }
}
