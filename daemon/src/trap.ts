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

export const createTrap = (onFault: (error: unknown) => void): Trap => {
  let minute = 0
  let writes = 0
  return ({ keyId, atMs, callerAddress, askedByProxy }, { store, telling }) => {
    telling?.honeyUsed(keyId, callerAddress, atMs).catch(onFault)
    if (askedByProxy || isLoopbackAddress(callerAddress)) return
    const thisMinute = Math.floor(atMs / 60_000)
    if (thisMinute !== minute) [minute, writes] = [thisMinute, 0]
    writes += 1
    if (writes <= writesPerMinute) store.block(networkOf(callerAddress), keyId).catch(onFault)
  }
}
