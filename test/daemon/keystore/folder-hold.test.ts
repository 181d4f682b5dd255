/** One daemon to a folder. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { holdFolder } from '../../../daemon/src/keystore/folder-hold.ts'
import { smallFolder, type Folder } from '../../support/keystore.ts'

describe('folder hold', () => {
  const folders: Folder[] = []
  const fresh = async (): Promise<Folder> => {
    const folder = await smallFolder()
    folders.push(folder)
    return folder
  }
  afterEach(async () => {
    for (const folder of folders.splice(0)) await folder.remove()
  })

  it('the machine folder may not lie inside the data folder', async () => {
    const folder = await fresh()
    const inside = { ...folder.deps, machineDir: join(folder.deps.dataDir, 'machine') }
    await assert.rejects(holdFolder(inside.dataDir, inside.machineDir), { code: 'settings_invalid' })
  })

  it('a second holder of a folder is told the first one’s pid', async () => {
    const folder = await fresh()
    await folder.create()
    await assert.rejects(holdFolder(folder.deps.dataDir, folder.deps.machineDir), {
      code: 'folder_in_use',
      message: new RegExp(`process ${process.pid}`),
    })
    await folder.release()
    const hold = await holdFolder(folder.deps.dataDir, folder.deps.machineDir)
    await hold.release()
  })

  it('a lock file of a process that is gone is taken over', async () => {
    const folder = await fresh()
    await folder.create()
    await folder.release()
    await writeFile(
      join(folder.deps.machineDir, 'lock'),
      JSON.stringify({ pid: process.pid, bootId: 'other', startTime: '1', nonce: 'x' }),
      { mode: 0o600 },
    )
    await folder.open()
  })
})
