/** What holds the moment it is asked for, before any disk has answered. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { initStore, keystoreDeps } from '../../daemon/src/init-store.ts'
import { issueKey } from '../../daemon/src/keys/key-steps.ts'
import { liftBlock } from '../../daemon/src/keys/block-steps.ts'
import { drawKeyMaterial } from '../../daemon/src/keys/material.ts'
import { holdFolder, type FolderHold } from '../../daemon/src/keystore/folder-hold.ts'
import { openKeystore } from '../../daemon/src/keystore/open.ts'
import { systemActor, useStore, type StoreInUse } from '../../daemon/src/open-store.ts'
import { temporaryDir } from '../support/start-postern.ts'

describe('a store in use', () => {
  let dir: string
  let hold: FolderHold
  let store: StoreInUse
  beforeEach(async () => {
    dir = await temporaryDir()
    const folders = { dataDir: join(dir, 'data'), machineDir: join(dir, 'machine') }
    await initStore(folders, { config: {}, now: Date.now })
    hold = await holdFolder(folders.dataDir, folders.machineDir)
    const keystore = await openKeystore(keystoreDeps(folders, { now: Date.now, onAlarm: () => undefined }), hold)
    store = await useStore(keystore, { ...folders, now: Date.now, zone: 'UTC', onAlarm: () => undefined })
  })
  afterEach(async () => {
    await store.close()
    await hold.release()
    await rm(dir, { recursive: true, force: true })
  })

  it('a block holds before the call that brought it about is answered, and is lifted where it is kept', async () => {
    const trap = issueKey({ name: 'Trap', honey: { block_seconds: 60 } }, drawKeyMaterial())
    const { key } = await store.change(systemActor, trap)
    const written = store.block('203.0.113.7', key.id)
    assert.ok(store.index().blocked.has('203.0.113.7'), 'at once')
    await store.change(systemActor, issueKey({ name: 'Other' }, drawKeyMaterial()))
    await written
    assert.ok(store.index().blocked.has('203.0.113.7'), 'and on the disk')
    await store.change(systemActor, liftBlock('203.0.113.7'))
    assert.equal(store.index().blocked.size, 0)
  })

  it('a key that blocks nobody blocks nobody', async () => {
    const { key } = await store.change(systemActor, issueKey({ name: 'Trap', honey: {} }, drawKeyMaterial()))
    await store.block('203.0.113.7', key.id)
    assert.equal(store.index().blocked.size, 0)
  })
})
