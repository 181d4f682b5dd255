/**
 * Addresses that no upstream may have, whatever an endpoint or a resolver says. Loopback and private networks stay allowed,
 * because that is where on-premises services are; what is left out answers to no service of anybody's, or gives away the
 * machine: cloud metadata hands out its credentials to whoever can make it ask. Promises: an IPv4 address that comes inside
 * of IPv6 is judged as itself; what is no address is denied.
 */
import { isIP } from 'node:net'
import { compileNetworks } from './networks.ts'

/** Why an upstream may not be there. Each row with its source. */
const denied: readonly { readonly what: string; readonly networks: readonly string[] }[] = [
  { what: 'the unspecified address', networks: ['0.0.0.0/8', '::'] }, // RFC 1122 §3.2.1.3, RFC 4291 §2.5.2
  {
    what: 'a cloud metadata address',
    networks: [
      '169.254.169.254', // AWS, Azure, Google, Oracle and most others
      '169.254.170.2', // AWS: credentials of ECS tasks
      '169.254.170.23', // AWS: EKS Pod Identity
      'fd00:ec2::254', // AWS: instance metadata over IPv6
      'fd00:ec2::23', // AWS: EKS Pod Identity over IPv6
      'fd20:ce::254', // Google: metadata server over IPv6
      '168.63.129.16', // Azure: the host of the machine (WireServer)
      '100.100.100.200', // Alibaba Cloud
      '192.0.0.192', // Oracle Cloud, classic
      '169.254.42.42', // Scaleway
      'fd00:42::42', // Scaleway over IPv6
    ],
  },
  { what: 'a link-local address', networks: ['169.254.0.0/16', 'fe80::/10'] }, // RFC 3927 §2.1, RFC 4291 §2.5.6
  { what: 'a multicast address', networks: ['224.0.0.0/4', 'ff00::/8'] }, // RFC 5771, RFC 4291 §2.7
  { what: 'the broadcast address', networks: ['255.255.255.255'] }, // RFC 919 §7
]

const lists = denied.map(({ what, networks }) => ({ what, list: compileNetworks(networks) }))

/**
 * What a denied address is, in words, or `null` when a service may be there. `address`: as a socket or a resolver gives it,
 * perhaps with a zone.
 */
export const deniedUpstream = (address: string): string | null => {
  const [bare = ''] = address.split('%')
  const version = isIP(bare)
  if (version === 0) return 'no address'
  const judged = version === 6 ? (embeddedIPv4(bare) ?? bare) : bare
  return lists.find(({ list }) => list.has(judged))?.what ?? null
}

/** What an upstream's host may not be, where it is an address. `host`: as `URL.hostname` gives it. Names are `null`. */
export const deniedLiteral = (host: string): string | null => {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host
  return isIP(bare) === 0 ? null : deniedUpstream(bare)
}

/**
 * The IPv4 address that a network makes of an IPv6 one: mapped and compatible (RFC 4291 §2.5.5), translated (RFC 6052 §2.1,
 * RFC 2765 §2.1), 6to4 (RFC 3056 §2). `::` and `::1` are themselves.
 */
const embeddedIPv4 = (address: string): string | null => {
  const groups = groupsOf(address)
  const dotted = (high: number, low: number): string => [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
  const [, , , , , , high = 0, low = 0] = groups
  const head = groups
    .slice(0, 6)
    .map((group) => group.toString(16))
    .join(':')
  switch (head) {
    case '0:0:0:0:0:ffff':
    case '0:0:0:0:ffff:0':
    case '64:ff9b:0:0:0:0':
      return dotted(high, low)
    case '0:0:0:0:0:0':
      return high === 0 && low <= 1 ? null : dotted(high, low)
    default:
      return groups[0] === 0x2002 ? dotted(groups[1] ?? 0, groups[2] ?? 0) : null
  }
}

/** The eight groups of an address that `isIP` has taken; URL writes one canonical form of every spelling. */
const groupsOf = (address: string): number[] => {
  const text = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = '', tail] = text.split('::')
  const read = (part: string | undefined): number[] =>
    part === undefined || part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
  const [before, after] = [read(head), read(tail)]
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after]
}
