/**
 * Which callers count as one when an address is refused: an IPv4 address by itself, an IPv6 address by its first 64 bits,
 * because whoever has one of them has them all (RFC 6177).
 */

/** `address` as a socket gives it: canonical text, perhaps with a zone. */
export const networkOf = (address: string): string => {
  if (!address.includes(':')) return address
  const [bare = ''] = address.split('%')
  const [head = '', tail] = bare.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  // An IPv4 address at the end stands for two groups.
  const groups = before.length + after.length + (bare.includes('.') ? 1 : 0)
  const gap = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups) }, () => '0')
  return `${[...before, ...gap, ...after].slice(0, 4).join(':')}::/64`
}

/** This machine itself; a proxy on it speaks for many callers. */
export const isLoopbackAddress = (address: string): boolean => address.startsWith('127.') || address === '::1'
