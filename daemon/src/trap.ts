/**
 * What happens when somebody presents a honey key: people are told at once, and the caller's network is refused for as long
 * as the key says. Promises: never slows or fails the call itself. Never: blocks a proxy for what its callers do, or this
 * machine.
 */
import { isLoopbackAddress, networkOf } from './access/network.ts'
import type { StoreInUse } from './open-store.ts'
import type { Telling } from './tell.ts'

export interface Sprung {
  readonly keyId: string
  readonly atMs: number
  readonly callerAddress: string
  /** The address is a proxy's. */
  readonly askedByProxy: boolean
}

/** How many blocks may be written in a minute; whoever has more addresses than that is not stopped by blocking them. */
const writesPerMinute = 60

export type Trap = (sprung: Sprung, at: { store: StoreInUse; telling: Telling | undefined }) => void

/** `ownAddresses`: those of this machine, which is never blocked. */
export const createTrap = (ownAddresses: () => readonly string[], onFault: (error: unknown) => void): Trap => {
  let minute = 0
  let writes = 0
  return ({ keyId, atMs, callerAddress: address, askedByProxy }, { store, telling }) => {
    const own = ownAddresses()
    const seconds = store.document().keys[keyId]?.honey?.blockSeconds ?? 0
    const spared = askedByProxy || isLoopbackAddress(address) || own.includes(address) || seconds === 0
    const blocks = spared ? null : blockFor(address, own)
    const isFresh = blocks !== null && !((store.index().blocked.get(blocks) ?? 0) > atMs)
    const blockedUntilMs = blocks === null ? null : atMs + seconds * 1_000
    if (blocks !== null) {
      const thisMinute = Math.floor(atMs / 60_000)
      if (thisMinute !== minute) [minute, writes] = [thisMinute, 0]
      writes += 1
      if (writes <= writesPerMinute) store.block(blocks, keyId).catch(onFault)
    }
    telling?.honeyUsed(keyId, { address, atMs, blockedUntilMs, isFresh }).catch(onFault)
  }
}

/** The network of an address; the address alone where this machine is in the same network. */
const blockFor = (address: string, own: readonly string[]): string => {
  const network = networkOf(address)
  return own.some((each) => networkOf(each) === network) ? address : network
}
