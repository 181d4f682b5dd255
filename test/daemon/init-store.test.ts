/** A folder that is not there is told for what it is: never made, or lost. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { assertFolder, initStore } from '../../daemon/src/init-store.ts'
import { temporaryDir } from '../support/start-postern.ts'

describe('a folder that is not there', () => {
  it('is absent where nobody has made a keystore, and lost where this machine remembers one', async () => {
    const dir = await temporaryDir()
    const folders = { dataDir: join(dir, 'data'), machineDir: join(dir, 'machine') }
    assert.throws(() => assertFolder(folders), { code: 'keystore_absent', message: /postern init/ })
    await initStore(folders, { config: {}, now: Date.now })
    assertFolder(folders)
    await rm(folders.dataDir, { recursive: true })
    const lost = { code: 'keystore_damaged', message: /Mount its disk, or put a backup in its place/ }
    assert.throws(() => assertFolder(folders), lost)
    await rm(dir, { recursive: true })
  })
})
