/** A backup is good or its damage is named, whatever was done to it; nothing in it is believed without its hash. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { Secret } from '../../daemon/src/problem.ts'
import { proveBackup } from '../../daemon/src/prove-backup.ts'
import { previewRestore, restoreStore } from '../../daemon/src/restore-store.ts'
import { startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

describe('proving a backup', () => {
  let test: TestPostern
  let dir: string
  let good: string
  let archive: string
  before(async function () {
    this.timeout(60_000)
    test = await startTestPostern()
    dir = await temporaryDir()
    await test.admin.call('keys.create', { body: { name: 'Robot' } })
    good = (await test.admin.call('backups.create', { body: { dir: join(dir, 'b') } })).path
    archive = (await test.admin.call('backups.create', { body: { file: join(dir, 'one.tar') } })).path
  })
  after(async () => {
    await test.stop()
    await rm(dir, { recursive: true, force: true })
  })
  const key = () => ({ code: new Secret(test.recoveryCode) })
  const spoilt = async (spoil: (folder: string) => Promise<unknown>): Promise<string> => {
    const folder = join(dir, `spoilt-${Math.random().toString(36).slice(2)}`)
    await cp(good, folder, { recursive: true })
    await spoil(folder)
    return folder
  }
  const newest = async (folder: string): Promise<string> =>
    join(folder, 'store', (await readdir(join(folder, 'store'))).toSorted().at(-1) ?? '')

  it('folder and archive are good, by the code, by the machine key, and by hashes alone', async () => {
    for (const path of [good, archive])
      for (const each of [key(), test.settings, null]) {
        const { report } = await proveBackup(path, { key: each })
        assert.deepEqual([report.ok, report.faults, report.records?.keys], [true, [], each === null ? undefined : 1])
      }
  })

  it('any one byte that was changed is found by hashes alone, in a folder and in an archive', async () => {
    const files = (await readdir(good, { recursive: true, withFileTypes: true })).filter((each) => each.isFile())
    for (const { name, parentPath } of files) {
      const inside = join(parentPath, name).slice(good.length + 1)
      const folder = await spoilt(async (copy) => {
        const bytes = await readFile(join(copy, inside))
        const at = Math.floor(bytes.length / 2)
        bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
        await writeFile(join(copy, inside), bytes)
      })
      assert.equal((await proveBackup(folder, { key: null })).report.ok, false, inside)
      await rm(folder, { recursive: true })
    }
    const whole = await readFile(archive)
    const file = join(dir, 'spoilt.tar')
    const isGood = async (bytes: Buffer): Promise<boolean> => {
      await writeFile(file, bytes)
      return (await proveBackup(file, { key: null })).report.ok
    }
    const place = fc.integer({ min: 0, max: whole.length - 1 })
    const first = (await proveBackup(archive, { key: null })).report
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, bits) => {
        const bytes = Buffer.from(whole)
        bytes.writeUInt8(bytes.readUInt8(at) ^ bits, at)
        await writeFile(file, bytes)
        const { report } = await proveBackup(file, { key: null })
        // Padding and dates of headers mean nothing; what means something is never wrong and good.
        if (report.ok) assert.deepEqual({ ...report, path: '' }, { ...first, path: '' })
      }),
      { numRuns: 60 },
    )
    await fc.assert(
      fc.asyncProperty(place, async (length) => assert.equal(await isGood(whole.subarray(0, length)), false)),
      { numRuns: 60 },
    )
  })

  for (const [what, spoil, fault] of [
    ['a file that is missing', (at: string) => rm(join(at, 'README-RESTORE.txt')), /README-RESTORE.txt.*not there/],
    ['a file that was added', (at: string) => writeFile(join(at, 'store', 'x'), ''), /store.x.*does not name it/],
    ['sums that are cut', (at: string) => writeFile(join(at, 'SHA256SUMS'), 'ab'), /SHA256SUMS.*cut/],
    ['no generation', (at: string) => rm(join(at, 'store'), { recursive: true }), /no generation/],
  ] as const)
    it(`says: ${what}`, async () => {
      const { report } = await proveBackup(await spoilt(spoil), { key: null })
      assert.match(report.faults.map(({ file, problem }) => `${file ?? ''} ${problem}`).join('\n'), fault)
    })

  it('a plain copy without SHA256SUMS: the newest generation damaged is named, and the one before is opened', async () => {
    const folder = await spoilt(async (copy) => {
      await rm(join(copy, 'SHA256SUMS'))
      await writeFile(await newest(copy), 'NUL')
    })
    const { report, opened } = await proveBackup(folder, { key: key() })
    assert.equal(report.ok, false)
    assert.ok(opened !== null && report.listed === null && report.generation === opened.generation)
  })

  it('recovery slots of which no good copy is left are a fault: the kit would not open it', async () => {
    const folder = await spoilt(async (copy) => {
      await rm(join(copy, 'SHA256SUMS'))
      const slots = await readdir(join(copy, 'slots'))
      for (const name of slots)
        for (const room of ['slots', 'slots2'])
          if (!name.startsWith((await machineSlot()) ?? '-')) await rm(join(copy, room, name))
    })
    const { report } = await proveBackup(folder, { key: test.settings })
    assert.match(report.faults[0]?.problem ?? '', /no good copy of this recovery slot/)
  })
  const machineSlot = async (): Promise<string | undefined> =>
    (await test.admin.call('slots.list')).data.find(({ this_machine }) => this_machine)?.id

  it('an archive with links, or names that lead out of it, is no backup', async () => {
    for (const [name, make] of [
      ['link.tar', (at: string) => symlink('/etc/passwd', join(at, 'store', '0000000099.pks'))],
    ] as const) {
      const folder = await spoilt(make)
      execFileSync('tar', ['-cf', join(dir, name), '-C', folder, '.'])
      assert.match(
        (await proveBackup(join(dir, name), { key: null })).report.faults[0]?.problem ?? '',
        /no backup holds/,
      )
    }
    const out = join(dir, 'out.tar')
    execFileSync('tar', ['-cf', out, '-P', '--transform', 's|^./README.*|a/../../x|', '-C', good, '.'])
    assert.match((await proveBackup(out, { key: null })).report.faults[0]?.problem ?? '', /no backup holds/)
  })

  it('a restore that was cut short is taken away by the next one; the hashes of the copy do not come along', async () => {
    const folders = { dataDir: join(dir, 'new', 'data'), machineDir: join(dir, 'new', 'machine') }
    const left = join(dir, 'new', '.data.restoring-0123456789ab')
    await mkdir(left, { recursive: true })
    await mkdir(join(dir, 'new', '.data.restoring-mine'))
    const { report } = await previewRestore(folders, good)
    await assert.rejects(restoreStore(folders, good, { shown: { ...report, files: 1 }, nowMs: 0 }), {
      code: 'precondition_failed',
    })
    assert.deepEqual(await readdir(join(dir, 'new', 'data')).catch(() => []), [])
    const ours = `postern-${report.store_id?.slice(0, 8)}-revocations-`
    for (const name of [`${ours}0000000002.jsonl`, `${ours}0000000010.jsonl`, 'postern-00000000-revocations-99.jsonl'])
      await writeFile(join(dir, 'b', name), `${name}\n`)
    await restoreStore(folders, good, { shown: report, nowMs: 0 })
    const taken = (await readdir(join(folders.dataDir, 'revocations'))).filter((name) => name.startsWith('postern-'))
    assert.deepEqual(taken, [`${ours}0000000010.jsonl`])
    assert.deepEqual((await readdir(join(dir, 'new'))).toSorted(), ['.data.restoring-mine', 'data', 'machine'])
    assert.ok(!(await readdir(folders.dataDir)).includes('SHA256SUMS'))
    await assert.rejects(previewRestore(folders, good), { code: 'keystore_exists' })
  })
})
