/** Only what the schedule made for this store is ever taken away, and never the newest. */
import assert from 'node:assert/strict'
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pruneBackups } from '../../../daemon/src/backup/prune.ts'
import { temporaryDir } from '../../support/start-postern.ts'

const storeId = '12345678-aaaa'

describe('pruning backups', () => {
  let dir: string
  beforeEach(async () => (dir = await temporaryDir()))
  afterEach(() => rm(dir, { recursive: true, force: true }))
  const backup = async (name: string, store = storeId, sums = true): Promise<void> => {
    await mkdir(join(dir, name, 'store'), { recursive: true })
    await writeFile(join(dir, name, 'README-RESTORE.txt'), `a Postern keystore (store ${store}, format 1).`)
    if (sums) await writeFile(join(dir, name, 'SHA256SUMS'), '')
  }
  const scheduled = (day: number, generation = day): string =>
    `postern-12345678-scheduled-202611${String(day).padStart(2, '0')}T020000Z-g${generation}`

  it('keeps the newest N by generation, the one just made whatever its date says', async () => {
    for (const day of [1, 2, 3, 4]) await backup(scheduled(day))
    // The clock was set back: the newest has the oldest date.
    await backup(scheduled(0, 9))
    const gone = await pruneBackups(dir, { storeId, keep: 3, made: scheduled(0, 9) })
    assert.deepEqual(gone.toSorted(), [scheduled(1), scheduled(2)])
    assert.deepEqual((await readdir(dir)).toSorted(), [scheduled(0, 9), scheduled(3), scheduled(4)])
    assert.deepEqual(await pruneBackups(dir, { storeId, keep: 1, made: scheduled(0, 9) }), [scheduled(4), scheduled(3)])
    assert.deepEqual(await readdir(dir), [scheduled(0, 9)])
  })

  it('leaves alone what is not known to be its own', async () => {
    await backup('postern-12345678-20261101T020000Z-g1')
    await backup(scheduled(2), 'another store')
    await backup(scheduled(3), storeId, false)
    await backup('postern-87654321-scheduled-20261101T020000Z-g1')
    await backup(`${scheduled(4)}.old`)
    await mkdir(join(dir, 'elsewhere'))
    await symlink(join(dir, 'elsewhere'), join(dir, scheduled(5)))
    await writeFile(join(dir, scheduled(6)), '')
    await backup(scheduled(9))
    const before = await readdir(dir)
    assert.deepEqual(await pruneBackups(dir, { storeId, keep: 1, made: scheduled(9) }), [])
    assert.deepEqual(await readdir(dir), before)
  })
})
