/** A file under a fresh name, or nothing; and never somebody else's file harmed. */
import assert from 'node:assert/strict'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { realDisk, writeDurably, type DiskCalls } from '../../../daemon/src/disk/durable-file.ts'
import { temporaryDir } from '../../support/start-postern.ts'

const failing = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code })

describe('durable file', () => {
  let dir: string
  let path: string
  beforeEach(async () => {
    dir = await temporaryDir()
    path = join(dir, 'fresh')
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  it('is there whole, alone, and for its owner only', async () => {
    await writeDurably(path, [Buffer.from('one '), Buffer.from('two')])
    assert.equal(await readFile(path, 'utf8'), 'one two')
    assert.deepEqual(await readdir(dir), ['fresh'])
  })

  it('a file that another writer named in the meantime is never replaced or taken away', async () => {
    for (const step of ['before', 'between'] as const) {
      const theirs = (): Promise<void> => writeFile(path, 'of somebody else')
      if (step === 'before') await theirs()
      const disk: DiskCalls = {
        ...realDisk,
        open: async (...args) => {
          if (step === 'between' && args[0].endsWith('.tmp')) await theirs()
          return realDisk.open(...args)
        },
      }
      await assert.rejects(writeDurably(path, Buffer.from('ours'), disk), { code: 'EEXIST' }, step)
      assert.equal(await readFile(path, 'utf8'), 'of somebody else')
      assert.deepEqual(await readdir(dir), ['fresh'])
      await rm(path)
    }
  })

  it('where the file system has no links it is renamed, and a taken name is still refused', async () => {
    for (const code of ['EPERM', 'ENOTSUP', 'ENOSYS']) {
      const disk: DiskCalls = { ...realDisk, link: () => Promise.reject(failing(code)) }
      await writeDurably(path, Buffer.from('ours'), disk)
      await assert.rejects(writeDurably(path, Buffer.from('again'), disk), { code: 'EEXIST' })
      assert.equal(await readFile(path, 'utf8'), 'ours')
      assert.deepEqual(await readdir(dir), ['fresh'])
      await rm(path)
    }
  })

  it('a failure at any step leaves nothing behind', async () => {
    const steps: Record<string, Partial<DiskCalls>> = {
      link: { link: () => Promise.reject(failing('EIO')) },
      'sync of the folder': {
        open: async (name, flags, mode) => {
          if (flags === 'r') throw failing('EIO')
          return realDisk.open(name, flags, mode)
        },
      },
      'sync of the file': {
        open: async (...args) =>
          Object.assign(await realDisk.open(...args), { sync: () => Promise.reject(failing('EIO')) }),
      },
    }
    for (const [step, broken] of Object.entries(steps)) {
      await assert.rejects(writeDurably(path, Buffer.from('x'), { ...realDisk, ...broken }), { code: 'EIO' }, step)
      assert.deepEqual(await readdir(dir), [], step)
    }
  })
})
