/** The plug is pulled, a second daemon is started, the folder is copied while it is written to: nothing answered is lost. */
import assert from 'node:assert/strict'
import { cp, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isTemporary } from '../../daemon/src/disk/durable-file.ts'
import { createAdminClient } from '../../daemon/src/cli/admin-client.ts'
import type { IssuedKey } from '@postern/shared'
import { bearer, call } from '../support/call.ts'
import { runPostern, startDaemon, type DaemonProcess } from '../support/daemon-process.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { prepareKey, temporaryDir } from '../support/start-postern.ts'

/** What is being written has another name until it is whole; it may be gone before a copy comes to it. */
const isWhole = (path: string): boolean => !isTemporary(basename(path))

describe('durability of the whole daemon', () => {
  let dir: string
  let upstream: FakeUpstream
  let daemon: DaemonProcess | undefined

  const flags = (name = 'data'): string[] => [
    '--data',
    join(dir, name),
    '--machine',
    join(dir, `${name}.machine`),
    '--socket',
    join(dir, `${name}.sock`),
  ]
  const listen = ['--listen', 'http://127.0.0.1:0']
  const admin = (name = 'data') => createAdminClient({ socketPath: join(dir, `${name}.sock`), actorName: 'tester' })

  beforeEach(async () => {
    dir = await temporaryDir()
    upstream = await startUpstream()
  })
  afterEach(async () => {
    await daemon?.kill('SIGKILL')
    daemon = undefined
    await upstream.close()
    await rm(dir, { recursive: true, force: true })
  })

  const init = async (): Promise<string> => {
    const { code, stdout } = await runPostern(['init', ...flags(), '--json'])
    assert.equal(code, 0)
    return (JSON.parse(stdout) as { code: string }).code
  }

  it('killed at any moment during 100 creates, every key that was answered is there and passes afterwards', async () => {
    await init()
    for (const afterAnswers of [1, 13, 40, 77]) {
      daemon = await startDaemon([...flags(), ...listen])
      if (afterAnswers === 1) await prepareKey(admin(), upstream.origin)
      const answered: IssuedKey[] = []
      const running = daemon
      let killed: Promise<void> | undefined
      await Promise.allSettled(
        Array.from({ length: 100 }, async (_, at) => {
          // Some together, some after another: both a shared commit and one of its own are interrupted.
          if (at % 3 === 0) await new Promise((resolve) => setImmediate(resolve))
          const key = await admin().call('keys.create', { body: { name: `key ${afterAnswers} ${at}` } })
          answered.push(key)
          if (answered.length >= afterAnswers) killed ??= running.kill('SIGKILL')
        }),
      )
      await killed
      daemon = await startDaemon([...flags(), ...listen])
      const { data } = await admin().call('keys.list', { query: { per_page: 500, text: `key ${afterAnswers} ` } })
      const present = new Set(data.map(({ id }) => id))
      for (const { id, value } of answered) {
        assert.ok(present.has(id), `a key that was answered is gone (after ${afterAnswers})`)
        const { status } = await call(`${daemon.urls[0]}/erp/x`, { headers: bearer(value ?? '') })
        assert.equal(status, 200)
      }
      const status = await admin().call('status.get')
      assert.deepEqual(
        status.alarms.filter(({ kind }) => kind !== 'leftover_removed'),
        [],
      )
      await daemon.kill('SIGTERM')
    }
  }).timeout(60_000)

  it('a second daemon on the folder refuses and names the first one’s process', async () => {
    await init()
    daemon = await startDaemon([...flags(), ...listen])
    const second = await runPostern(['run', ...flags(), '--socket', join(dir, 'other.sock'), ...listen])
    assert.equal(second.code, 1)
    assert.match(second.stderr, new RegExp(`process ${daemon.pid}\\b`))
    assert.equal((await admin().call('status.get')).state, 'open')
  })

  it('a folder copied while keys are made opens elsewhere with the recovery kit, and all its keys pass there', async () => {
    const code = await init()
    daemon = await startDaemon([...flags(), ...listen])
    const first = await prepareKey(admin(), upstream.origin)
    const before: IssuedKey[] = []
    for (let at = 0; at < 20; at++) before.push(await admin().call('keys.create', { body: { name: `before ${at}` } }))
    const during = Promise.all(
      Array.from({ length: 60 }, (_, at) => admin().call('keys.create', { body: { name: `during ${at}` } })),
    )
    await cp(join(dir, 'data'), join(dir, 'copy'), { recursive: true, filter: isWhole })
    await during
    await daemon.kill('SIGTERM')

    daemon = await startDaemon([...flags('copy'), ...listen])
    const locked = await call(`${daemon.urls[0]}/erp/x`, { headers: bearer(first.value) })
    assert.equal(locked.status, 503)
    assert.equal(locked.problem().code, 'keystore_locked')
    assert.ok(locked.headers['retry-after'] !== undefined)
    assert.equal((await call(`${daemon.urls[0]}/livez`)).status, 200)
    assert.equal((await call(`${daemon.urls[0]}/readyz`)).status, 503)
    await assert.rejects(admin('copy').call('keys.list'), { code: 'keystore_locked' })
    const wrong = await runPostern(['unlock', '--recovery', ...flags('copy')], code.replace(/^..../, 'ZZZZ'))
    assert.equal(wrong.code, 1)
    const unlocked = await runPostern(['unlock', '--recovery', ...flags('copy')], code)
    assert.equal(unlocked.code, 0, unlocked.stderr)
    for (const { value } of [first, ...before])
      assert.equal((await call(`${daemon.urls[0]}/erp/x`, { headers: bearer(value ?? '') })).status, 200)
    const { data } = await admin('copy').call('audit.list')
    assert.equal(data[0]?.action, 'keystore.unlock')
    await daemon.kill('SIGTERM')
    daemon = await startDaemon([...flags('copy'), ...listen])
    assert.equal((await admin('copy').call('status.get')).state, 'open')
  }).timeout(60_000)

  it('unlock opens a copied folder with no daemon running, too', async () => {
    const code = await init()
    await cp(join(dir, 'data'), join(dir, 'copy'), { recursive: true, filter: isWhole })
    const closed = await runPostern(['keys', 'list', ...flags('copy')])
    assert.equal(closed.code, 1)
    assert.match(closed.stderr, /postern run/)
    const { code: exit, stdout } = await runPostern(['unlock', '--recovery', '--json', ...flags('copy')], `${code}\n`)
    assert.equal(exit, 0)
    // The slot of this machine, then a root key that the old machine does not know.
    assert.equal((JSON.parse(stdout) as { generation: number }).generation, 3)
  })

  it('secrets that were planted appear in no log, list, error, file in the clear or process argument', async () => {
    const code = await init()
    daemon = await startDaemon([...flags(), ...listen, '--log-level', 'debug'])
    const key = await prepareKey(admin(), upstream.origin)
    const keys = [key.value]
    for (let at = 0; at < 20; at++)
      keys.push((await admin().call('keys.create', { body: { name: `planted ${at}` } })).value ?? '')
    keys.push(
      (await admin().call('keys.rotate', { params: { key: key.id }, body: { overlap_seconds: 60 } })).value ?? '',
    )
    const url = daemon.urls[0] ?? ''
    const seen: string[] = []
    for (const value of keys) {
      const half = `${value.slice(0, -1)}0`
      for (const headers of [
        bearer(value),
        bearer(half),
        { 'x-api-key': value },
        { 'x-api-key': `${value} ${value}` },
        { ...bearer(value), 'x-api-key': value },
      ])
        for (const path of ['/erp/x', '/nowhere', '/.postern/self', `/erp/${value}/../x`, '/livez']) {
          const { body, headers: answered } = await call(url + path, { headers })
          seen.push(body.replace(`upstream /x`, ''), JSON.stringify(answered))
        }
    }
    for (const row of [
      'keys.list',
      'audit.list',
      'status.get',
      'clients.list',
      'endpoints.list',
      'slots.list',
      'settings.get',
      'collections.list',
    ] as const)
      seen.push(JSON.stringify(await admin().call(row)))
    for (const pid of [daemon.pid, process.pid])
      seen.push((await readFile(`/proc/${pid}/cmdline`, 'latin1')) + (await readFile(`/proc/${pid}/environ`, 'latin1')))
    await daemon.kill('SIGTERM')
    seen.push(daemon.said())
    for (const folder of ['data', 'data.machine'])
      for (const name of await readdir(join(dir, folder), { recursive: true }))
        seen.push(await readFile(join(dir, folder, name), 'latin1').catch(() => ''))
    const everything = seen.join('\n')
    assert.ok(everything.length > 50_000)
    for (const value of keys) assert.ok(!everything.includes(value.slice(17, 60)), 'a secret was found')
    assert.ok(!everything.includes(code))
  }).timeout(60_000)
})
