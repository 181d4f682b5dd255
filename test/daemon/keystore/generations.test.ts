/** What the disk does not give back, for now or for good: the rows of the table of corruptions that need a failing disk. */
import assert from 'node:assert/strict'
import { readdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { realDisk, type DiskCalls } from '../../../daemon/src/disk/disk-calls.ts'
import { smallFolder, type Folder } from '../../support/keystore.ts'

const faulty = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code })

describe('generations on a failing disk', () => {
  const folders: Folder[] = []
  /** Documents 1, 2 and 3, as generations 1, 2 and 3. */
  const three = async (options: { disk: DiskCalls }) => {
    const folder = await smallFolder(options)
    folders.push(folder)
    const { keystore } = await folder.create()
    for (const n of [2, 3]) await keystore.write({ n })
    return { folder }
  }
  afterEach(async () => {
    for (const folder of folders.splice(0)) await folder.remove()
  })
  const store = (folder: Folder): string => join(folder.deps.dataDir, 'store')
  const generation = (folder: Folder, gen: number): string =>
    join(store(folder), `${String(gen).padStart(10, '0')}.pks`)

  it('newest generation cannot be read just now (EMFILE, EACCES): nothing opens, and nothing is taken for damaged', async () => {
    for (const code of ['EMFILE', 'ENFILE', 'EACCES', 'ENOMEM']) {
      let failing = false
      const disk: DiskCalls = {
        ...realDisk,
        readFile: (path) =>
          failing && path.endsWith('3.pks') ? Promise.reject(faulty(code)) : realDisk.readFile(path),
      }
      const { folder } = await three({ disk })
      const before = await readdir(store(folder))
      failing = true
      await assert.rejects(folder.open(), { code: 'store_unavailable', message: new RegExp(code) }, code)
      assert.deepEqual(await readdir(store(folder)), before, code)
      failing = false
      assert.deepEqual((await folder.open()).document, { n: 3 }, code)
    }
  })

  it('newest generation EIO: read again, and when the disk has lost it the one before opens with an alarm', async () => {
    let faults = 0
    const disk: DiskCalls = {
      ...realDisk,
      readFile: (path) =>
        path.endsWith('3.pks') && faults-- > 0 ? Promise.reject(faulty('EIO')) : realDisk.readFile(path),
    }
    const { folder } = await three({ disk })
    faults = 1
    assert.deepEqual((await folder.open()).document, { n: 3 })
    assert.equal(folder.alarms.length, 0)
    faults = 2
    assert.deepEqual((await folder.open()).document, { n: 2 })
    assert.equal(folder.alarms[0]?.kind, 'generation_damaged')
  })

  it('newest generation damaged on a disk that cannot be written to: the one before opens, the file stays where it is', async () => {
    let readOnly = false
    const disk: DiskCalls = {
      ...realDisk,
      rename: (from, to) => (readOnly ? Promise.reject(faulty('EROFS')) : realDisk.rename(from, to)),
    }
    const { folder } = await three({ disk })
    await writeFile(generation(folder, 3), 'rubbish')
    readOnly = true
    const opened = await folder.open()
    assert.deepEqual([opened.document, await readFile(generation(folder, 3), 'utf8')], [{ n: 2 }, 'rubbish'])
    assert.match(folder.alarms[0]?.message ?? '', /could not be renamed and stays as/)
    assert.equal(await opened.write({ n: 4 }), 4)
  })

  it('an anchor that cannot be read just now keeps it from opening; a damaged newest one leaves the one before', async () => {
    let failing = false
    const disk: DiskCalls = {
      ...realDisk,
      readFile: (path) =>
        failing && path.includes('anchor-') ? Promise.reject(faulty('EMFILE')) : realDisk.readFile(path),
    }
    const { folder } = await three({ disk })
    failing = true
    await assert.rejects(folder.open(), { code: 'store_unavailable' })
    failing = false
    await writeFile(join(folder.deps.machineDir, 'anchor-0000000003.json'), '{')
    assert.deepEqual((await folder.open()).document, { n: 3 })
    for (const gen of [2, 3]) await unlink(generation(folder, gen))
    await assert.rejects(folder.open(), { code: 'keystore_rolled_back', message: /1 < 2/ })
  })
}).timeout(60_000)
