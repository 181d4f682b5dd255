/** Whoever presents a honey key is told of and blocked; a proxy and this machine are not; nobody writes without bound. */
import assert from 'node:assert/strict'
import type { StoreInUse } from '../../daemon/src/open-store.ts'
import type { HoneyCaller } from '../../daemon/src/notices/watch.ts'
import type { Telling } from '../../daemon/src/tell.ts'
import { createTrap, type Sprung } from '../../daemon/src/trap.ts'

describe('trap', () => {
  const rooms = (own: readonly string[] = []) => {
    const told: string[] = []
    const blocked = new Map<string, number>()
    const asked: string[] = []
    const faults: unknown[] = []
    const store = {
      document: () => ({ keys: { k: { honey: { blockSeconds: 60 } }, silent: { honey: { blockSeconds: 0 } } } }),
      index: () => ({ blocked }),
      block: (network: string) => {
        asked.push(network)
        blocked.set(network, 60_000)
        return Promise.reject(new Error('full'))
      },
    } as unknown as StoreInUse
    const telling = {
      honeyUsed: (keyId: string, { address, isFresh, blockedUntilMs }: HoneyCaller) => {
        told.push(`${keyId} ${address}${isFresh ? ' fresh' : ''} ${blockedUntilMs}`)
        return Promise.resolve()
      },
    } as unknown as Telling
    const trap = createTrap(
      () => own,
      (error) => faults.push(error),
    )
    const spring = (more: Partial<Sprung> = {}): void =>
      trap({ keyId: 'k', atMs: 0, callerAddress: '203.0.113.7', askedByProxy: false, ...more }, { store, telling })
    return { told, faults, spring, asked }
  }

  it('tells, and blocks the address the call came from; a block that cannot be written is a fault and no more', async () => {
    const { told, spring, asked, faults } = rooms()
    spring()
    spring()
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(told, ['k 203.0.113.7 fresh 60000', 'k 203.0.113.7 60000'])
    assert.deepEqual([asked.length, faults.length], [2, 2])
  })

  it('never blocks this machine, or a proxy for what its callers do; a key that blocks nobody blocks nobody', () => {
    const { told, spring, asked } = rooms(['203.0.113.9'])
    spring({ callerAddress: '203.0.113.9' })
    spring({ keyId: 'silent' })
    spring({ callerAddress: '127.0.0.1' })
    spring({ callerAddress: '::1' })
    spring({ askedByProxy: true })
    assert.deepEqual([told.length, asked], [5, []])
  })

  it('writes at most sixty blocks a minute, however many addresses there are', () => {
    const { spring, asked } = rooms()
    for (let at = 0; at < 500; at++) spring({ callerAddress: `203.0.113.${at}` })
    assert.equal(asked.length, 60)
    spring({ atMs: 60_000 })
    assert.equal(asked.length, 61)
  })

  it('an IPv6 network is blocked as a whole, but not the one that this machine is in', () => {
    const { spring, asked } = rooms(['fd77::1'])
    spring({ callerAddress: 'fd78::2' })
    spring({ callerAddress: 'fd77::2' })
    assert.deepEqual(asked, ['fd78:0:0:0::/64', 'fd77::2'])
  })
})
