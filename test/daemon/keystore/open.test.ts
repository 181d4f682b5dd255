/** The ways to a keystore: nothing that looks like a lost store is taken for a new one, and nothing is written before a slot opens. */
import assert from 'node:assert/strict'
import { chmod, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { smallFolder, type Folder } from '../../support/keystore.ts'

describe('opening a keystore', () => {
  const folders: Folder[] = []
  const fresh = async (): Promise<Folder> => {
    const folder = await smallFolder()
    folders.push(folder)
    return folder
  }
  afterEach(async () => {
    for (const folder of folders.splice(0)) await folder.remove()
  })
  const store = (folder: Folder): string => join(folder.deps.dataDir, 'store')
  const newest = async (folder: Folder): Promise<string> =>
    join(
      store(folder),
      (await readdir(store(folder)))
        .filter((name) => name.endsWith('.pks'))
        .toSorted()
        .at(-1) ?? '',
    )

  it('a folder that was never made is absent; making it twice is refused', async () => {
    const folder = await fresh()
    await assert.rejects(folder.open(), { code: 'keystore_absent' })
    await folder.create()
    await assert.rejects(folder.create(), { code: 'keystore_exists' })
  })

  it('a copy opens elsewhere with the recovery code and not without; the old machine has no slot in it any more', async () => {
    const folder = await fresh()
    const { keystore, recoveryKit } = await folder.create()
    await keystore.write({ n: 7 })
    const copy = await folder.copyData()
    folders.push(copy)
    await assert.rejects(copy.open(), { code: 'keystore_locked' })
    const unlocked = await copy.unlock(` ${recoveryKit.code.reveal().toLowerCase().replaceAll('-', ' ')} `)
    assert.deepEqual(unlocked.document, { n: 7 })
    assert.deepEqual(
      unlocked.slots().map(({ kind, thisMachine }) => [kind, thisMachine]),
      [
        ['recovery', false],
        ['machine', true],
      ],
    )
    await unlocked.write({ n: 8 })
    assert.deepEqual((await copy.open()).document, { n: 8 })
    assert.equal((await readdir(join(copy.deps.dataDir, 'slots'))).length, 2)
  })

  it('a wrong code opens nothing and writes nothing', async () => {
    const folder = await fresh()
    const { recoveryKit } = await folder.create()
    const other = await fresh()
    const { recoveryKit: foreign } = await other.create()
    const copy = await folder.copyData()
    folders.push(copy)
    const before = await readdir(copy.deps.dataDir, { recursive: true })
    const good = recoveryKit.code.reveal()
    const typo = good.slice(0, 10) + (good[10] === 'A' ? 'B' : 'A') + good.slice(11)
    for (const code of [foreign.code.reveal(), typo, good.slice(0, -1), `${good}0`, '', 'U'.repeat(56), 'not a code'])
      await assert.rejects(copy.unlock(code), (error: { code: string; message: string }) => {
        assert.equal(error.code, 'recovery_code_invalid')
        assert.ok(code.length < 5 || !error.message.includes(code))
        return true
      })
    assert.deepEqual(await readdir(copy.deps.dataDir, { recursive: true }), before)
  })

  it('a damaged newest generation is set aside, an alarm names it, and the one before opens', async () => {
    for (const damage of ['flip', 'cut', 'empty', 'nul'] as const) {
      const folder = await fresh()
      const { keystore } = await folder.create()
      await keystore.write({ n: 2 })
      await keystore.write({ n: 3 })
      const path = await newest(folder)
      const bytes = await readFile(path)
      if (damage === 'flip') bytes[bytes.length - 50] = (bytes[bytes.length - 50] ?? 0) ^ 1
      const damaged = {
        flip: bytes,
        cut: bytes.subarray(0, 900),
        empty: Buffer.alloc(0),
        nul: Buffer.alloc(bytes.length),
      }[damage]
      await writeFile(path, damaged)
      const opened = await folder.open()
      assert.deepEqual(opened.document, { n: 2 }, damage)
      assert.equal(folder.alarms[0]?.kind, 'generation_damaged')
      const aside = folder.alarms[0]?.files[0] ?? ''
      assert.deepEqual(await readFile(aside), damaged)
      assert.equal(await opened.write({ n: 4 }), 4)
      assert.deepEqual((await folder.open()).document, { n: 4 })
    }
  })

  it('when no generation opens nothing is written and the store is never taken for empty', async () => {
    const folder = await fresh()
    const { recoveryKit } = await folder.create()
    await writeFile(await newest(folder), 'rubbish')
    const before = await readdir(folder.deps.dataDir, { recursive: true })
    await assert.rejects(folder.open(), { code: 'keystore_damaged' })
    await assert.rejects(folder.unlock(recoveryKit.code.reveal()), { code: 'keystore_damaged' })
    await assert.rejects(folder.create(), { code: 'keystore_exists' })
    assert.deepEqual(await readdir(folder.deps.dataDir, { recursive: true }), before)
  })

  it('a vanished store or folder is damage, not a fresh start', async () => {
    const folder = await fresh()
    await folder.create()
    await rm(store(folder), { recursive: true })
    await assert.rejects(folder.open(), { code: 'keystore_damaged' })
    await rm(folder.deps.dataDir, { recursive: true })
    await assert.rejects(folder.open(), { code: 'keystore_damaged' })
    await assert.rejects(folder.create(), { code: 'keystore_damaged' })
  })

  it('an older folder on the same machine is refused, and opens once the recovery code accepts it', async () => {
    const folder = await fresh()
    const { keystore, recoveryKit } = await folder.create()
    const old = await folder.copyData()
    folders.push(old)
    for (const n of [2, 3, 4]) await keystore.write({ n })
    await folder.release()
    await rm(folder.deps.dataDir, { recursive: true })
    await rename(old.deps.dataDir, folder.deps.dataDir)
    await assert.rejects(folder.open(), { code: 'keystore_rolled_back', message: /1 < 4/ })
    await assert.rejects(folder.unlock(recoveryKit.code.reveal()), { code: 'keystore_rolled_back' })
    const accepted = await folder.unlock(recoveryKit.code.reveal(), { acceptRollback: true })
    assert.deepEqual([accepted.document, accepted.generation], [{ n: 1 }, 6])
    assert.deepEqual((await folder.open()).document, { n: 1 })
  })

  it('without its machine key, or with another one’s, a folder is locked', async () => {
    const folder = await fresh()
    await folder.create()
    const other = await fresh()
    await other.create()
    const path = join(folder.deps.machineDir, 'machine.key')
    await writeFile(path, await readFile(join(other.deps.machineDir, 'machine.key')))
    await assert.rejects(folder.open(), { code: 'keystore_locked' })
    await writeFile(path, '{')
    await assert.rejects(folder.open(), { code: 'keystore_locked' })
    await rm(path)
    await assert.rejects(folder.open(), { code: 'keystore_locked' })
  })

  it('a folder or file that others can reach refuses to open, and the fix is said', async () => {
    const folder = await fresh()
    await folder.create()
    for (const path of [
      folder.deps.dataDir,
      store(folder),
      await newest(folder),
      join(folder.deps.machineDir, 'machine.key'),
    ]) {
      await chmod(path, 0o750)
      await assert.rejects(folder.open(), { code: 'folder_unsafe', message: /0750.*chmod/ })
      await chmod(path, 0o700)
    }
    await folder.open()
  })

  it('a generation of another store does not open here', async () => {
    const folder = await fresh()
    const other = await fresh()
    await folder.create()
    await other.create()
    await writeFile(await newest(folder), await readFile(await newest(other)))
    await assert.rejects(folder.open(), { code: 'keystore_damaged' })
  })

  it('an unfinished file of a stopped writer is removed, and said', async () => {
    const folder = await fresh()
    await folder.create()
    await writeFile(join(store(folder), '.0000000002.pks.abc.tmp'), 'half', { mode: 0o600 })
    await folder.open()
    assert.deepEqual(await readdir(store(folder)), ['0000000001.pks'])
    assert.equal(folder.alarms[0]?.kind, 'leftover_removed')
  })
})
