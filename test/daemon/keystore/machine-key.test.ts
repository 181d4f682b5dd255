/** The machine key opens the keystore on this machine, however this machine keeps it, and nowhere else. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { realDisk } from '../../../daemon/src/disk/durable-file.ts'
import { layoutOf, type Layout } from '../../../daemon/src/keystore/layout.ts'
import {
  machineKeyKind,
  protectMachineKey,
  readMachineKey,
  writeMachineKey,
} from '../../../daemon/src/keystore/machine-key.ts'
import { credentialName } from '../../../daemon/src/keystore/machine-key-protection.ts'
import { smallFolder, type Folder } from '../../support/keystore.ts'

const hasSystemdCreds = (): boolean =>
  process.getuid?.() === 0 &&
  spawnSync('systemd-creds', ['encrypt', '--name=probe', '-', '-'], { input: 'probe' }).status === 0

describe('machine key', () => {
  let folder: Folder
  let layout: Layout
  beforeEach(async () => {
    folder = await smallFolder()
    await folder.create()
    layout = layoutOf(folder.deps.dataDir, folder.deps.machineDir)
  })
  afterEach(() => folder.remove())

  const secretPart = async (): Promise<string> => {
    const key = await readMachineKey(layout, realDisk)
    assert.ok(key !== undefined)
    return (JSON.parse(key.privateKey.reveal()) as { d: string }).d
  }
  const openFiles = async (): Promise<string> => {
    const names = await readdir(layout.machineDir)
    return (await Promise.all(names.map((name) => readFile(join(layout.machineDir, name), 'latin1')))).join('\n')
  }

  it('in a file it is readable by its owner alone', async () => {
    assert.equal(await machineKeyKind(layout, realDisk), 'file')
    assert.equal((await stat(layout.machineKey)).mode & 0o077, 0)
  })

  it('sealed by systemd-creds it lies nowhere in the open, and the store opens as before', async function () {
    if (!hasSystemdCreds()) return this.skip()
    const d = await secretPart()
    await protectMachineKey(layout, 'systemd-creds', realDisk)
    assert.equal(await machineKeyKind(layout, realDisk), 'systemd-creds')
    assert.equal(await secretPart(), d)
    assert.ok(!(await openFiles()).includes(d))
    const opened = await folder.open()
    assert.deepEqual([opened.document, opened.protection.machineKey], [{ n: 1 }, 'systemd-creds'])
    await protectMachineKey(layout, 'file', realDisk)
    assert.equal(await machineKeyKind(layout, realDisk), 'file')
    assert.deepEqual((await folder.open()).document, { n: 1 })
  })

  it('what systemd hands to a unit is taken before anything is asked of the system', async function () {
    if (!hasSystemdCreds()) return this.skip()
    const d = await secretPart()
    const handed = JSON.stringify(JSON.parse((await readMachineKey(layout, realDisk))?.privateKey.reveal() ?? ''))
    await protectMachineKey(layout, 'systemd-creds', realDisk)
    await writeFile(layout.sealedMachineKey, 'not what was sealed')
    await assert.rejects(folder.open(), { code: 'keystore_locked' })
    await writeFile(join(folder.dir, credentialName), handed)
    process.env['CREDENTIALS_DIRECTORY'] = folder.dir
    try {
      assert.equal(await secretPart(), d)
    } finally {
      delete process.env['CREDENTIALS_DIRECTORY']
    }
  })

  it('sealed elsewhere, or damaged, it leaves the store locked, and nothing is written', async () => {
    for (const content of [
      '{"v":2,"kind":"systemd-creds","storeId":"a","slotId":"b"}',
      '{"v":2,"kind":"else"}',
      '{',
      '',
    ]) {
      await writeFile(layout.machineKey, content)
      const before = await readdir(layout.store)
      await assert.rejects(folder.open(), { code: 'keystore_locked' })
      assert.deepEqual(await readdir(layout.store), before)
    }
  })

  it('a machine that cannot keep it in the way asked for says so, and the key stays as it was', async () => {
    const key = await readMachineKey(layout, realDisk)
    assert.ok(key !== undefined)
    if (process.platform !== 'win32') {
      await assert.rejects(writeMachineKey(layout, key, realDisk, 'dpapi'), { code: 'settings_invalid' })
      await assert.rejects(protectMachineKey(layout, 'dpapi', realDisk), { code: 'settings_invalid' })
    }
    assert.deepEqual((await folder.open()).document, { n: 1 })
    await rm(layout.machineKey)
    await assert.rejects(protectMachineKey(layout, 'file', realDisk), { code: 'keystore_locked' })
  })
})
