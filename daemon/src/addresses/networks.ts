/**
 * Lists of addresses and networks, IPv4 and IPv6. Promises: only what means one thing is read: no octal, no short form, no
 * host bits past the prefix, no zone; an IPv4 address that comes mapped into IPv6 is the IPv4 address. Judged by Node's own
 * `net.isIP` and `net.BlockList` alone, because lenient readers (`010.8.8.8` as `8.8.8.8`) are how such lists are got round.
 */
import { BlockList, isIP, isIPv4 } from 'node:net'

/** The bytes of an address that `isIP` has taken. */
const bytesOf = (address: string): number[] => {
  if (isIPv4(address)) return address.split('.').map(Number)
  const [head = '', tail] = address.split('::')
  const groups = (text: string): number[] =>
    text === ''
      ? []
      : text.split(':').flatMap((group) => {
          if (group.includes('.')) return group.split('.').map(Number)
          const value = Number.parseInt(group, 16)
          return [value >> 8, value & 0xff]
        })
  const [before, after] = [groups(head), groups(tail ?? '')]
  return [...before, ...Array.from({ length: 16 - before.length - after.length }, () => 0), ...after]
}

/** RFC 5952 §4, for addresses that stand as networks: lower case, the longest run of zeros left out. */
const canonical6 = (bytes: readonly number[]): string => {
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0))
  let [start, length] = [0, 0]
  for (let at = 0; at < 8; at++) {
    let end = at
    while (end < 8 && groups[end] === 0) end++
    if (end - at > length) [start, length] = [at, end - at]
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':')
  if (length < 2) return text(groups)
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`
}

const isMapped = (bytes: readonly number[]): boolean =>
  bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff

export interface Network {
  /** As it is kept and shown: `203.0.113.7`, `10.0.0.0/8`, `2001:db8::/32`. A whole address has no prefix. */
  readonly text: string
  readonly address: string
  readonly prefix: number
  readonly family: 'ipv4' | 'ipv6'
}

/** Reads an address or a network in CIDR form (RFC 4632 §3.1, RFC 4291 §2.3). A sentence says what is wrong and the fix. */
export const parseNetwork = (input: string): Network | string => {
  const [given = '', length, ...more] = input.trim().split('/')
  const said = `"${input.trim()}"`
  if (given.includes('%')) return `${said} names a zone, which means something on one machine only; leave it out`
  const version = isIP(given)
  if (version === 0 || more.length > 0)
    return `${said} is no address or network; write four numbers without leading zeros (203.0.113.0/24) or IPv6 (2001:db8::/32)`
  const bytes = bytesOf(given)
  if (isMapped(bytes)) return `${said} is an IPv4 address in IPv6 form; write it as IPv4, ${bytes.slice(12).join('.')}`
  if (version === 6 && given.includes('.'))
    return `${said} ends in an IPv4 address; write that alone, or all of it in hexadecimal`
  const bits = version === 4 ? 32 : 128
  const prefix = length === undefined ? bits : Number(length)
  if (length !== undefined && (!/^(?:0|[1-9]\d{0,2})$/.test(length) || prefix > bits))
    return `${said} has no prefix length from 0 to ${bits} after the slash`
  const masked = bytes.map((byte, at) => byte & (0xff << Math.min(8, Math.max(0, 8 * (at + 1) - prefix))) & 0xff)
  const text = (from: readonly number[]): string => (version === 4 ? from.join('.') : canonical6(from))
  if (masked.some((byte, at) => byte !== bytes[at]))
    return `${said} has bits set past its prefix; for the network write ${text(masked)}/${prefix}, for the one address ${text(bytes)}`
  const address = text(bytes)
  return {
    text: prefix === bits ? address : `${address}/${prefix}`,
    address,
    prefix,
    family: version === 4 ? 'ipv4' : 'ipv6',
  }
}

/** A list that addresses can be looked up in. Never throws: what is no address is not in it. */
export interface NetworkList {
  has(address: string): boolean
}

/** `texts`: networks as `parseNetwork` gives them. Throws a RangeError for anything else: that is damage, not input. */
export const compileNetworks = (texts: readonly string[]): NetworkList => {
  // Most lists are empty, and are asked for each call: a list of Node's own makes an object for each question.
  if (texts.length === 0) return { has: () => false }
  const list = new BlockList()
  for (const text of texts) {
    const network = parseNetwork(text)
    if (typeof network === 'string') throw new RangeError('not a list of networks')
    list.addSubnet(network.address, network.prefix, network.family)
  }
  return {
    has: (address) => {
      const version = isIP(address)
      return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6')
    },
  }
}
