/**
 * The life of a backup over a real daemon: an archive made, checked and drilled; records taken back out of it; and the
 * folder itself lost and put back, with the recovery kit and without Postern.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BackupReport, BackupsView, RestorePreview } from '@postern/shared'
import { startPostern } from '../../daemon/src/postern.ts'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { logInto, settingsFor, startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

describe('backups: checked, tried and restored, end to end', () => {
  let test: TestPostern
  let dir: string
  let archive: string
  const { ok, run, at } = commandLine(
    () => test,
    () => dir,
  )
  const json = async <T>(...args: string[]): Promise<T> => JSON.parse(await ok(...args, '--json')) as T
  const keys: Record<string, { id: string; value: string }> = {}
  const works = async (name: string): Promise<number> =>
    (await call(`${test.http}/.postern/self`, { headers: bearer(keys[name]?.value ?? '') })).status

  before(async () => {
    test = await startTestPostern()
    dir = await temporaryDir()
    archive = join(dir, 'one.tar')
    await ok('collections', 'add', 'Orders')
    await ok(
      'endpoints',
      'add',
      '--collection',
      'Orders',
      '--path',
      '/orders/{id}',
      '--upstream',
      'http://127.0.0.1:9/{id}',
    )
    for (const name of ['Kept', 'Renamed', 'Stopped', 'Turned', 'Dropped'])
      keys[name] = await json<{ id: string; value: string }>('keys', 'add', name)
  })
  after(async () => {
    await test.stop()
    await rm(dir, { recursive: true, force: true })
  })

  it('an archive is made, is good by its hashes and by its keys, and a drill proves it', async () => {
    const made = await json<{ path: string; files: number }>('backup', 'create', 'one.tar')
    assert.equal(made.path, archive)
    const byHash = await json<BackupReport>('backup', 'verify', archive, '--no-keys')
    assert.deepEqual([byHash.ok, byHash.listed, byHash.records], [true, made.files, null])
    const byKeys = await json<BackupReport>('backup', 'verify', archive)
    assert.deepEqual(
      [byKeys.ok, byKeys.opened_with, byKeys.records?.keys, byKeys.secrets, byKeys.faults],
      [true, 'machine key', 5, 5, []],
    )
    const byCode = await run(['backup', 'verify', archive, '--recovery', ...at()], { input: test.recoveryCode })
    assert.match(byCode.out, /recovery code: 5 keys[^]*Good: it can be restored/)
    assert.match(await ok('backup', 'show'), /No restore has been proven/)
    assert.match(await ok('backup', 'drill'), /Good/)
    assert.match(await ok('backup', 'show'), /Restore proven: .*5 keys: .*one\.tar/)
    assert.match(await ok('status'), /restore proven \d{4}/)
    assert.match(await ok('audit', 'list'), /backup\.drill/)
  })

  it('records are taken back as they were shown; what was stopped, turned or dropped stays so', async () => {
    await ok('endpoints', 'delete', 'GET /orders/{id}', '--yes')
    await ok('keys', 'edit', 'Renamed', '--description', 'changed since')
    await ok('keys', 'disable', 'Stopped')
    await ok('keys', 'rotate', 'Turned', '--overlap', 'none', '--yes')
    await ok('keys', 'delete', 'Dropped', '--yes')
    await ok('keys', 'add', 'Later')
    const shown = await run(['backup', 'restore', archive, ...at()])
    assert.equal(shown.code, 2, 'without a terminal a yes has to be said')
    assert.match(shown.out, /It adds 1, replaces 0, keeps 8/)
    assert.match(shown.out, /endpoint GET \/orders\/\{id\}/)
    for (const line of [/key Stopped .*: disabled/, /key Turned .*: rotated/, /key Dropped .*: removed/])
      assert.match(shown.out, line)
    assert.match(shown.out, /Differ and stay[^]*key Renamed .*: description/)
    const { generation } = (await test.admin.call('status.get')).store ?? { generation: 0 }
    const done = await json<RestorePreview & { done: boolean }>('backup', 'restore', archive, '--yes')
    assert.deepEqual([done.done, done.adds.map(({ kind }) => kind)], [true, ['endpoint']])
    assert.equal((await test.admin.call('status.get')).store?.generation, generation + 1, 'one change')
    assert.match(await ok('endpoints', 'list'), /\/orders\/\{id\}/)
    assert.match(await ok('backup', 'restore', archive, '--yes'), /nothing to restore/)
    assert.match(await ok('backup', 'restore', archive, '--yes', '--replace'), /replaced 1/)
    assert.doesNotMatch(await ok('keys', 'show', 'Renamed'), /changed since/)
    assert.deepEqual(
      await Promise.all(['Kept', 'Renamed', 'Stopped', 'Turned', 'Dropped'].map(works)),
      [200, 200, 403, 401, 401],
    )
    assert.match(await ok('audit', 'list'), /backup\.restore/)
  })

  it('what was shown is what is done: after another change the same yes is refused', async () => {
    await ok('endpoints', 'delete', 'GET /orders/{id}', '--yes')
    const preview = await test.admin.call('backups.preview', { body: { path: archive } })
    await ok(
      'endpoints',
      'add',
      '--collection',
      'Orders',
      '--path',
      '/orders/{no}',
      '--upstream',
      'http://127.0.0.1:9/',
    )
    await assert.rejects(test.admin.call('backups.restore', { body: { path: archive, hash: preview.hash } }), {
      code: 'precondition_failed',
    })
    const again = await test.admin.call('backups.preview', { body: { path: archive } })
    assert.match(again.skips[0]?.why ?? '', /has its place/)
  })

  it('the clock makes them, keeps N, makes up for a time off once, and tells of what it cannot do', async () => {
    const target = join(dir, 'nightly')
    const refused = async (...args: string[]) => (await run(['backup', 'schedule', ...args, ...at()])).err
    const good = ['--cron', '0 2 * * *', '--dir', target, '--keep', '2']
    assert.match(await refused(...good), /dir: .*mount its disk/)
    await mkdir(target)
    assert.match(await refused(...good.with(1, '0 25 * * *')), /cron: .*hour/)
    assert.match(await refused(...good.with(5, '0')), /keep: a whole number from 1 to 1000/)
    assert.match(await refused(...good.with(3, test.settings.dataDir)), /dir: not inside/)
    test.clock.nowMs = Date.parse('2027-03-01T12:00:00Z')
    assert.match(await ok('backup', 'schedule', ...good), /next 2027-03-02 02:00Z/)
    /** The clock goes on, by steps that the daemon notices, until something has happened. */
    const until = async (
      what: string,
      happened: (view: BackupsView) => boolean | Promise<boolean>,
    ): Promise<BackupsView> => {
      const deadline = Date.now() + 20_000
      for (;;) {
        const view = await test.admin.call('backups.last')
        if (await happened(view)) return view
        assert.ok(Date.now() < deadline, what)
        test.clock.nowMs += 60_000
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
    const alarms = async (): Promise<string[]> => (await test.admin.call('status.get')).alarms.map(({ kind }) => kind)
    for (const days of [1, 3, 1]) {
      test.clock.nowMs += days * dayMs
      test = await test.restart()
      const { nowMs } = test.clock
      await until('a backup is made', ({ last }) => last !== null && Date.parse(last.at) >= nowMs)
      // A time off is made up for once.
      await until('the next one is waited for', ({ schedule }) => schedule?.next_at !== null)
    }
    const made = async (): Promise<string[]> =>
      (await readdir(target)).filter((name) => !name.includes('-revocations-'))
    await until('three were made, two are kept', async () => (await made()).length === 2)
    assert.equal((await readdir(target)).filter((name) => name.includes('-revocations-')).length, 1)
    await rename(target, `${target}.away`)
    test.clock.nowMs += dayMs
    const failed = await until('it fails', ({ schedule }) => schedule?.failed !== null)
    assert.match(failed.schedule?.failed?.problem ?? '', /mount its disk/)
    assert.ok((await alarms()).includes('backup_failed'))
    await rename(`${target}.away`, target)
    test.clock.nowMs += hourMs
    await until('it goes well again', ({ schedule }) => schedule?.failed === null)
    assert.ok(!(await alarms()).includes('backup_failed'))
    await ok('backup', 'schedule', '--off')
    assert.match(await ok('backup', 'drill', '--cron', '0 4 * * 0'), /Drills at "0 4 \* \* 0"/)
    await ok('backup', 'drill', '--off')
  }).timeout(120_000)

  it('one flipped byte is found, without keys and with them; a failed drill is an alarm until one succeeds', async () => {
    const { path } = await json<{ path: string }>('backup', 'create', 'folders')
    const [newest = ''] = (await readdir(join(path, 'store'))).toSorted().toReversed()
    const file = await open(join(path, 'store', newest), 'r+')
    await file.write(Buffer.from([0x5a]), 0, 1, 400)
    await file.close()
    const bad = await run(['backup', 'verify', path, '--no-keys', ...at()])
    assert.equal(bad.code, 3)
    assert.match(bad.out, /BAD store\/\d+\.pks/)
    assert.equal((await run(['backup', 'drill', ...at()])).code, 3)
    assert.ok((await test.admin.call('status.get')).alarms.some(({ kind }) => kind === 'drill_failed'))
    assert.match(await ok('status'), /LAST DRILL FAILED/)
    assert.equal((await run(['backup', 'restore', path, '--yes', ...at()])).code, 3)
    await ok('backup', 'drill', archive)
    assert.ok(!(await test.admin.call('status.get')).alarms.some(({ kind }) => kind === 'drill_failed'))
    const bytes = await readFile(archive)
    await writeFile(join(dir, 'cut.tar'), bytes.subarray(0, bytes.length - 20_000))
    assert.match(
      (await run(['backup', 'verify', join(dir, 'cut.tar'), '--no-keys', ...at()])).out,
      /the archive is cut/,
    )
    await writeFile(join(dir, 'x.txt'), '')
    assert.equal((await run(['backup', 'verify', join(dir, 'x.txt'), ...at()])).code, 1)
  })

  it('a backup of another store is refused: its secrets would not fit', async () => {
    const other = await startTestPostern()
    const { path } = await other.admin.call('backups.create', { body: { dir: join(dir, 'others') } })
    const merged = await run(['backup', 'restore', path, '--yes', ...at()])
    assert.notEqual(merged.code, 0)
    assert.match(merged.err, /--recovery|another store/)
    await other.stop()
  })

  it('a lost folder is put back from the archive and opens with the kit; what lay there is moved aside', async () => {
    const away = settingsFor(join(dir, 'elsewhere'))
    const flags = ['--data', away.dataDir, '--machine', away.machineDir, '--socket', away.socketPath]
    await mkdir(join(away.dataDir, 'store'), { recursive: true, mode: 0o700 })
    await writeFile(join(away.dataDir, 'store', '0000000009.pks'), 'damaged')
    const unsaid = await run(['backup', 'restore', archive, ...flags])
    assert.equal(unsaid.code, 2)
    assert.match(unsaid.out, /as they were written[^]*is sealed/)
    const counted = await run(['backup', 'restore', archive, '--recovery', ...flags], { input: test.recoveryCode })
    assert.deepEqual([counted.code, /It holds 5 keys/.test(counted.out)], [2, true])
    const put = await run(['backup', 'restore', archive, '--yes', ...flags])
    assert.equal(put.code, 0, put.err)
    const aside = (await readdir(join(dir, 'elsewhere'))).find((name) => name.startsWith('data.before-restore-')) ?? ''
    assert.equal(await readFile(join(dir, 'elsewhere', aside, 'store', '0000000009.pks'), 'utf8'), 'damaged')
    assert.match(put.out, /postern unlock --recovery --data/)
    const again = await run(['backup', 'restore', archive, '--yes', ...flags])
    assert.deepEqual([again.code, /is whole/.test(again.err)], [1, true])
    const opened = await run(['unlock', '--recovery', ...flags], { input: test.recoveryCode })
    assert.equal(opened.code, 0, opened.err)
    const restored = await startPostern(away, { log: logInto([]), now: () => test.clock.nowMs, zone: 'UTC', env: {} })
    const self = await call(`${restored.urls[1]}/.postern/self`, { headers: bearer(keys['Kept']?.value ?? '') })
    assert.equal(self.status, 200, self.body)
    await restored.stop()
  })

  it('without Postern the script opens it, and so does the command jose', async function () {
    const python = '/usr/bin/python3'
    if (spawnSync(python, ['-c', 'import jwcrypto, cryptography']).status !== 0) return this.skip()
    if (spawnSync('jose', ['alg']).error !== undefined) return this.skip()
    const script = join(dir, 'rescue.py')
    await writeFile(script, await ok('backup', 'rescue-script'))
    assert.ok((await readFile(script, 'utf8')).trimEnd().split('\n').length <= 80)
    await mkdir(join(dir, 'unpacked'))
    execFileSync('tar', ['-xf', archive, '-C', join(dir, 'unpacked'), '--strip-components=1'])
    // After a change of the root key too, whose slots and generations are of two kinds.
    await ok('slots', 'rotate')
    await ok('backup', 'create', join(dir, 'rotated.tar'))
    await mkdir(join(dir, 'rotated'))
    execFileSync('tar', ['-xf', join(dir, 'rotated.tar'), '-C', join(dir, 'rotated'), '--strip-components=1'])
    const stores = ['unpacked', 'rotated'].map((name) => ({
      folder: join(dir, name),
      code: test.recoveryCode,
      value: keys['Kept']?.value ?? '?',
    }))
    for (const format of ['store-v1', 'store-v2', 'store-v3', 'store-v4']) {
      const fixture = join(import.meta.dirname, '..', 'fixtures', format)
      const { recoveryCode, value } = JSON.parse(await readFile(join(fixture, 'expected.json'), 'utf8')) as {
        recoveryCode: string
        value: string
      }
      stores.push({ folder: join(fixture, 'data'), code: recoveryCode, value })
    }
    for (const { folder, code, value } of stores) {
      const document = JSON.parse(execFileSync(python, [script, folder], { input: `${code}\n` }).toString()) as {
        keys: Record<string, { secrets: { value?: string }[] }>
      }
      const values = Object.values(document.keys).flatMap(({ secrets }) => secrets.map((secret) => secret.value))
      assert.ok(values.includes(value), folder)
      const jwk = join(dir, 'key.jwk')
      await writeFile(jwk, execFileSync(python, [script, '--jwk', folder], { input: code.toLowerCase() }), {
        mode: 0o600,
      })
      const opened = (await readdir(join(folder, 'slots'))).filter((name) => {
        const { status, stdout } = spawnSync('jose', ['jwe', 'dec', '-i', join(folder, 'slots', name), '-k', jwk])
        return status === 0 && (JSON.parse(stdout.toString()) as { rootKey: string }).rootKey.length === 43
      })
      assert.equal(opened.length, 1, folder)
    }
    const wrong = spawnSync(python, [script, join(dir, 'unpacked')], { input: 'CSMR-W8EY' })
    assert.deepEqual([wrong.status, /14 groups/.test(wrong.stderr.toString())], [1, true])
    assert.ok(existsSync(archive))
  })
})
