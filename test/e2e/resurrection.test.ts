/** A folder of an older day put back in place: what was taken back since is refused on the first call, and listed. */
import assert from 'node:assert/strict'
import { cp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CameUpView } from '@postern/shared'
import { startPostern } from '../../daemon/src/postern.ts'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { logInto, settingsFor, startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

describe('what was taken back, end to end', function () {
  this.timeout(60_000)
  let test: TestPostern
  let dir: string
  const { ok, run, at } = commandLine(
    () => test,
    () => dir,
  )
  const values: Record<string, string> = {}
  beforeEach(async () => {
    test = await startTestPostern()
    dir = await temporaryDir()
    for (const name of ['Removed', 'Disabled', 'Rotated', 'Good']) {
      const { value } = JSON.parse(await ok('keys', 'add', name, '--json')) as { value: string }
      values[name] = value
    }
  })
  afterEach(async () => {
    await test.stop()
    await rm(dir, { recursive: true, force: true })
  })

  const statuses = async (url: string): Promise<Record<string, number>> => {
    const found: Record<string, number> = {}
    for (const [name, value] of Object.entries(values))
      found[name] = (await call(`${url}/.postern/self`, { headers: bearer(value) })).status
    return found
  }
  const takeBack = async (): Promise<void> => {
    await ok('keys', 'delete', 'Removed', '--yes')
    await ok('keys', 'disable', 'Disabled')
    await ok('keys', 'rotate', 'Rotated', '--yes')
  }
  const expected = { Removed: 401, Disabled: 403, Rotated: 401, Good: 200 }
  /** The folder of before in place of the present one; what is in the machine folder stays. */
  const putBack = async (old: string): Promise<void> => {
    await test.postern.stop()
    await rm(test.settings.dataDir, { recursive: true })
    await cp(old, test.settings.dataDir, { recursive: true })
  }
  const unlock = ['unlock', '--recovery', '--accept-rollback']

  it('on the same machine all of it is taken back again, on the first call, and listed; nothing else is touched', async () => {
    const old = join(dir, 'old')
    await cp(test.settings.dataDir, old, { recursive: true })
    await takeBack()
    assert.deepEqual(await statuses(test.http), expected)
    await putBack(old)
    test = await test.restart().catch(async () => assert.fail('the daemon starts, locked'))
    assert.equal(test.postern.state, 'locked')
    const said = await run([...unlock, ...at()], { input: `${test.recoveryCode}\n` })
    assert.equal(said.code, 0, said.err)
    assert.deepEqual(await statuses(test.http), expected)
    for (const pattern of [
      /key "Removed" \(\w{8}\): removed/,
      /"Disabled" \(\w{8}\): disabled/,
      /"Rotated" \(\w{8}\): rotated/,
    ])
      assert.match(said.out, pattern)
    assert.doesNotMatch(said.out, /Good|until somebody confirms/)
    assert.match(await ok('status'), /ALARM .*"Removed"/)
    const trail = await ok('audit', 'list')
    assert.equal(trail.match(/key\.reapply/g)?.length, 3)
    // The next start has nothing to add, and the lost value comes back by rotating.
    test = await test.restart()
    assert.deepEqual(await statuses(test.http), expected)
    assert.doesNotMatch(await ok('status'), /ALARM/)
    const rotated = JSON.parse(await ok('keys', 'rotate', 'Rotated', '--overlap', '1h', '--yes', '--json')) as {
      value: string
    }
    await ok('keys', 'enable', 'Rotated')
    assert.equal((await call(`${test.http}/.postern/self`, { headers: bearer(rotated.value) })).status, 200)
    assert.equal((await statuses(test.http))['Rotated'], 401)
  })

  it('without the journal every key waits, one is let live again by name and the others together', async () => {
    const old = join(dir, 'old')
    await cp(test.settings.dataDir, old, { recursive: true })
    await takeBack()
    await putBack(old)
    await rm(join(test.settings.machineDir, 'revocations'), { recursive: true })
    const said = await run([...unlock, '--json', ...at()], { input: `${test.recoveryCode}\n` })
    const view = (JSON.parse(said.out) as { came_up: CameUpView }).came_up
    assert.deepEqual([view.gap, view.newer_known, view.quarantined.length], [true, true, 4])
    test = await test.restart()
    for (const status of Object.values(await statuses(test.http))) assert.equal(status, 403)
    assert.match(await ok('keys', 'list'), /waits for confirmation/)
    assert.equal((await test.admin.call('keys.get', { params: { key: 'Good' } })).quarantined, true)
    await ok('keys', 'enable', 'Good')
    assert.equal((await statuses(test.http))['Good'], 200)
    await assert.rejects(test.admin.call('keys.release', { body: { keys: ['Good'] } }), { code: 'conflict' })
    await assert.rejects(test.admin.call('keys.release', { body: {} }), { code: 'field_invalid' })
    assert.match(await ok('keys', 'release', 'Rotated'), /"Rotated"/)
    assert.match(await ok('keys', 'release', '--all'), /Live again: 2/)
    for (const status of Object.values(await statuses(test.http))) assert.equal(status, 200)
    assert.match(await ok('audit', 'list'), /keystore\.quarantine/)
  })

  it('on a bare machine a backup says from when it is; with the journal beside it, what was taken back since stays so', async () => {
    const made = JSON.parse(await ok('backup', 'create', 'copies', '--json')) as { path: string }
    await takeBack()
    const journalOf = async (): Promise<string[]> =>
      (await readdir(join(dir, 'copies'))).filter((name) => name.includes('-revocations-')).toSorted()
    const deadline = Date.now() + 10_000
    while ((await journalOf()).length < 2 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20))
    await test.postern.stop()
    const [, journal = ''] = await journalOf()
    for (const withJournal of [false, true]) {
      const elsewhere = settingsFor(join(dir, `elsewhere-${withJournal}`))
      await cp(made.path, elsewhere.dataDir, { recursive: true })
      if (withJournal) await cp(join(dir, 'copies', journal), join(elsewhere.dataDir, 'revocations', journal))
      const folders = ['--data', elsewhere.dataDir, '--machine', elsewhere.machineDir, '--socket', elsewhere.socketPath]
      const said = await run(['unlock', '--recovery', ...folders], { input: `${test.recoveryCode}\n` })
      assert.equal(said.code, 0, said.err)
      assert.match(said.out, /The folder is of generation 5, written \d{4}-/)
      assert.equal(/What happened after that is not known here/.test(said.out), !withJournal)
      const options = { log: logInto([]), now: () => test.clock.nowMs, zone: 'UTC', env: {} }
      const restored = await startPostern(elsewhere, options)
      try {
        const all = { Removed: 200, Disabled: 200, Rotated: 200, Good: 200 }
        assert.deepEqual(await statuses(restored.urls[1] ?? ''), withJournal ? expected : all)
      } finally {
        await restored.stop()
      }
    }
    const asked = settingsFor(join(dir, 'asked'))
    await cp(made.path, asked.dataDir, { recursive: true })
    const folders = ['--data', asked.dataDir, '--machine', asked.machineDir, '--socket', asked.socketPath]
    const said = await run(['unlock', '--recovery', '--quarantine', ...folders], { input: `${test.recoveryCode}\n` })
    assert.match(said.out, /These keys are refused until somebody confirms them:\n.*"Removed"/)
  })
})
