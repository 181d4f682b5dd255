/** What the keystore promises: a write is there or it is not, and nothing unreadable is overwritten or taken for empty. */
import assert from 'node:assert/strict'
import { chmod, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { realDisk, type DiskCalls } from '../../../daemon/src/disk/durable-file.ts'
import { openGeneration, readGeneration } from '../../../daemon/src/keystore/generation-file.ts'
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
  const newest = async (folder: Folder): Promise<string> =>
    join(
      store(folder),
      (await readdir(store(folder)))
        .filter((name) => name.endsWith('.pks'))
        .toSorted()
        .at(-1) ?? '',
    )

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

  it('documents of every size around a chunk come back as they were', async () => {
    const folder = await fresh()
    const { keystore } = await folder.create()
    for (const size of [0, 1, 65_500, 65_514, 65_515, 65_516, 65_536, 131_072, 200_001]) {
      const document = { n: size, filler: 'x'.repeat(size) }
      await keystore.write(document)
      assert.deepEqual((await folder.open()).document, document)
    }
  })

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
    assert.deepEqual([accepted.document, accepted.generation], [{ n: 1 }, 5])
    assert.deepEqual((await folder.open()).document, { n: 1 })
  })

  it('one bad copy of a slot heals from the other; both bad raise an alarm and the store still opens', async () => {
    const folder = await fresh()
    const { keystore, recoveryKit } = await folder.create()
    const recovery = keystore.slots().find(({ kind }) => kind === 'recovery')?.id ?? ''
    const [one, two] = ['slots', 'slots2'].map((dir) => join(folder.deps.dataDir, dir, `${recovery}.jwe.json`))
    const good = await readFile(one ?? '')
    await writeFile(one ?? '', 'bad')
    await folder.open()
    assert.deepEqual(await readFile(one ?? ''), good)
    assert.equal(folder.alarms[0]?.kind, 'slot_copy_healed')
    await writeFile(one ?? '', 'bad')
    await rm(two ?? '')
    const opened = await folder.open()
    assert.equal(folder.alarms.at(-1)?.kind, 'slot_damaged')
    assert.equal(opened.slots().find(({ id }) => id === recovery)?.health, 'damaged')
    const kit = await opened.addRecoverySlot()
    await opened.removeSlot(recovery)
    const copy = await folder.copyData()
    folders.push(copy)
    await assert.rejects(copy.unlock(recoveryKit.code.reveal()), { code: 'recovery_code_invalid' })
    assert.deepEqual((await copy.unlock(kit.code.reveal())).document, { n: 1 })
  })

  it('this machine’s slot and the last recovery slot cannot be removed', async () => {
    const folder = await fresh()
    const { keystore } = await folder.create()
    for (const { id } of keystore.slots()) await assert.rejects(keystore.removeSlot(id), { code: 'in_use' })
    await assert.rejects(keystore.removeSlot('nobody'), { code: 'not_found' })
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

  it('the machine folder may not lie inside the data folder', async () => {
    const folder = await fresh()
    const inside = { ...folder.deps, machineDir: join(folder.deps.dataDir, 'machine') }
    const { holdFolder } = await import('../../../daemon/src/keystore/folder-hold.ts')
    await assert.rejects(holdFolder(inside.dataDir, inside.machineDir), { code: 'settings_invalid' })
  })

  it('a second holder of a folder is told the first one’s pid', async () => {
    const folder = await fresh()
    await folder.create()
    const { holdFolder } = await import('../../../daemon/src/keystore/folder-hold.ts')
    await assert.rejects(holdFolder(folder.deps.dataDir, folder.deps.machineDir), {
      code: 'folder_in_use',
      message: new RegExp(`process ${process.pid}`),
    })
    await folder.release()
    const hold = await holdFolder(folder.deps.dataDir, folder.deps.machineDir)
    await hold.release()
  })

  it('a lock file of a process that is gone is taken over', async () => {
    const folder = await fresh()
    await folder.create()
    await folder.release()
    await writeFile(
      join(folder.deps.machineDir, 'lock'),
      JSON.stringify({ pid: process.pid, bootId: 'other', startTime: '1', nonce: 'x' }),
      { mode: 0o600 },
    )
    await folder.open()
  })

  it('a failed write changes nothing in memory or on disk, and the next one succeeds', async () => {
    for (const step of ['open', 'rename', 'sync', 'short', 'anchor'] as const) {
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
        rename: async (from, to) => {
          if (fail && step === 'rename') throw Object.assign(new Error('EIO'), { code: 'EIO' })
          await realDisk.rename(from, to)
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

  it('every single byte changed and every length cut from a generation is noticed', async () => {
    const folder = await fresh()
    await folder.create()
    const bytes = await readFile(await newest(folder))
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 0x41
      assert.throws(() => readGeneration(changed))
      assert.throws(() => openGeneration(bytes.subarray(0, at), Buffer.alloc(32)))
    }
    assert.throws(() => openGeneration(bytes, Buffer.alloc(32)))
  })

  it('every single byte changed in a slot keeps that copy from opening anything', async () => {
    const folder = await fresh()
    const { keystore } = await folder.create()
    const own = keystore.slots().find(({ thisMachine }) => thisMachine)?.id ?? ''
    const { unwrapSlot } = await import('../../../daemon/src/keystore/slots.ts')
    const { readMachineKey, privateJwk } = await import('../../../daemon/src/keystore/machine-key.ts')
    const { layoutOf } = await import('../../../daemon/src/keystore/layout.ts')
    const layout = layoutOf(folder.deps.dataDir, folder.deps.machineDir)
    const key = await readMachineKey(layout)
    assert.ok(key !== undefined)
    const path = join(layout.slots[0], `${own}.jwe.json`)
    await rm(join(layout.slots[1], `${own}.jwe.json`))
    const text = await readFile(path, 'latin1')
    const whole = await unwrapSlot(layout, own, privateJwk(key))
    let opened = 0
    for (let at = 0; at < text.length; at += 3) {
      await writeFile(path, text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1), 'latin1')
      const root = await unwrapSlot(layout, own, privateJwk(key))
      // A change in the white space between the members says nothing.
      if (root !== undefined) opened += root.equals(whole ?? Buffer.alloc(0)) && /\s/.test(text[at] ?? '') ? 0 : 1
    }
    assert.equal(opened, 0)
  }).timeout(30_000)

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
