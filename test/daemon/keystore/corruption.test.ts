/** The table of corruptions, a test for each row: never a start on nothing over damaged data, never a write over it. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openAuditTrail, type AuditTrailOptions } from '../../../daemon/src/audit/audit-trail.ts'
import { realDisk, type DiskCalls } from '../../../daemon/src/disk/disk-calls.ts'
import { newKeyring, serialiseKeyring } from '../../../daemon/src/keystore/keyring.ts'
import { readableOf, sealBlob, sealGeneration } from '../../../daemon/src/keystore/generation-file.ts'
import { openLastUsed } from '../../../daemon/src/usage/last-used.ts'
import { smallFolder, type Folder } from '../../support/keystore.ts'

const faulty = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code })

describe('corruption', () => {
  const folders: Folder[] = []
  const fresh = async (options: { disk?: DiskCalls } = {}): Promise<Folder> => {
    const folder = await smallFolder(options)
    folders.push(folder)
    return folder
  }
  /** Documents 1, 2 and 3, as generations 1, 2 and 3. */
  const three = async (options: { disk?: DiskCalls } = {}) => {
    const folder = await fresh(options)
    const made = await folder.create()
    for (const n of [2, 3]) await made.keystore.write({ n })
    return { folder, ...made }
  }
  afterEach(async () => {
    for (const folder of folders.splice(0)) await folder.remove()
  })
  const storeOf = (folder: Folder): string => join(folder.deps.dataDir, 'store')
  const generation = (folder: Folder, gen: number): string =>
    join(storeOf(folder), `${String(gen).padStart(10, '0')}.pks`)
  const slot = (folder: Folder, dir: 'slots' | 'slots2', id: string): string =>
    join(folder.deps.dataDir, dir, `${id}.jwe.json`)
  /** Everything in both folders, to see that nothing was changed. */
  const everything = async (folder: Folder): Promise<Record<string, string>> => {
    const found: Record<string, string> = {}
    for (const dir of [folder.deps.dataDir, folder.deps.machineDir])
      for (const name of await readdir(dir, { recursive: true }).catch(() => []))
        if (!name.startsWith('lock')) found[join(dir, name)] = await hashOf(join(dir, name))
    return found
  }
  const hashOf = async (path: string): Promise<string> =>
    createHash('sha256')
      .update(await readFile(path).catch(() => 'a folder'))
      .digest('hex')

  const damages: Record<string, (bytes: Buffer) => Buffer> = {
    cut: (bytes) => bytes.subarray(0, bytes.length >> 1),
    flipped: (bytes) =>
      Buffer.concat([bytes.subarray(0, -60), Buffer.from([(bytes.at(-60) ?? 0) ^ 1]), bytes.subarray(-59)]),
    NUL: (bytes) => Buffer.alloc(bytes.length),
    empty: () => Buffer.alloc(0),
  }
  for (const [damage, harm] of Object.entries(damages))
    it(`newest generation ${damage}: the one before opens, an alarm names both, the damaged file is kept`, async () => {
      const { folder } = await three()
      const harmed = harm(await readFile(generation(folder, 3)))
      await writeFile(generation(folder, 3), harmed)
      const opened = await folder.open()
      assert.deepEqual([opened.document, opened.generation], [{ n: 2 }, 2])
      const [alarm] = folder.alarms
      assert.equal(alarm?.kind, 'generation_damaged')
      assert.match(alarm.message, /Generation 3 is damaged; Postern started from generation 2/)
      assert.match(alarm.files[0] ?? '', /0000000003\.pks\.[0-9a-f]{8}\.bad$/)
      assert.deepEqual(await readFile(alarm.files[0] ?? ''), harmed)
      assert.equal(await opened.write({ n: 4 }), 4)
    })

  it('newest generation missing: on the machine that wrote it nothing opens unasked, for the folder may be an old one', async () => {
    const { folder, recoveryKit } = await three()
    await unlink(generation(folder, 3))
    const before = await everything(folder)
    await assert.rejects(folder.open(), { code: 'keystore_rolled_back', message: /2 < 3/ })
    assert.deepEqual(await everything(folder), before)
    const accepted = await folder.unlock(recoveryKit.code.reveal(), { acceptRollback: true })
    assert.deepEqual([accepted.document, accepted.generation], [{ n: 2 }, 5])
  })

  it('newest generation missing: on another machine the one before opens with the kit', async () => {
    const { folder, recoveryKit } = await three()
    const copy = await folder.copyData()
    folders.push(copy)
    await unlink(generation(copy, 3))
    assert.deepEqual((await copy.unlock(recoveryKit.code.reveal())).document, { n: 2 })
  })

  it('one slot copy bad: the other heals it, with an alarm', async () => {
    for (const dir of ['slots', 'slots2'] as const)
      for (const harm of ['flip', 'missing'] as const) {
        const { folder, keystore } = await three()
        for (const { id } of keystore.slots()) {
          const path = slot(folder, dir, id)
          const good = await readFile(path)
          if (harm === 'missing') await rm(path)
          else await writeFile(path, Buffer.concat([good.subarray(0, 80), Buffer.from('!'), good.subarray(81)]))
          assert.deepEqual((await folder.open()).document, { n: 3 })
          assert.deepEqual(await readFile(path), good)
          assert.equal(folder.alarms.at(-1)?.kind, 'slot_copy_healed')
        }
      }
  })

  it('both copies of a recovery slot bad: it starts, and an alarm asks for a new kit today', async () => {
    const { folder, keystore } = await three()
    const id = keystore.slots().find(({ kind }) => kind === 'recovery')?.id ?? ''
    await writeFile(slot(folder, 'slots', id), 'bad')
    await rm(slot(folder, 'slots2', id))
    assert.deepEqual((await folder.open()).document, { n: 3 })
    assert.match(folder.alarms.at(-1)?.message ?? '', /Make a new recovery kit today/)
    assert.equal(await readFile(slot(folder, 'slots', id), 'utf8'), 'bad')
  })

  it('both copies of this machine’s slot bad, or its key lost, cut or flipped: locked; the recovery kit opens', async () => {
    const keyOf = (folder: Folder): string => join(folder.deps.machineDir, 'machine.key')
    const harms: Record<string, (folder: Folder, own: string) => Promise<void>> = {
      slot: async (folder, own) => {
        for (const dir of ['slots', 'slots2'] as const) await writeFile(slot(folder, dir, own), '{}')
      },
      lost: (folder) => rm(keyOf(folder)),
      cut: async (folder) => writeFile(keyOf(folder), (await readFile(keyOf(folder))).subarray(0, 60)),
      flipped: async (folder) =>
        writeFile(keyOf(folder), (await readFile(keyOf(folder), 'utf8')).replace('"d":"', '"e":"')),
      'no object': (folder) => writeFile(keyOf(folder), 'null'),
    }
    for (const [name, harm] of Object.entries(harms)) {
      const { folder, keystore, recoveryKit } = await three()
      await harm(folder, keystore.slots().find(({ thisMachine }) => thisMachine)?.id ?? '')
      const before = await everything(folder)
      await assert.rejects(folder.open(), { code: 'keystore_locked' }, name)
      assert.deepEqual(await everything(folder), before, name)
      assert.deepEqual((await folder.unlock(recoveryKit.code.reveal())).document, { n: 3 }, name)
      assert.deepEqual((await folder.open()).document, { n: 3 }, name)
    }
  })

  it('all generations bad: refused, nothing written, and each file is told with what is still readable of it', async () => {
    const folder = await fresh()
    const { keystore, recoveryKit } = await folder.create()
    await keystore.write({ n: 2, filler: 'y'.repeat(150_000) })
    const large = await readFile(generation(folder, 2))
    large[large.length - 100] = (large[large.length - 100] ?? 0) ^ 1
    await writeFile(generation(folder, 1), 'rubbish')
    await writeFile(generation(folder, 2), large)
    const before = await everything(folder)
    const told = (error: { code: string; message: string; extensions: Record<string, unknown> }): boolean => {
      assert.equal(error.code, 'keystore_damaged')
      assert.match(error.message, /0000000002\.pks: \d+ bytes, checksum bad, 2 of 3 chunks open, 131072 bytes of the/)
      assert.match(error.message, /0000000001\.pks: 7 bytes, checksum bad, nothing of it opens/)
      assert.equal((error.extensions['generations'] as unknown[]).length, 2)
      return true
    }
    await assert.rejects(folder.open(), told)
    await assert.rejects(folder.unlock(recoveryKit.code.reveal()), told)
    await assert.rejects(folder.create(), { code: 'keystore_exists' })
    assert.deepEqual(await everything(folder), before)
  })

  it('all generations bad: what a cut one still holds is counted, and a whole one of another store opens to nothing', () => {
    const [rootKey, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
    const plain = Buffer.alloc(3 * 65_536 + 10, 'x')
    const header = { storeId: 's', gen: 1, prevHash: '', created: '' }
    const bytes = Buffer.concat(sealGeneration({ ...header, rootKey, keyring: newKeyring([]), plain }).parts)
    const all = { good: 4, all: 4 }
    assert.deepEqual(readableOf(bytes, rootKey), { checksum: 'good', chunks: all, bytes: plain.length })
    assert.deepEqual(readableOf(bytes, other), { checksum: 'good', chunks: null, bytes: 0 })
    const cut = bytes.subarray(0, bytes.length - 65_536)
    assert.deepEqual(readableOf(cut, rootKey), { checksum: 'bad', chunks: { good: 2, all: 4 }, bytes: 2 * 65_536 })
    assert.deepEqual(readableOf(Buffer.alloc(0), rootKey), { checksum: 'bad', chunks: null, bytes: 0 })
  })

  it('folder or store missing though the machine has an anchor: never a fresh start', async () => {
    for (const what of ['folder', 'store', 'emptied'] as const) {
      const { folder } = await three()
      await rm(what === 'folder' ? folder.deps.dataDir : storeOf(folder), { recursive: true })
      if (what === 'emptied') {
        for (const name of await readdir(folder.deps.dataDir))
          await rm(join(folder.deps.dataDir, name), { recursive: true })
        await mkdir(storeOf(folder), { mode: 0o700 })
      }
      const before = await everything(folder)
      await assert.rejects(folder.open(), { code: 'keystore_damaged' }, what)
      await assert.rejects(folder.create(), { code: 'keystore_damaged' }, what)
      assert.deepEqual(await everything(folder), before, what)
    }
  })

  it('newer format of file, header or keyring: refused with the version, not read past and not set aside', async () => {
    const { folder } = await three()
    const good = await readFile(generation(folder, 3))
    const hashed = (body: Buffer): Buffer => Buffer.concat([body, createHash('sha256').update(body).digest()])
    const body = good.subarray(0, -32)
    const newer: Record<string, Buffer> = {
      file: hashed(Buffer.concat([Buffer.from('PSTN2\n'), body.subarray(6)])),
      header: hashed(Buffer.from(body.toString('latin1').replace('{"v":1,', '{"v":2,'), 'latin1')),
    }
    for (const [what, bytes] of Object.entries(newer)) {
      await writeFile(generation(folder, 3), bytes)
      const before = await everything(folder)
      await assert.rejects(folder.open(), { code: 'keystore_too_new', message: /format 2/ }, what)
      assert.deepEqual(await everything(folder), before, what)
    }
    const { openGeneration } = await import('../../../daemon/src/keystore/generation-file.ts')
    const rootKey = Buffer.alloc(32, 1)
    const keyring = newKeyring([])
    const sealed = Buffer.concat(
      sealGeneration({ storeId: 's', gen: 1, prevHash: '', created: '', rootKey, keyring, plain: Buffer.from('{}') })
        .parts,
    )
    const length = sealed.readUInt32BE(6)
    const headerBytes = sealed.subarray(10, 10 + length)
    const aad = createHash('sha256').update(headerBytes).digest()
    const next = sealBlob(rootKey, Buffer.from(serialiseKeyring(keyring).toString().replace('"v":1', '"v":9')), aad)
    const old = 10 + length + 4 + next.length
    const keyringOf9 = hashed(Buffer.concat([sealed.subarray(0, 10 + length + 4), next, sealed.subarray(old, -32)]))
    assert.throws(() => openGeneration(keyringOf9, rootKey), { code: 'keystore_too_new', message: /version 9/ })
  })

  it('usage file torn: set aside with a warning, the store works', async () => {
    const { folder, keystore } = await three()
    const dir = join(folder.deps.dataDir, 'usage')
    const aside: string[] = []
    const open = () =>
      openLastUsed({ dir, sealer: keystore.sealer('usage'), onSetAside: (message) => aside.push(message) })
    const first = await open()
    first.note('k1', 1_000)
    await first.flush(() => true)
    const path = join(dir, (await readdir(dir))[0] ?? '')
    const torn = (await readFile(path)).subarray(0, 20)
    await writeFile(path, torn)
    assert.equal((await open()).of('k1'), null)
    assert.match(aside[0] ?? '', /could not be read and is kept as/)
    const kept = (await readdir(dir)).find((name) => name.endsWith('.bad')) ?? ''
    assert.deepEqual(await readFile(join(dir, kept)), torn)
  })

  it('audit tail torn: cut to the last whole record, kept aside, and a gap record says so', async () => {
    const { folder, keystore } = await three()
    const alarms: string[] = []
    const options: AuditTrailOptions = {
      dir: join(folder.deps.dataDir, 'audit'),
      machineDir: folder.deps.machineDir,
      signer: keystore.trailKey,
      now: () => 0,
      onAlarm: (message) => alarms.push(message),
    }
    const entry = {
      actor: { kind: 'system', name: 'postern', proof: 'none' },
      action: 'keystore.init',
      object: { kind: 'store', id: 's' },
      outcome: 'done',
      generation: null,
      request_id: null,
    } as const
    const trail = await openAuditTrail(options)
    await trail.append([entry])
    await trail.close()
    const path = join(options.dir, '00000001.jsonl')
    await writeFile(path, Buffer.concat([await readFile(path), Buffer.from('{"seq":2,"half')]))
    const again = await openAuditTrail(options)
    const { data } = await again.page({ page: 1, perPage: 10 })
    assert.deepEqual(
      data.map(({ outcome }) => outcome),
      ['gap', 'done'],
    )
    assert.equal((await again.verify()).ok, true)
    await again.close()
    assert.match(alarms[0] ?? '', /14 bytes of an unfinished append were cut and are kept aside/)
  })

  for (const code of ['ENOSPC', 'EROFS', 'EIO', 'EMFILE'])
    it(`${code} on a change: refused, memory and disk are as before, and the next one is made`, async () => {
      let failing = false
      const disk: DiskCalls = {
        ...realDisk,
        open: (path, flags, mode) =>
          failing && flags === 'wx' ? Promise.reject(faulty(code)) : realDisk.open(path, flags, mode),
      }
      const { folder, keystore } = await three({ disk })
      const before = await everything(folder)
      failing = true
      await assert.rejects(keystore.write({ n: 4 }), { code: 'store_unavailable' })
      assert.deepEqual([keystore.document, keystore.generation], [{ n: 3 }, 3])
      assert.deepEqual(await everything(folder), before)
      assert.deepEqual((await folder.open()).document, { n: 3 })
      failing = false
      await keystore.write({ n: 5 })
      assert.deepEqual((await folder.open()).document, { n: 5 })
    })
}).timeout(60_000)
