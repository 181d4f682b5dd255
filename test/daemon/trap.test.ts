/** Whoever presents a honey key is told of and blocked; a proxy and this machine are not; nobody writes without bound. */
import assert from 'node:assert/strict'
import type { StoreInUse } from '../../daemon/src/open-store.ts'
import type { Telling } from '../../daemon/src/tell.ts'
import { createTrap, type Sprung } from '../../daemon/src/trap.ts'

describe('trap', () => {
  const rooms = () => {
    const told: string[] = []
    let changes = 0
    const faults: unknown[] = []
    const store = { block: () => ((changes += 1), Promise.reject(new Error('full'))) } as unknown as StoreInUse
    const telling = {
      honeyUsed: (keyId: string, address: string) => (told.push(`${keyId} ${address}`), Promise.resolve()),
    } as unknown as Telling
    const trap = createTrap((error) => faults.push(error))
    const spring = (more: Partial<Sprung> = {}): void =>
      trap({ keyId: 'k', atMs: 0, callerAddress: '203.0.113.7', askedByProxy: false, ...more }, { store, telling })
    return { told, faults, spring, changes: () => changes }
  }

  it('tells, and blocks the address the call came from; a block that cannot be written is a fault and no more', async () => {
    const { told, spring, changes, faults } = rooms()
    spring()
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual([told, changes(), faults.length], [['k 203.0.113.7'], 1, 1])
  })

  it('never blocks this machine, or a proxy for what its callers do', () => {
    const { told, spring, changes } = rooms()
    spring({ callerAddress: '127.0.0.1' })
    spring({ callerAddress: '::1' })
    spring({ askedByProxy: true })
    assert.deepEqual([told.length, changes()], [3, 0])
  })

  it('writes at most sixty blocks a minute, however many addresses there are', () => {
    const { spring, changes } = rooms()
    for (let at = 0; at < 500; at++) spring({ callerAddress: `203.0.113.${at}` })
    assert.equal(changes(), 60)
    spring({ atMs: 60_000 })
    assert.equal(changes(), 61)
  })
})
