/** The trail from a change and a refused call to a stranger who checks it; and an intruder who edits it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditVerification, AuditView } from '@postern/shared'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { prepareKey, startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

describe('the audit trail, end to end', () => {
  let test: TestPostern
  let dir: string
  let key: { id: string; value: string }
  const { run, ok, at } = commandLine(
    () => test,
    () => dir,
  )
  before(async () => {
    test = await startTestPostern()
    dir = await temporaryDir()
    key = await prepareKey(test.admin, 'http://127.0.0.1:1')
  })
  after(async () => {
    await test.stop()
    await rm(dir, { recursive: true, force: true })
  })

  it('refused calls are told by caller and minute, and however many they are, they are one record', async () => {
    const wrong = `${key.value.slice(0, -1)}${key.value.endsWith('a') ? 'b' : 'a'}`
    await Promise.all(Array.from({ length: 50 }, () => call(`${test.http}/erp/x`, { headers: bearer(wrong) })))
    await call(`${test.http}/elsewhere`, { headers: bearer(key.value) })
    test = await test.restart()
    const { data } = await test.admin.call('audit.list', { query: { per_page: 500 } })
    const refused = data.filter(({ outcome }) => outcome === 'refused')
    assert.deepEqual(
      new Set(refused.map(({ count, object: { kind }, note }) => `${count} ${kind} ${note?.split(',')[0]}`)),
      new Set(['1 key no_endpoint', '50 address credential_invalid']),
    )
    assert.ok(!JSON.stringify(data).includes(wrong.slice(17)))
  })

  it('a list holds what was asked for by actor, action, source and time, and a time that is none is refused', async () => {
    const listed = async (...asked: string[]): Promise<{ count: number; data: AuditView[] }> =>
      JSON.parse(await ok('audit', 'list', '--json', ...asked)) as { count: number; data: AuditView[] }
    const { count } = await listed()
    const issued = await listed('--action', 'key.issue', '--source', 'local')
    assert.deepEqual([...new Set(issued.data.map(({ action }) => action))], ['key.issue'])
    const name = issued.data[0]?.actor.name ?? ''
    const theirs = await listed('--actor', name.toUpperCase())
    assert.deepEqual([...new Set(theirs.data.map(({ actor }) => actor.name))], [name])
    assert.ok(theirs.count < count)
    assert.equal((await listed('--actor', 'nobody of this name')).count, 0)
    assert.equal((await listed('--from', '2000-01-01', '--to', '2999-01-01')).count, count)
    assert.equal((await listed('--to', '2000-01-01')).count, 0)
    assert.match((await run(['audit', 'list', '--from', 'yesterday', ...at()])).err, /from: give a date such as/)
  })

  it('verify, export, key and verifier: a stranger finds the same as Postern', async () => {
    const own = JSON.parse(await ok('audit', 'verify', '--json')) as AuditVerification
    assert.deepEqual([own.ok, own.bad], [true, null])
    const files = { 'trail.jsonl': ['export'], 'key.pem': ['key'] }
    for (const [name, args] of Object.entries(files)) await writeFile(join(dir, name), await ok('audit', ...args))
    const { out } = await run(['audit', 'verifier'])
    await writeFile(join(dir, 'verify-trail.mjs'), out)
    const { status, stdout } = spawnSync(process.execPath, ['verify-trail.mjs', 'trail.jsonl', 'key.pem'], {
      cwd: dir,
      encoding: 'utf8',
    })
    assert.equal(status, 0, stdout)
    assert.match(stdout, new RegExp(`^OK: records 1 to ${own.last_seq} of store`))
  })

  it('an edited record is named, while the daemon runs and when it does not', async () => {
    const folder = join(test.settings.dataDir, 'audit')
    const [segment = ''] = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'))
    const path = join(folder, segment)
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('"name":"ERP"', '"name":"ERQ"'))
    const { code, err } = await run(['audit', 'verify', ...at()])
    assert.equal(code, 1)
    assert.match(err, /From record 2 on/)
    await test.postern.stop()
    const offline = await run(['audit', 'verify', ...at(), '--json'])
    assert.equal(offline.code, 1)
    assert.match(offline.err, /trail_damaged/)
    await writeFile(path, text)
    assert.match(await ok('audit', 'verify'), /^The trail is whole: \d+ records/)
    await writeFile(path, text.split('\n').slice(0, -3).join('\n') + '\n')
    assert.match((await run(['audit', 'verify', ...at()])).err, /the trail ends here, but record \d+ was written/)
    test = await test.restart()
    const gap = await run(['audit', 'verify', ...at()])
    assert.deepEqual([gap.code, /Records are missing: \d+ to \d+/.test(gap.err)], [1, true])
    assert.match(await ok('audit', 'verify', '--allow-gaps'), /genuine as far as it goes/)
  })
})
