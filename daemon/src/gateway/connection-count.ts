/**
 * How many connections each caller holds open. Promises: nobody holds more than its share, whatever is said on them; a
 * connection is counted from its first packet to its end. Never: holds a name for an address that has none open.
 */
import type { Socket } from 'node:net'
import { networkOf } from '../access/network.ts'

export interface ConnectionCount {
  /** Whether there is room for one more from there. If so it is counted until the socket closes. */
  admits(socket: Socket): boolean
}

/**
 * `isExempt`: speaks for many callers, such as a proxy that the settings name. An IPv6 network of 64 bits counts as one
 * address, because whoever has one of its addresses has them all.
 */
export const countConnections = (perAddressMax: number, isExempt: (address: string) => boolean): ConnectionCount => {
  const open = new Map<string, number>()
  return {
    admits(socket) {
      const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
      if (isExempt(address)) return true
      const network = networkOf(address)
      const count = open.get(network) ?? 0
      if (count >= perAddressMax) return false
      open.set(network, count + 1)
      socket.once('close', () => {
        const left = (open.get(network) ?? 1) - 1
        if (left === 0) open.delete(network)
        else open.set(network, left)
      })
      return true
    },
  }
}
