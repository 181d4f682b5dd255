/** A backup is whole or not there, never inside what it copies, and never over something else. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFile, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeBackup, type CopyOptions } from '../../../daemon/src/backup/copy-folder.ts'
import { temporaryDir } from '../../support/start-postern.ts'

describe('copying the folder', () => {
  let dir: string
  beforeEach(async () => {
    dir = await temporaryDir()
    for (const name of ['store', 'slots', 'audit']) await mkdir(join(dir, 'data', name), { recursive: true })
    for (const gen of [1, 2, 3]) await writeFile(join(dir, 'data', 'store', `000000000${gen}.pks`), `generation ${gen}`)
    await writeFile(join(dir, 'data', 'slots', 'a.jwe.json'), '{}')
    await writeFile(join(dir, 'data', 'audit', '00000001.jsonl'), '{}\n'.repeat(500_000))
    await writeFile(join(dir, 'data', 'audit', 'reserve'), Buffer.alloc(10_000))
    await writeFile(join(dir, 'data', '.half.tmp'), 'unfinished')
    await mkdir(join(dir, 'machine'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))
  const copy = (more: Partial<CopyOptions> = {}) =>
    makeBackup({
      dataDir: join(dir, 'data'),
      machineDir: join(dir, 'machine'),
      target: { dir: join(dir, 'backups') },
      storeId: '12345678-aaaa',
      generation: 3,
      nowMs: Date.UTC(2026, 10, 21, 8, 30),
      ...more,
    })

  it('holds the newest generations and everything that is not for this run alone, readable by its owner', async () => {
    await symlink('/etc', join(dir, 'data', 'link'))
    const made = await copy()
    assert.equal(made.path, join(dir, 'backups', 'postern-12345678-20261121T083000Z-g3'))
    const names = (await readdir(made.path, { recursive: true })).toSorted()
    const wanted = ['SHA256SUMS', 'audit', 'audit/00000001.jsonl', 'slots', 'slots/a.jwe.json', 'store']
    assert.deepEqual(names, [...wanted, 'store/0000000002.pks', 'store/0000000003.pks'])
    assert.deepEqual([made.files, made.bytes], [4, 1_500_000 + 2 + 2 * 12])
    for (const name of names) assert.equal((await stat(join(made.path, name))).mode & 0o077, 0, name)
    assert.equal(await readFile(join(made.path, 'store', '0000000003.pks'), 'utf8'), 'generation 3')
    assert.deepEqual(await readdir(join(dir, 'backups')), ['postern-12345678-20261121T083000Z-g3'])
  })

  it('a copy that was cut short is taken away by the next one; another backup of the same second is left alone', async () => {
    const left = join(dir, 'backups', '.partial-postern-12345678-x')
    await mkdir(left, { recursive: true })
    await writeFile(join(left, 'x'), '')
    await copy()
    assert.deepEqual(
      (await readdir(join(dir, 'backups'))).filter((name) => name.startsWith('.')),
      [],
    )
    await assert.rejects(copy(), { code: 'conflict' })
    await copy({ nowMs: Date.UTC(2026, 10, 21, 8, 31) })
    assert.equal((await readdir(join(dir, 'backups'))).length, 2)
  })

  it('a target inside the folders, around them, or not a whole path is refused with its field', async () => {
    for (const target of ['backups', join(dir, 'data'), join(dir, 'data', 'x'), join(dir, 'machine', 'x'), dir])
      await assert.rejects(copy({ target: { dir: target } }), { code: 'field_invalid', message: /dir: / }, target)
  })

  it('a target that cannot be written, or a store that is not there, leaves nothing behind', async () => {
    await writeFile(join(dir, 'file'), '')
    const refused = { code: 'field_invalid', message: /dir: .*make it, or mount its disk/ }
    for (const target of [
      { dir: join(dir, 'file') },
      { dir: join(dir, 'no', 'folder') },
      { file: join(dir, 'no', 'x.tar') },
    ])
      await assert.rejects(copy({ target }), refused)
    await assert.rejects(copy({ target: { dir: join(dir, 'x.zip') } }), { code: 'field_invalid', message: /in \.tar/ })
    await rm(join(dir, 'data', 'store'), { recursive: true })
    await assert.rejects(copy(), { code: 'store_unavailable' })
    assert.deepEqual(await readdir(join(dir, 'backups')), [])
  })

  it('a file that grows meanwhile is copied as far as it was', async () => {
    const path = join(dir, 'data', 'audit', '00000001.jsonl')
    const growing = (async () => {
      for (let at = 0; at < 200; at++) await appendFile(path, '{"more":1}\n')
    })()
    const made = await copy()
    await growing
    const copied = await readFile(join(made.path, 'audit', '00000001.jsonl'))
    assert.ok((await readFile(path)).subarray(0, copied.length).equals(copied))
  })

  it('sha256sum agrees with its SHA256SUMS; an archive opens with tar and holds the same', async () => {
    const { path } = await copy()
    execFileSync('sha256sum', ['-c', '--quiet', '--strict', 'SHA256SUMS'], { cwd: path })
    const file = join(dir, 'backups', 'one.tar')
    const made = await copy({ target: { file } })
    assert.deepEqual([made.path, made.files, made.bytes], [file, 4, 1_500_000 + 2 + 2 * 12])
    assert.equal((await stat(file)).mode & 0o077, 0)
    await mkdir(join(dir, 'out'))
    execFileSync('tar', ['-xf', file, '-C', join(dir, 'out')])
    const [root = ''] = await readdir(join(dir, 'out'))
    assert.equal(root, 'postern-12345678-20261121T083000Z-g3')
    execFileSync('diff', ['-r', path, join(dir, 'out', root)])
    execFileSync('sha256sum', ['-c', '--quiet', '--strict', 'SHA256SUMS'], { cwd: join(dir, 'out', root) })
  })

  it('an archive is never written over anything, and one that was stopped leaves nothing', async () => {
    const file = join(dir, 'backups', 'one.tar')
    await mkdir(join(dir, 'backups'))
    await writeFile(file, 'somebody’s')
    await assert.rejects(copy({ target: { file } }), { code: 'conflict' })
    assert.equal(await readFile(file, 'utf8'), 'somebody’s')
    for (const target of [{ file: join(dir, 'backups', 'two.tar') }, { dir: join(dir, 'backups') }]) {
      const stopping = new AbortController()
      const onProgress = (): void => stopping.abort()
      await assert.rejects(copy({ target, gone: stopping.signal, onProgress }), { code: 'request_timeout' })
    }
    assert.deepEqual(await readdir(join(dir, 'backups')), ['one.tar'])
  })

  it('what belongs beside the backups is there before a backup has its name; when it cannot be, there is none', async () => {
    const beside = async (folder: string): Promise<void> => {
      assert.ok((await readdir(folder)).every((name) => name.startsWith('.')))
      await writeFile(join(folder, 'journal'), 'x')
    }
    await copy({ beside })
    assert.ok((await readdir(join(dir, 'backups'))).includes('journal'))
    const failing = { beside: () => Promise.reject(new Error('no')), nowMs: Date.UTC(2026, 10, 21, 9) }
    await assert.rejects(copy(failing), { code: 'store_unavailable' })
    assert.equal((await readdir(join(dir, 'backups'))).length, 2)
  })

  it('the partial copy of another store in the same folder is left alone', async () => {
    const left = join(dir, 'backups', '.partial-postern-87654321-x')
    await mkdir(left, { recursive: true })
    await copy()
    assert.ok((await readdir(join(dir, 'backups'))).includes('.partial-postern-87654321-x'))
  })

  it('the clock makes none in a folder that is not there, as that of a disk that is not mounted', async () => {
    await assert.rejects(copy({ scheduled: true }), { code: 'field_invalid', message: /mount its disk/ })
    await assert.rejects(stat(join(dir, 'backups')), { code: 'ENOENT' })
  })
})
