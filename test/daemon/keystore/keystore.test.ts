/** A write is there or it is not, in memory and on disk alike. */
import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { realDisk, type DiskCalls } from '../../../daemon/src/disk/durable-file.ts'
import { smallFolder, type Folder } from '../../support/keystore.ts'

describe('keystore', () => {
  const folders: Folder[] = []
  const fresh = async (options: { disk?: DiskCalls } = {}): Promise<Folder> => {
    const folder = await smallFolder(options)
    folders.push(folder)
    return folder
  }
  afterEach(async () => {
    for (const folder of folders.splice(0)) await folder.remove()
  })
  const store = (folder: Folder): string => join(folder.deps.dataDir, 'store')

  it('what was written is there after opening again, under a fresh name each time', async () => {
    const folder = await fresh()
    const { keystore } = await folder.create()
    assert.equal(keystore.generation, 1)
    assert.equal(await keystore.write({ n: 2 }), 2)
    assert.equal(await keystore.write({ n: 3 }), 3)
    const opened = await folder.open()
    assert.deepEqual([opened.document, opened.generation, opened.storeId], [{ n: 3 }, 3, keystore.storeId])
    assert.deepEqual(await readdir(store(folder)), ['0000000001.pks', '0000000002.pks', '0000000003.pks'])
    assert.deepEqual(folder.alarms, [])
  })

  it('a failed write changes nothing in memory or on disk, and the next one succeeds', async () => {
    for (const step of ['open', 'link', 'sync', 'short', 'anchor'] as const) {
      let fail = false
      const disk: DiskCalls = {
        ...realDisk,
        open: async (path, flags, mode) => {
          if (fail && step === 'open') throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' })
          if (fail && step === 'anchor' && path.includes('anchor-'))
            throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
          const file = await realDisk.open(path, flags, mode)
          if (fail && step === 'sync') file.sync = () => Promise.reject(new Error('EIO'))
          if (fail && step === 'short')
            file.write = (() => Promise.resolve({ bytesWritten: 0, buffer: Buffer.alloc(0) })) as never
          return file
        },
        link: async (from, to) => {
          if (fail && step === 'link') throw Object.assign(new Error('EIO'), { code: 'EIO' })
          await realDisk.link(from, to)
        },
      }
      const folder = await fresh({ disk })
      const { keystore } = await folder.create()
      fail = true
      await assert.rejects(keystore.write({ n: 2 }), { code: 'store_unavailable' }, step)
      assert.deepEqual([keystore.document, keystore.generation], [{ n: 1 }, 1], step)
      fail = false
      assert.deepEqual(
        (await readdir(store(folder))).filter((name) => name.endsWith('.pks')),
        ['0000000001.pks'],
        step,
      )
      assert.equal(await keystore.write({ n: 3 }), 3, step)
      assert.deepEqual((await folder.open()).document, { n: 3 }, step)
    }
  })

  it('a short write is finished, not believed', async () => {
    const disk: DiskCalls = {
      ...realDisk,
      open: async (path, flags, mode) => {
        const file = await realDisk.open(path, flags, mode)
        const write = file.write.bind(file) as (
          bytes: Buffer,
          at: number,
          length: number,
          position: number | null,
        ) => Promise<{ bytesWritten: number; buffer: Buffer }>
        file.write = ((bytes: Buffer, at: number, length: number, position: number | null) =>
          write(bytes, at, Math.min(length, 100), position)) as never
        return file
      },
    }
    const folder = await fresh({ disk })
    const { keystore } = await folder.create()
    await keystore.write({ n: 2, filler: 'y'.repeat(5_000) })
    assert.equal((await folder.open()).document.filler?.length, 5_000)
  })

  it('another writer is noticed before anything is written, and this one stops for good', async () => {
    const folder = await fresh()
    const { keystore } = await folder.create()
    await writeFile(join(store(folder), '0000000002.pks'), 'of somebody else')
    await assert.rejects(keystore.write({ n: 2 }), { code: 'store_unavailable', message: /Another program/ })
    await assert.rejects(keystore.write({ n: 3 }), { code: 'store_unavailable' })
    assert.equal(await readFile(join(store(folder), '0000000002.pks'), 'utf8'), 'of somebody else')
    assert.equal(folder.alarms.at(-1)?.kind, 'fenced')
  })

  it('another writer’s generation that comes in between is neither replaced nor taken away', async () => {
    let theirs = false
    const disk: DiskCalls = {
      ...realDisk,
      link: async (from, to) => {
        if (theirs) await writeFile(to, 'of somebody else')
        await realDisk.link(from, to)
      },
    }
    const folder = await fresh({ disk })
    const { keystore } = await folder.create()
    theirs = true
    await assert.rejects(keystore.write({ n: 2 }), { code: 'store_unavailable' })
    assert.equal(await readFile(join(store(folder), '0000000002.pks'), 'utf8'), 'of somebody else')
    await assert.rejects(keystore.write({ n: 3 }), { code: 'store_unavailable', message: /Another program/ })
    assert.deepEqual([keystore.document, folder.alarms.at(-1)?.kind], [{ n: 1 }, 'fenced'])
  })

  it('a refused generation that the disk would not take away is overtaken by the next one', async () => {
    let fail = false
    const disk: DiskCalls = {
      ...realDisk,
      open: (path, ...rest) =>
        fail && path.includes('anchor-') ? Promise.reject(new Error('ENOSPC')) : realDisk.open(path, ...rest),
      unlink: (path) => (fail && path.endsWith('.pks') ? Promise.reject(new Error('EIO')) : realDisk.unlink(path)),
    }
    const folder = await fresh({ disk })
    const { keystore } = await folder.create()
    fail = true
    await assert.rejects(keystore.write({ n: 2 }), { code: 'store_unavailable' })
    fail = false
    assert.equal(await keystore.write({ n: 3 }), 3)
    assert.deepEqual((await folder.open()).document, { n: 3 })
  })

  it('what was sealed for one purpose or record opens for no other', async () => {
    const folder = await fresh()
    const { keystore } = await folder.create()
    const sealed = keystore.sealer('a').seal(Buffer.from('secret'), 'key1/secret/1')
    assert.equal(keystore.sealer('a').open(sealed, 'key1/secret/1').toString(), 'secret')
    assert.throws(() => keystore.sealer('a').open(sealed, 'key2/secret/1'))
    assert.throws(() => keystore.sealer('b').open(sealed, 'key1/secret/1'))
    assert.throws(() => keystore.sealer('a').open(sealed.slice(0, -4), 'key1/secret/1'))
    assert.throws(() => keystore.sealer('a').open(`v2${sealed.slice(2)}`, 'key1/secret/1'))
    assert.throws(() => keystore.sealer('a').open('v1.AAAA', 'key1/secret/1'))
  })
})
