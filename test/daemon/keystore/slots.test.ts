/** Slots heal, alarm, and cannot be removed when that would lock somebody out. */
import assert from 'node:assert/strict'
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { realDisk, type DiskCalls } from '../../../daemon/src/disk/durable-file.ts'
import { smallFolder, type Folder } from '../../support/keystore.ts'

describe('key slots', () => {
  const folders: Folder[] = []
  const fresh = async (): Promise<Folder> => {
    const folder = await smallFolder()
    folders.push(folder)
    return folder
  }
  afterEach(async () => {
    for (const folder of folders.splice(0)) await folder.remove()
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

  it('a bad copy that cannot be made anew, and a slot nobody lists, are alarms; the store opens all the same', async () => {
    let failing = false
    const disk: DiskCalls = {
      ...realDisk,
      open: (path, ...rest) => (failing ? Promise.reject(new Error('ENOSPC')) : realDisk.open(path, ...rest)),
    }
    const folder = await smallFolder({ disk })
    folders.push(folder)
    const { keystore } = await folder.create()
    const [id = ''] = keystore.slots().map((slot) => slot.id)
    const copy = join(folder.deps.dataDir, 'slots', `${id}.jwe.json`)
    await copyFile(copy, join(folder.deps.dataDir, 'slots', 'aaaaaaaaaaaaaaaa.jwe.json'))
    await writeFile(copy, 'bad')
    failing = true
    assert.deepEqual((await folder.open()).document, { n: 1 })
    assert.deepEqual(
      folder.alarms.map(({ kind }) => kind),
      ['slot_copy_damaged', 'slot_unlisted'],
    )
  })

  it('a slot that was listed in a lost generation only is listed again when this machine opens with it', async () => {
    const folder = await smallFolder()
    folders.push(folder)
    const { recoveryKit } = await folder.create()
    const copy = await folder.copyData()
    folders.push(copy)
    await copy.unlock(recoveryKit.code.reveal())
    for (const name of ['0000000002.pks', '0000000003.pks']) {
      const newest = join(copy.deps.dataDir, 'store', name)
      await writeFile(newest, (await readFile(newest)).subarray(0, -9))
    }
    const opened = await copy.open()
    assert.deepEqual(
      opened.slots().map(({ kind, thisMachine }) => [kind, thisMachine]),
      [
        ['machine', false],
        ['recovery', false],
        ['machine', true],
      ],
    )
    const messages = copy.alarms.map(({ kind, message }) => `${kind} ${message}`)
    assert.deepEqual(
      messages.filter((text) => text.startsWith('slot_unlisted')),
      [],
    )
    assert.match(messages.find((text) => text.startsWith('slot_damaged')) ?? '', /postern slots remove/)
    copy.alarms.length = 0
    assert.equal((await copy.open()).slots().length, 3)
  })

  it('a recovery slot that could not be written to the list is taken away again', async () => {
    let failing = false
    const disk: DiskCalls = {
      ...realDisk,
      link: (from, to) =>
        failing && to.endsWith('.pks') ? Promise.reject(new Error('ENOSPC')) : realDisk.link(from, to),
    }
    const folder = await smallFolder({ disk })
    folders.push(folder)
    const { keystore } = await folder.create()
    failing = true
    await assert.rejects(keystore.addRecoverySlot(), { code: 'store_unavailable' })
    assert.equal((await readdir(join(folder.deps.dataDir, 'slots'))).length, 2)
  })

  it('this machine’s slot and the last recovery slot cannot be removed', async () => {
    const folder = await fresh()
    const { keystore } = await folder.create()
    for (const { id } of keystore.slots()) await assert.rejects(keystore.removeSlot(id), { code: 'in_use' })
    await assert.rejects(keystore.removeSlot('nobody'), { code: 'not_found' })
  })

  it('a byte changed in a slot never makes it open as another key, and nearly always keeps it from opening', async () => {
    const folder = await fresh()
    const { keystore } = await folder.create()
    const own = keystore.slots().find(({ thisMachine }) => thisMachine)?.id ?? ''
    const { unwrapSlot } = await import('../../../daemon/src/keystore/slots.ts')
    const { readMachineKey, privateJwk } = await import('../../../daemon/src/keystore/machine-key.ts')
    const { layoutOf } = await import('../../../daemon/src/keystore/layout.ts')
    const layout = layoutOf(folder.deps.dataDir, folder.deps.machineDir)
    const key = await readMachineKey(layout, realDisk)
    assert.ok(key !== undefined)
    const path = join(layout.slots[0], `${own}.jwe.json`)
    await rm(join(layout.slots[1], `${own}.jwe.json`))
    const text = await readFile(path, 'latin1')
    const whole = await unwrapSlot(layout, own, privateJwk(key), realDisk)
    let refused = 0
    for (let at = 0; at < text.length; at += 3) {
      await writeFile(path, text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1), 'latin1')
      const root = await unwrapSlot(layout, own, privateJwk(key), realDisk)
      // White space, and the unused bits of a last base64 character, say nothing; then it is the very same key.
      if (root === undefined) refused += 1
      else assert.deepEqual(root, whole)
    }
    assert.ok(refused > (text.length / 3) * 0.9, `${refused} of ${text.length / 3}`)
  }).timeout(30_000)

  it('no slot left at all: that is damage, not a question of the right key, and nothing is written', async () => {
    const folder = await fresh()
    const { recoveryKit } = await folder.create()
    for (const dir of ['slots', 'slots2']) {
      const path = join(folder.deps.dataDir, dir)
      for (const name of await readdir(path)) await rm(join(path, name))
    }
    const before = await readdir(folder.deps.dataDir, { recursive: true })
    const told = { code: 'keystore_damaged', message: /No key slot is left/ }
    await assert.rejects(folder.open(), told)
    await assert.rejects(folder.unlock(recoveryKit.code.reveal()), told)
    assert.deepEqual(await readdir(folder.deps.dataDir, { recursive: true }), before)
  })
})
