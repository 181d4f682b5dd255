/** A full disk: what is asked for is refused, what has happened is written from the reserve, and every stage is said once. */
import assert from 'node:assert/strict'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openReserve, type Reserve, type TrailAlarm } from '../../../daemon/src/audit/reserve.ts'
import { temporaryDir } from '../../support/start-postern.ts'

const step = 1_000
const size = 5_000

const failing = (code: string): (() => Promise<void>) => {
  return () => Promise.reject(Object.assign(new Error(code), { code }))
}

describe('the reserve of the trail', () => {
  let dir: string
  let freeBytes: number
  const said: string[] = []
  const texts: string[] = []
  /** A disk that takes an append once the reserve holds no more than this. */
  let fullAbove: number
  const held = async (): Promise<number> => (await stat(join(dir, 'reserve'))).size
  const write = async (): Promise<void> => {
    if ((await held()) > fullAbove) await failing('ENOSPC')()
  }
  const open = (): Promise<Reserve> =>
    openReserve({
      path: join(dir, 'reserve'),
      bytes: size,
      stepBytes: step,
      freeBytesOf: async () => freeBytes,
      onAlarm: (text: string, kind: TrailAlarm) => {
        said.push(kind)
        texts.push(text)
      },
      onAlarmEnd: (_text, kind) => void said.push(`end of ${kind}`),
    })

  beforeEach(async () => {
    dir = await temporaryDir()
    freeBytes = Infinity
    fullAbove = Infinity
    said.length = texts.length = 0
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  it('on a disk with room nothing is said and nothing is given up', async () => {
    const reserve = await open()
    await reserve.spare(write)
    await reserve.spend(100, write)
    await reserve.assertRoom()
    assert.deepEqual([said, await held(), reserve.usedUp], [[], size, false])
  })

  it('what has happened is written after as many steps as it needs, and the alarm is raised once', async () => {
    const reserve = await open()
    freeBytes = 0
    fullAbove = size - 2 * (step + 100)
    await reserve.spend(100, write)
    assert.equal(await held(), fullAbove)
    await reserve.spend(100, write)
    fullAbove -= 1
    await reserve.spend(100, write)
    assert.deepEqual([said, reserve.usedUp], [['audit_disk_full'], false])
  })

  it('what is asked for is refused from then on, whatever room there is, until the reserve is whole again', async () => {
    const reserve = await open()
    freeBytes = 0
    fullAbove = 0
    const full = { code: 'store_unavailable', message: /disk of .* is full.*Make room, at least 1 MiB/ }
    await assert.rejects(reserve.spare(write), full)
    assert.equal(await held(), size - step, 'one step, so that the alarm can be kept')
    fullAbove = Infinity
    await assert.rejects(reserve.spare(write), full)
    await assert.rejects(reserve.assertRoom(), full)
    assert.equal(await held(), size - step)
    freeBytes = 2 * step
    await reserve.spare(write)
    assert.deepEqual([said, await held()], [['audit_disk_full', 'end of audit_disk_full'], size])
  })

  it('used up is said, and over with the next write that finds room', async () => {
    const reserve = await open()
    freeBytes = 0
    fullAbove = -1
    for (let time = 0; time < 4; time++) await assert.rejects(reserve.spend(500, write), { code: 'ENOSPC' })
    assert.deepEqual([said, await held(), reserve.usedUp], [['audit_disk_full', 'audit_unwritable'], 0, true])
    fullAbove = 0
    await reserve.spend(500, write)
    assert.equal(reserve.usedUp, false)
    await assert.rejects(reserve.assertRoom(), { code: 'store_unavailable' })
    freeBytes = Infinity
    await reserve.tend()
    assert.deepEqual([said.at(-1), await held()], ['end of audit_disk_full', size])
  })

  it('whoever else eats what is given up, one append costs three steps at most', async () => {
    const reserve = await open()
    fullAbove = -1
    freeBytes = 0
    await assert.rejects(reserve.spend(100, write), { code: 'ENOSPC' })
    assert.equal(await held(), size - 3 * (step + 100))
    assert.deepEqual([said, reserve.usedUp], [['audit_disk_full'], false])
  })

  it('a disk that fails in another way costs no reserve and is no full disk', async () => {
    const reserve = await open()
    for (const code of ['EIO', 'EFBIG', 'EROFS']) {
      await assert.rejects(reserve.spend(100, failing(code)), { code })
      await assert.rejects(reserve.spare(failing(code)), { code: 'store_unavailable', message: /could not be written/ })
    }
    assert.deepEqual([said, await held(), reserve.usedUp], [['audit_unwritable'], size, false], 'told once')
    await reserve.spare(write)
    assert.deepEqual(said, ['audit_unwritable', 'end of audit_unwritable'])
  })

  it('a quota is a full disk too', async () => {
    const reserve = await open()
    await assert.rejects(reserve.spare(failing('EDQUOT')), { code: 'store_unavailable', message: /is full/ })
    assert.deepEqual(said, ['audit_disk_full'])
  })

  it('a reserve that cannot be made is an alarm, keeps nothing from being written, and is made when there is room', async () => {
    freeBytes = size
    fullAbove = Infinity
    const reserve = await open()
    assert.deepEqual(said, ['audit_reserve'])
    assert.match(texts[0] ?? '', /has 0 of the 1 MiB .* too little room/)
    await reserve.spare(async () => undefined)
    await reserve.tend()
    freeBytes = 2 * size
    await reserve.tend()
    assert.deepEqual([said, await held()], [['audit_reserve', 'end of audit_reserve'], size])
  })
})
