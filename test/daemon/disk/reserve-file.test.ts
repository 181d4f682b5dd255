/** Room that is kept back is really kept, is given back in steps, and is never taken where there is too little of it. */
import assert from 'node:assert/strict'
import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { realDisk, type DiskCalls } from '../../../daemon/src/disk/durable-file.ts'
import { isNoSpace, openReserveFile } from '../../../daemon/src/disk/reserve-file.ts'
import { mountSmallDisk } from '../../support/small-disk.ts'
import { temporaryDir } from '../../support/start-postern.ts'

const mib = 1024 ** 2
const plenty = async (): Promise<number> => Infinity

describe('reserve file', () => {
  let dir: string
  let path: string
  beforeEach(async () => {
    dir = await temporaryDir()
    path = join(dir, 'reserve')
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  it('is allocated whole, for its owner alone, and is taken up again at the next opening', async () => {
    const bytes = 2.5 * mib
    const file = await openReserveFile({ path, bytes, freeBytesOf: plenty })
    assert.equal(file.heldBytes, 0)
    assert.equal(await file.fill(), true)
    const { size, blocks, mode } = await stat(path)
    assert.deepEqual([size, mode & 0o777], [bytes, 0o600])
    assert.ok(blocks * 512 >= bytes, `only ${blocks * 512} bytes are allocated`)
    assert.equal((await openReserveFile({ path, bytes })).heldBytes, bytes)
  })

  it('gives up what is asked for, at most what there is, and is filled up by what is missing', async () => {
    const file = await openReserveFile({ path, bytes: 3 * mib, freeBytesOf: plenty })
    await file.fill()
    await file.giveUp(mib)
    assert.deepEqual([file.heldBytes, (await stat(path)).size], [2 * mib, 2 * mib])
    await file.fill()
    assert.equal((await stat(path)).size, 3 * mib)
    await file.giveUp(9 * mib)
    await file.giveUp(9 * mib)
    assert.deepEqual([file.heldBytes, (await stat(path)).size], [0, 0])
  })

  it('is made only where it leaves as much free as it takes', async () => {
    let freeBytes = 2 * mib - 1
    const file = await openReserveFile({ path, bytes: mib, freeBytesOf: async () => freeBytes })
    assert.equal(await file.fill(), false)
    await assert.rejects(stat(path), { code: 'ENOENT' })
    freeBytes += 1
    assert.equal(await file.fill(), true)
    await file.giveUp(mib / 2)
    freeBytes = mib / 2
    assert.equal(await file.fill(), false, 'what it gave up itself is not room enough to be taken again')
  })

  it('a filling that is cut short leaves what was held before', async () => {
    let failing = false
    const disk: DiskCalls = {
      ...realDisk,
      open: async (...args) => {
        const file = await realDisk.open(...args)
        const { sync } = file
        return Object.assign(file, {
          sync: () =>
            failing ? Promise.reject(Object.assign(new Error('EDQUOT'), { code: 'EDQUOT' })) : sync.call(file),
        })
      },
    }
    const file = await openReserveFile({ path, bytes: 3 * mib, disk, freeBytesOf: plenty })
    await file.fill()
    await file.giveUp(2 * mib)
    failing = true
    await assert.rejects(file.fill(), isNoSpace)
    assert.deepEqual([file.heldBytes, (await stat(path)).size], [mib, mib])
    failing = false
    assert.equal(await file.fill(), true)
  })

  it('what lies in its place and is no file is told of when it is filled, not when it is opened', async () => {
    await mkdir(path)
    const file = await openReserveFile({ path, bytes: mib * 8, freeBytesOf: plenty })
    await assert.rejects(file.fill(), { code: 'EISDIR' })
  })

  it('what it gives up can be written by others on a disk that was full', async function () {
    const disk = await mountSmallDisk(8)
    // Only root may mount a small disk.
    if (disk === undefined) return this.skip()
    try {
      const file = await openReserveFile({ path: join(disk.dir, 'reserve'), bytes: 3 * mib })
      assert.equal(await file.fill(), true)
      await disk.fill()
      const other = join(disk.dir, 'other')
      await assert.rejects(writeFile(other, Buffer.alloc(mib)), isNoSpace)
      await file.giveUp(2 * mib)
      await writeFile(other, Buffer.alloc(mib))
      assert.equal(await file.fill(), false)
      await disk.free()
      assert.equal(await file.fill(), true)
    } finally {
      await disk.remove()
    }
  })
})
