/** Changes on a disk that fails: two are tried, then none until the disk takes files again. */
import assert from 'node:assert/strict'
import { readdir, rm } from 'node:fs/promises'
import { realDisk, type DiskCalls } from '../../daemon/src/disk/disk-calls.ts'
import { Problem } from '../../daemon/src/problem.ts'
import { createStorageGuard, type StorageGuardOptions } from '../../daemon/src/storage-guard.ts'
import { temporaryDir } from '../support/start-postern.ts'

const mib = 1024 ** 2

describe('storage guard', () => {
  let dir: string
  beforeEach(async () => {
    dir = await temporaryDir()
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const bed = (options: Partial<StorageGuardOptions> = {}) => {
    const heard: string[] = []
    const facts = { nowMs: 0, free: (100 * mib) as number | null, bytes: 1_000, fails: undefined as string | undefined }
    const disk: DiskCalls = {
      ...realDisk,
      open: async (path, flags, mode) => {
        if (facts.fails !== undefined && flags === 'wx')
          throw Object.assign(new Error(facts.fails), { code: facts.fails })
        return realDisk.open(path, flags, mode)
      },
    }
    const guard = createStorageGuard({
      dirs: [dir],
      now: () => facts.nowMs,
      onAlarm: (kind, message) => heard.push(`${kind}: ${message}`),
      onAlarmEnd: (kind) => heard.push(`end of ${kind}`),
      storeBytes: () => facts.bytes,
      freeBytes: async () => facts.free,
      freeBytesMin: 16 * mib,
      isOther: ({ cause }) => cause === undefined,
      disk,
      ...options,
    })
    let tried = 0
    const failing = (code: string): Promise<never> =>
      guard.guard(async () => {
        tried += 1
        throw new Problem('store_unavailable', { cause: Object.assign(new Error(code), { code }) })
      })
    const fine = (): Promise<string> => guard.guard(async () => 'made')
    return { guard, facts, heard, failing, fine, tried: () => tried }
  }

  for (const code of ['EIO', 'ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE'])
    it(`${code}: after two failed changes in a row none is tried, one alarm says why, and it comes back by itself`, async () => {
      const { guard, facts, heard, failing, fine, tried } = bed()
      await assert.rejects(failing(code), { code: 'store_unavailable' })
      assert.equal(guard.refusing, null)
      await assert.rejects(failing(code))
      facts.nowMs = 60_000
      for (let at = 0; at < 3; at++)
        await assert.rejects(failing(code), {
          code: 'store_unavailable',
          message: new RegExp(`^Changes are refused since 1970-01-01T00:00:00.000Z: .*${code}`),
          headers: { 'Retry-After': '10' },
        })
      assert.equal(tried(), 2)
      facts.fails = code
      await guard.probe()
      await assert.rejects(fine(), { code: 'store_unavailable' })
      assert.deepEqual(
        heard.map((each) => each.split(':')[0]),
        ['store_read_only'],
      )
      facts.fails = undefined
      await guard.probe()
      assert.deepEqual([guard.refusing, await fine()], [null, 'made'])
      assert.equal(heard.at(-1), 'end of store_read_only')
      assert.deepEqual(await readdir(dir), [])
    })

  it('one failure between two changes that were made, a refusal of another kind, and an answer are no failing disk', async () => {
    const { guard, failing, fine } = bed()
    for (let at = 0; at < 4; at++) {
      await assert.rejects(failing('EIO'))
      assert.equal(await fine(), 'made')
      await assert.rejects(
        guard.guard(() => Promise.reject(new Problem('name_taken'))),
        { code: 'name_taken' },
      )
      await assert.rejects(guard.guard(() => Promise.reject(new Problem('store_unavailable', { detail: 'fenced' }))))
    }
    assert.equal(guard.refusing, null)
  })

  it('with too little room a change is refused before it is tried, with the figures, and made as soon as there is room', async () => {
    const { guard, facts, heard, fine } = bed()
    facts.free = 16 * mib - 1
    await assert.rejects(fine(), { code: 'store_unavailable', message: /16\.0 MiB free, and a change needs 16\.0 MiB/ })
    facts.free = 20 * mib
    facts.bytes = 7 * mib
    await assert.rejects(fine(), { message: /20\.0 MiB free, and a change needs 21\.0 MiB\. Make room/ })
    assert.equal(guard.refusing?.since, '1970-01-01T00:00:00.000Z')
    facts.free = 21 * mib
    assert.equal(await fine(), 'made')
    assert.deepEqual(
      heard.map((each) => each.split(':')[0]),
      ['store_space_low', 'end of store_space_low'],
    )
    facts.free = null
    assert.equal(await fine(), 'made')
  })

  it('a disk that takes a file but has no room stays read-only until it has', async () => {
    const { guard, facts, failing, fine } = bed()
    await assert.rejects(failing('ENOSPC'))
    await assert.rejects(failing('ENOSPC'))
    facts.free = 0
    await guard.probe()
    await assert.rejects(fine())
    facts.free = 100 * mib
    await guard.probe()
    assert.equal(await fine(), 'made')
  })

  it('what a try could not take away goes with the next one', async () => {
    let stuck = true
    const disk: DiskCalls = {
      ...realDisk,
      unlink: (path) => (stuck && !path.includes('/..') ? Promise.reject(new Error('EIO')) : realDisk.unlink(path)),
    }
    const { guard, failing, fine } = bed({ disk })
    await assert.rejects(failing('EIO'))
    await assert.rejects(failing('EIO'))
    await guard.probe()
    await guard.probe()
    assert.equal((await readdir(dir)).length, 1)
    stuck = false
    await guard.probe()
    assert.deepEqual([await readdir(dir), await fine()], [[], 'made'])
  })
})
