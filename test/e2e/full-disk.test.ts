/** The disk of the trail fills up under a running daemon: what is refused, what goes on and how long, and that nothing is lost. */
import assert from 'node:assert/strict'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bearer, call, type Answered } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

const mib = 1024 ** 2
const expiredKeys = 40

describe('a disk that fills up', () => {
  let disk: SmallDisk | undefined
  let test: TestPostern
  let upstream: FakeUpstream
  let key: { id: string; value: string }
  const expired: string[] = []
  /** Calls by the code they were answered with. */
  const answered = new Map<string, number>()
  const { ok } = commandLine(
    () => test,
    () => disk?.dir ?? '',
  )

  before(async function () {
    disk = await mountSmallDisk(12)
    // Only root may mount a small disk.
    if (disk === undefined) return this.skip()
    const dataDir = join(disk.dir, 'data')
    await mkdir(dataDir, { mode: 0o700 })
    test = await startTestPostern({ dataDir }, { auditReserveBytes: 3 * mib, flushEveryMs: 1_000, freeBytesMin: 0 })
    upstream = await startUpstream()
    key = await prepareKey(test.admin, upstream.origin)
    for (let at = 0; at < expiredKeys; at++) {
      const { value } = await test.admin.call('keys.create', {
        body: { name: `Late ${at}`, expires: { at: 'now' } },
      })
      expired.push(value ?? '')
    }
  })
  after(async () => {
    if (disk === undefined) return
    await test.stop()
    await upstream.close()
    await disk.remove()
  })

  const held = async (): Promise<number> => (await stat(join(test.settings.dataDir, 'audit', 'reserve'))).size
  const logs = (kind: string): number => test.logged.filter((line) => line.includes(`"${kind}"`)).length
  const counted = (code: string): void => void answered.set(code, (answered.get(code) ?? 0) + 1)
  const calls = async (value: string, path = '/erp/x'): Promise<Answered> => {
    const answer = await call(`${test.http}${path}`, { headers: bearer(value) })
    counted(answer.status === 200 ? 'allow' : answer.problem().code)
    return answer
  }
  /** Enough refusals for more than what is left of a block; their minute is over when this resolves. */
  const refusals = async (): Promise<void> => {
    await Promise.all(expired.map((value) => calls(value)))
    test.clock.nowMs += 60_000
  }
  const until = async (wanted: () => boolean | Promise<boolean>, what: string): Promise<void> => {
    const deadline = Date.now() + 10_000
    while (!(await wanted())) {
      assert.ok(Date.now() < deadline, what)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  const rename = (description: string) =>
    test.admin.call('keys.edit', { params: { key: key.id }, body: { description }, ifMatch: '*' })

  it('a reserve is on the disk before it is needed', async () => {
    assert.equal(await held(), 3 * mib)
    assert.equal((await stat(join(test.settings.dataDir, 'audit', 'reserve'))).mode & 0o777, 0o600)
    assert.equal(logs('audit_reserve'), 0)
  })

  it('calls go on from the reserve, their refusals are recorded, and an urgent notice tells of it', async () => {
    await disk?.fill()
    await refusals()
    await until(() => logs('audit_disk_full') > 0, 'no alarm')
    assert.ok((await held()) < 3 * mib)
    assert.equal((await calls(key.value)).status, 200)
    const { data } = await test.admin.call('audit.list', { query: { per_page: 500 } })
    assert.equal(data.filter(({ outcome }) => outcome === 'refused').length, expiredKeys)
    await until(async () => {
      const notices = await test.admin.call('notices.list')
      return notices.data.some(({ id, severity }) => id.startsWith('alarm:audit_disk_full') && severity === 'urgent')
    }, 'no notice')
    assert.match(test.logged.find((line) => line.includes('audit_disk_full')) ?? '', /2 of 3 MiB are left/)
  })

  it('changes, reveals and slots are refused while the trail lives on the reserve, though there is room in it', async () => {
    assert.ok((await disk?.freeBytes()) !== 0)
    const before = await held()
    const full = { code: 'store_unavailable', message: /The disk of .*audit is full.*Make room, at least \d+ MiB/ }
    await assert.rejects(rename('on a full disk'), full)
    await assert.rejects(test.admin.call('keys.reveal', { params: { key: key.id } }), full)
    await assert.rejects(test.admin.call('slots.add', { body: { kind: 'recovery' } }), full)
    const { data } = await test.admin.call('slots.list')
    await assert.rejects(test.admin.call('slots.remove', { params: { slot: data[0]?.id ?? '' } }), full)
    assert.equal(await held(), before)
    assert.equal((await test.admin.call('keys.get', { params: { key: key.id } })).description, '')
    assert.equal(logs('audit_disk_full'), 1)
  })

  it('once the reserve is used up every call is 503 before its credential is looked at, and the health paths say so', async () => {
    for (let step = 0; step < 4 && logs('audit_unwritable') === 0; step++) {
      const [before, alarms] = [await held(), logs('audit_unwritable')]
      await disk?.fill()
      await refusals()
      await until(async () => (await held()) < before || logs('audit_unwritable') > alarms, 'nothing was given up')
    }
    await until(() => logs('audit_unwritable') > 0, 'the end of the reserve was not said')
    assert.equal(await held(), 0)
    for (const value of [key.value, 'nobody']) {
      const refused = await calls(value)
      assert.deepEqual([refused.status, refused.problem().code], [503, 'store_unavailable'])
      assert.equal(refused.headers['retry-after'], '10')
    }
    assert.equal((await calls(key.value, '/.postern/self')).status, 503)
    assert.equal((await calls(key.value, '/oauth/token')).status, 503)
    const asked = { 'x-original-method': 'GET', 'x-original-uri': '/erp/x', ...bearer(key.value) }
    const proxied = await call(`${test.http}/authz/auth-request`, { headers: asked })
    counted('store_unavailable')
    assert.deepEqual([proxied.status, proxied.headers['x-postern-status']], [403, '503'])
    assert.equal((await call(`${test.http}/livez`)).status, 200)
    const ready = await call(`${test.http}/readyz`)
    assert.deepEqual(
      [ready.status, JSON.parse(ready.body)],
      [503, { status: 'unready', reasons: ['audit_unwritable'] }],
    )
    await assert.rejects(rename('on a full disk'), { code: 'store_unavailable' })
  })

  it('when there is room again changes and calls go on, the reserve is whole, and the end of the alarm is logged', async () => {
    await disk?.free()
    await rename('after the full disk')
    assert.equal((await calls(key.value)).status, 200)
    assert.equal(await held(), 3 * mib)
    assert.equal(test.logged.filter((line) => line.includes('"alarm_ended":"audit_disk_full"')).length, 1)
    assert.deepEqual(JSON.parse((await call(`${test.http}/readyz`)).body), { status: 'ready', reasons: [] })
    assert.equal(logs('job_flush'), 0)
  })

  it('nothing is lost: the trail is whole and says every refused call, usage counts every call', async () => {
    test.clock.nowMs += 60_000
    test = await test.restart()
    const { data } = await test.admin.call('audit.list', { query: { per_page: 500 } })
    const told = new Map<string, number>()
    for (const { outcome, note, count } of data)
      if (outcome === 'refused') {
        const reason = note?.split(',')[0] ?? ''
        told.set(reason, (told.get(reason) ?? 0) + (count ?? 0))
      }
    const { allow = 0, ...refused } = Object.fromEntries(answered)
    assert.deepEqual(Object.fromEntries(told), refused)
    assert.match(await ok('audit', 'verify'), /^The trail is whole/)
    const report = await ok('usage', 'report', '--by', 'day', '--json')
    const rows = (JSON.parse(report) as { data: { calls: number }[] }).data
    const total = rows.reduce((sum, { calls: each }) => sum + each, 0)
    assert.equal(total, allow + Object.values(refused).reduce((sum, each) => sum + each, 0))
  })
})

describe('a disk that is full', () => {
  it('keeps no daemon from starting and serving, wherever its folders are', async function () {
    const disk = await mountSmallDisk(40)
    // Only root may mount a small disk.
    if (disk === undefined) return this.skip()
    const folders = { dataDir: join(disk.dir, 'data'), machineDir: join(disk.dir, 'machine') }
    await mkdir(folders.dataDir, { mode: 0o700 })
    let test = await startTestPostern(folders, { auditReserveBytes: mib })
    try {
      const { value } = await prepareKey(test.admin, 'http://127.0.0.1:1')
      await disk.fill()
      test = await test.restart()
      assert.equal((await call(`${test.http}/.postern/self`, { headers: bearer(value) })).status, 200)
    } finally {
      await disk.free()
      await test.stop()
      await disk.remove()
    }
  })
})

describe('a disk that fails a running daemon', () => {
  it('read-only disk: calls pass, changes are refused at once and status says why; it comes back by itself', async function () {
    const disk = await mountSmallDisk(40)
    // Only root may mount a small disk.
    if (disk === undefined) return this.skip()
    const folders = { dataDir: join(disk.dir, 'data'), machineDir: join(disk.dir, 'machine') }
    await mkdir(folders.dataDir, { mode: 0o700 })
    const test = await startTestPostern(folders, { auditReserveBytes: mib, probeEveryMs: 100 })
    const upstream = await startUpstream()
    const { ok } = commandLine(
      () => test,
      () => disk.dir,
    )
    let thaw = (): void => undefined
    try {
      const { id, value } = await prepareKey(test.admin, upstream.origin)
      const edit = (description: string) =>
        test.admin.call('keys.edit', { params: { key: id }, body: { description }, ifMatch: '*' })
      thaw = disk.freeze(join(folders.dataDir, 'store'))
      await assert.rejects(edit('one'), { code: 'store_unavailable' })
      await assert.rejects(edit('two'), { code: 'store_unavailable' })
      await assert.rejects(edit('three'), { code: 'store_unavailable', message: /^Changes are refused since .*EROFS/ })
      assert.equal((await call(`${test.http}/erp/x`, { headers: bearer(value) })).status, 200)
      const status = await test.admin.call('status.get')
      assert.match(status.refusing?.why ?? '', /EROFS/)
      assert.equal(status.alarms.filter(({ kind }) => kind === 'store_read_only').length, 1)
      assert.match(await ok('status'), /^Read-only +since /m)
      thaw()
      const deadline = Date.now() + 20_000
      while ((await test.admin.call('status.get')).refusing !== null) {
        assert.ok(Date.now() < deadline, 'it did not come back')
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      await edit('four')
      assert.equal((await test.admin.call('keys.get', { params: { key: id } })).description, 'four')
      const after = await test.admin.call('status.get')
      assert.equal(after.alarms.filter(({ kind }) => kind === 'store_read_only').length, 0)
    } finally {
      thaw()
      await test.stop()
      await upstream.close()
      await disk.remove()
    }
  }).timeout(60_000)

  it('low room: changes are refused early with the figures, calls pass, and with room changes go on at once', async function () {
    const disk = await mountSmallDisk(40)
    // Only root may mount a small disk.
    if (disk === undefined) return this.skip()
    const dataDir = join(disk.dir, 'data')
    await mkdir(dataDir, { mode: 0o700 })
    const test = await startTestPostern({ dataDir })
    const upstream = await startUpstream()
    try {
      const { id, value } = await prepareKey(test.admin, upstream.origin)
      const edit = () => test.admin.call('keys.edit', { params: { key: id }, body: { description: 'x' }, ifMatch: '*' })
      await disk.fill()
      await assert.rejects(edit(), {
        code: 'store_unavailable',
        message: /0\.0 MiB free, and a change needs 16\.0 MiB/,
      })
      assert.equal((await call(`${test.http}/erp/x`, { headers: bearer(value) })).status, 200)
      await disk.free()
      await edit()
    } finally {
      await test.stop()
      await upstream.close()
      await disk.remove()
    }
  }).timeout(60_000)

  it('started on a disk that takes nothing, with an alarm to tell, it answers calls and says why it takes no change', async function () {
    const disk = await mountSmallDisk(40)
    if (disk === undefined) return this.skip()
    const folders = { dataDir: join(disk.dir, 'data'), machineDir: join(disk.dir, 'machine') }
    await mkdir(folders.dataDir, { mode: 0o700 })
    let test = await startTestPostern(folders, { auditReserveBytes: mib, probeEveryMs: 100 })
    const upstream = await startUpstream()
    let thaw = (): void => undefined
    try {
      const { id, value } = await prepareKey(test.admin, upstream.origin)
      const backup = join(disk.dir, 'backup.tar')
      await test.admin.call('backups.create', { body: { file: backup } })
      await writeFile(backup, 'not one any more')
      await test.admin.call('backups.drill', { body: {} }).catch(() => undefined)
      await test.postern.stop()
      thaw = disk.freeze(folders.dataDir)
      test = await test.restart()
      assert.ok((await test.admin.call('status.get')).alarms.some(({ kind }) => kind === 'drill_failed'))
      assert.equal((await call(`${test.http}/erp/x`, { headers: bearer(value) })).status, 200)
      const edited = test.admin.call('keys.edit', { params: { key: id }, body: { description: 'x' }, ifMatch: '*' })
      await assert.rejects(edited, { code: 'store_unavailable' })
    } finally {
      await test.postern.stop().catch(() => undefined)
      thaw()
      await upstream.close()
      await disk.remove()
    }
  }).timeout(60_000)
})
