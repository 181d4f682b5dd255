/** The keys of the keystore change, unattended, and whatever interrupts it, the folder opens. */
import assert from 'node:assert/strict'
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { realDisk, type DiskCalls } from '../../../daemon/src/disk/durable-file.ts'
import { openGeneration, readGeneration } from '../../../daemon/src/keystore/generation-file.ts'
import { withFreshDek, newKeyring } from '../../../daemon/src/keystore/keyring.ts'
import { layoutOf } from '../../../daemon/src/keystore/layout.ts'
import { openRecoverySlot } from '../../../daemon/src/keystore/slots.ts'
import { Secret } from '../../../daemon/src/problem.ts'
import { smallFolder, type Folder } from '../../support/keystore.ts'

const dayMs = 86_400_000

describe('keys of the keystore', () => {
  const folders: Folder[] = []
  const fresh = async (options: { disk?: DiskCalls } = {}): Promise<Folder> => {
    const folder = await smallFolder(options)
    folders.push(folder)
    return folder
  }
  const copyOf = async (folder: Folder): Promise<Folder> => {
    const copy = await folder.copyData()
    folders.push(copy)
    return copy
  }
  afterEach(async () => {
    for (const folder of folders.splice(0)) await folder.remove()
  })
  const generation = (folder: Folder, gen: number): string =>
    join(folder.deps.dataDir, 'store', `${String(gen).padStart(10, '0')}.pks`)
  const codeOpens = (folder: Folder, code: string) =>
    openRecoverySlot(layoutOf(folder.deps.dataDir, folder.deps.machineDir), new Secret(code), realDisk)

  it('after 90 days, or a million generations, the next one is sealed with a new data key, and all of them open', async () => {
    const folder = await fresh()
    const { keystore } = await folder.create()
    const dekOf = async (gen: number): Promise<string> =>
      readGeneration(await readFile(generation(folder, gen))).header.dek
    const since = folder.clock.nowMs
    folder.clock.nowMs = since + 90 * dayMs - 1
    await keystore.write({ n: 2 })
    folder.clock.nowMs = since + 90 * dayMs
    await keystore.write({ n: 3 })
    await keystore.write({ n: 4 })
    const deks = await Promise.all([1, 2, 3, 4].map(dekOf))
    assert.deepEqual(deks, [deks[0], deks[0], deks[2], deks[2]])
    assert.notEqual(deks[0], deks[2])
    assert.equal(keystore.protection.dataKeySince, new Date(folder.clock.nowMs).toISOString())
    assert.deepEqual((await folder.open()).document, { n: 4 })

    const used = withFreshDek(newKeyring([]), 7, '2026-11-21T00:00:00.000Z')
    assert.equal(withFreshDek(used, 1_000_006, '2026-11-22T00:00:00.000Z'), used)
    assert.notEqual(withFreshDek(used, 1_000_007, '2026-11-22T00:00:00.000Z').dekId, used.dekId)
  })

  it('on demand the root key changes: the same kits open, and the generations before it still do', async () => {
    const folder = await fresh()
    const { keystore, recoveryKit } = await folder.create()
    const second = await keystore.addRecoverySlot()
    const before = (await codeOpens(folder, recoveryKit.code.reveal())).rootKeys
    await keystore.rotateRootKey()
    await keystore.write({ n: 2 })
    assert.deepEqual(folder.alarms, [])
    for (const code of [recoveryKit.code, second.code]) {
      const { rootKeys } = await codeOpens(folder, code.reveal())
      assert.ok(rootKeys[0] !== undefined && !rootKeys[0].equals(before[0] ?? Buffer.of()))
      assert.equal(await keystore.tryRecoveryCode(code), code === second.code ? second.slotId : recoveryKit.slotId)
      const copy = await copyOf(folder)
      await rm(generation(copy, 4))
      await rm(generation(copy, 3))
      assert.deepEqual((await copy.unlock(code.reveal())).document, { n: 1 })
    }
    assert.deepEqual((await folder.open()).document, { n: 2 })
    assert.deepEqual(folder.alarms, [])
    assert.equal((await readdir(join(folder.deps.dataDir, 'slots'))).length, 3)
  })

  it('who had a slot that was removed opens the copies from before, and nothing written since', async () => {
    const folder = await fresh()
    const { keystore } = await folder.create()
    const lost = await keystore.addRecoverySlot()
    const before = await copyOf(folder)
    const { rootKeys } = await codeOpens(folder, lost.code.reveal())
    await keystore.removeSlot(lost.slotId)
    await keystore.write({ n: 2 })
    assert.deepEqual((await before.unlock(lost.code.reveal())).document, { n: 1 })
    for (const gen of [3, 4]) {
      const bytes = await readFile(generation(folder, gen))
      for (const key of rootKeys) assert.throws(() => openGeneration(bytes, key))
    }
    await assert.rejects(codeOpens(folder, lost.code.reveal()), { code: 'recovery_code_invalid' })
  })

  it('an unlocking elsewhere changes the root key, so that the old machine opens nothing written there', async () => {
    const folder = await fresh()
    const { recoveryKit } = await folder.create()
    const { rootKeys } = await codeOpens(folder, recoveryKit.code.reveal())
    const copy = await copyOf(folder)
    const there = await copy.unlock(recoveryKit.code.reveal())
    await there.write({ n: 5 })
    const bytes = await readFile(generation(copy, there.generation))
    for (const key of rootKeys) assert.throws(() => openGeneration(bytes, key))
    assert.deepEqual((await copy.open()).document, { n: 5 })
  })

  it('cut at any call to the disk, the folder opens with the machine key and with each kit, and the change can be made again', async () => {
    const whole = await fresh()
    const { keystore: made, recoveryKit } = await whole.create()
    const other = await made.addRecoverySlot()
    await made.write({ n: 2 })
    await whole.release()
    let outcomes = ''
    for (let cutAt = 0; !outcomes.endsWith('whole '); cutAt++) {
      assert.ok(cutAt < 200, 'the change never came to its end')
      let calls = Infinity
      const step = (): void => {
        if (calls-- <= 0) throw Object.assign(new Error('the plug was pulled'), { code: 'EIO' })
      }
      const disk: DiskCalls = {
        ...realDisk,
        open: async (...args) => (step(), realDisk.open(...args)),
        link: async (...args) => (step(), realDisk.link(...args)),
        rename: async (...args) => (step(), realDisk.rename(...args)),
        unlink: async (...args) => (step(), realDisk.unlink(...args)),
      }
      const folder = await fresh({ disk })
      await cp(whole.dir, folder.dir, { recursive: true })
      const keystore = await folder.open()
      calls = cutAt
      const change = cutAt % 2 === 0 ? keystore.rotateRootKey() : keystore.removeSlot(other.slotId)
      outcomes += await change.then(
        () => (calls > 0 ? 'whole ' : 'done '),
        () => 'refused ',
      )
      calls = Infinity
      const copy = cutAt % 4 === 3 ? await copyOf(folder) : undefined
      const again = await folder.open()
      assert.deepEqual(again.document, { n: 2 }, `cut at ${cutAt}`)
      await again.rotateRootKey()
      await again.write({ n: 3 })
      assert.deepEqual((await folder.open()).document, { n: 3 }, `cut at ${cutAt}`)
      assert.equal(await (await folder.open()).tryRecoveryCode(recoveryKit.code), recoveryKit.slotId)
      if (copy !== undefined)
        assert.deepEqual((await copy.unlock(recoveryKit.code.reveal())).document, { n: 2 }, `cut at ${cutAt}`)
      for (const each of folders.splice(folders.indexOf(folder))) await each.remove()
    }
    assert.match(outcomes, /^refused (.*)done (.*)whole $/)
  }).timeout(120_000)

  it('when the generation that brought the new root key is lost, the slots are made to fit again', async () => {
    const folder = await fresh()
    const { keystore, recoveryKit } = await folder.create()
    await keystore.rotateRootKey()
    await writeFile(generation(folder, 2), (await readFile(generation(folder, 2))).subarray(0, 400))
    const opened = await folder.open()
    assert.deepEqual(opened.document, { n: 1 })
    assert.deepEqual(
      folder.alarms.map(({ kind }) => kind),
      ['generation_damaged'],
    )
    assert.deepEqual(
      opened.slots().map(({ health }) => health),
      ['ok', 'ok'],
    )
    assert.equal(await opened.tryRecoveryCode(recoveryKit.code), recoveryKit.slotId)
    folder.alarms.length = 0
    assert.deepEqual((await folder.open()).document, { n: 1 })
    assert.deepEqual(folder.alarms, [])
  })
})
