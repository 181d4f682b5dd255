/**
 * From where a call comes. Promises: the socket's own word, unless a proxy that was named in the settings is at the other
 * end; then `X-Forwarded-For`, read from the right, up to the first address that is no such proxy. What stands left of it
 * anybody could have written, so it is not looked at and goes no further.
 */
import { isIP, isIPv4 } from 'node:net'

export interface Origin {
  /** Of the caller; `null`: a trusted proxy does not say. */
  readonly address: string | null
  /** Of whoever is at the other end of the socket. */
  readonly peer: string
  /** What an upstream is told: the caller and, after it, the proxies whose word was taken. */
  readonly forwardedFor: string
  /** A trusted proxy is at the other end. */
  readonly proxied: boolean
}

/** Whether a proxy that asks about somebody else's call has said whose, and its word is taken. */
export const knowsCaller = ({ proxied, address }: Origin): boolean => proxied && address !== null

/** Which addresses are proxies whose word is taken. */
export type IsProxy = (address: string) => boolean

const mapped = /^::ffff:(?=\d+\.)/i

/** IPv4 as IPv4, whichever way a socket of both families writes it. */
export const plainAddress = (address: string): string => address.replace(mapped, '')

/** A whole entry: an address, or what some proxies write, an IPv4 address or a bracketed IPv6 address with a port. */
const readEntry = (entry: string): string | null => {
  const bare = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(entry)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(entry)?.[1] ?? entry
  if (isIP(bare) === 0 || bare.includes('%')) return null
  const plain = plainAddress(bare.toLowerCase())
  return isIPv4(plain) || plain.includes(':') ? plain : null
}

/** `lines`: the values of the `X-Forwarded-For` headers, in their order. A sentence: a proxy's own word cannot be read. */
export const readOrigin = (socketAddress: string, lines: readonly string[], isProxy: IsProxy): Origin | string => {
  const peer = plainAddress(socketAddress)
  if (!isProxy(peer)) return { address: peer, peer, forwardedFor: peer, proxied: false }
  const entries = lines
    .join(',')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  const taken: string[] = [peer]
  for (const entry of entries.toReversed()) {
    const address = readEntry(entry)
    if (address === null) return 'X-Forwarded-For holds something that is no address'
    taken.unshift(address)
    if (!isProxy(address)) return { address, peer, forwardedFor: taken.join(', '), proxied: true }
  }
  // Nobody but proxies: the one furthest away called by itself, or does not say for whom.
  return {
    address: entries.length === 0 ? null : (taken[0] ?? null),
    peer,
    forwardedFor: taken.join(', '),
    proxied: true,
  }
}
