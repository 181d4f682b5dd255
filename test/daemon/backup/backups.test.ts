/** What this machine knows of backups outlives a restart, and is nothing that a restored copy would claim. */
import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openBackups } from '../../../daemon/src/backup/backups.ts'
import { temporaryDir } from '../../support/start-postern.ts'

describe('backups', () => {
  let dir: string
  let nowMs = Date.UTC(2026, 10, 21)
  beforeEach(async () => {
    dir = await temporaryDir()
    await mkdir(join(dir, 'machine'))
    await mkdir(join(dir, 'data', 'store'), { recursive: true })
    await writeFile(join(dir, 'data', 'store', '0000000001.pks'), 'x')
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))
  const open = (storeId = 'store-id') =>
    openBackups({
      dataDir: join(dir, 'data'),
      machineDir: join(dir, 'machine'),
      storeId,
      generation: () => 1,
      now: () => (nowMs += 1_000),
    })

  it('the last one made or told of is remembered, for this store alone', async () => {
    const backups = await open()
    assert.equal(backups.facts().last, null)
    const made = await backups.create({ dir: join(dir, 'backups') })
    assert.deepEqual((await open()).facts().last, { at: made.at, path: made.path, generation: 1 })
    const noted = await backups.note()
    assert.deepEqual((await open()).facts().last, { ...noted, path: null })
    assert.equal((await open('another store')).facts().last, null)
  })

  it('what was remembered before drills and schedules were known still counts', async () => {
    const old = { number: 4, storeId: 'store-id', at: '2026-11-20T08:00:00.000Z', path: '/b/x', generation: 7 }
    await writeFile(join(dir, 'machine', 'backup-0000000000000004.json'), JSON.stringify(old))
    const backups = await open()
    assert.deepEqual(backups.facts().last, { at: old.at, path: '/b/x', generation: 7 })
    assert.equal(backups.facts().madePath, '/b/x')
    await backups.remember({ drillFailed: { at: old.at, path: '/b/x', problem: 'x' } })
    const again = (await open()).facts()
    assert.deepEqual([again.last?.path, again.drillFailed?.problem], ['/b/x', 'x'])
  })

  it('one that failed is not remembered; two at once are made one after the other', async () => {
    const backups = await open()
    await assert.rejects(backups.create({ dir: 'here' }))
    assert.equal(backups.facts().last, null)
    const both = await Promise.all([
      backups.create({ dir: join(dir, 'backups') }),
      backups.create({ dir: join(dir, 'backups') }),
    ])
    assert.notEqual(both[0].path, both[1].path)
  })
})
