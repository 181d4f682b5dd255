/** A clock that is set back gives no key more time; one that is set far ahead takes none for good. */
import assert from 'node:assert/strict'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { startTestPostern, type TestPostern } from '../support/start-postern.ts'

const dayMs = 86_400_000

describe('the clock, end to end', function () {
  this.timeout(60_000)
  let test: TestPostern
  let value: string
  const { ok, run, at } = commandLine(
    () => test,
    () => '.',
  )
  beforeEach(async () => {
    test = await startTestPostern({}, { steadyMs: () => performance.now() })
    value = (await test.admin.call('keys.create', { body: { name: 'Robot', expires: { days: 10 } } })).value ?? ''
  })
  afterEach(() => test.stop())
  const status = async (): Promise<number> =>
    (await call(`${test.http}/.postern/self`, { headers: bearer(value) })).status
  const clockIs = async (standing: string): Promise<void> => {
    const deadline = Date.now() + 10_000
    while ((await test.admin.call('status.get')).clock.standing !== standing) {
      assert.ok(Date.now() < deadline, `the clock is not ${standing}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  it('set back, an expired key stays expired, over a restart too; people are told both times, and that it is over', async () => {
    // No more than two days at a time, as a machine that is off over a night.
    for (let n = 0; n < 6; n += 1) {
      test.clock.nowMs += 1.9 * dayMs
      test = await test.restart()
    }
    assert.equal((await test.admin.call('status.get')).clock.standing, 'right')
    assert.equal(await status(), 401)
    const wasMs = test.clock.nowMs
    test.clock.nowMs -= 9 * dayMs
    assert.equal(await status(), 401, 'at once')
    await clockIs('behind')
    test = await test.restart()
    assert.equal(await status(), 401, 'after a restart')
    const { alarms, clock } = await test.admin.call('status.get')
    const told = alarms.find(({ kind }) => kind === 'clock')?.message ?? ''
    assert.ok(told.includes(new Date(test.clock.nowMs).toISOString()), told)
    const saidMs = Date.parse(/it has been (\S+Z)\./.exec(told)?.[1] ?? '')
    assert.ok(saidMs >= wasMs && saidMs - wasMs < 60_000, told)
    assert.ok(Date.parse(clock.judged_by) >= wasMs)
    assert.match(await ok('status'), /Clock +says .* judged by/)
    // What is decided now counts from the time that is judged by: a new key has its days.
    const fresh = await test.admin.call('keys.create', { body: { name: 'Fresh', expires: { days: 2 } } })
    assert.equal(fresh.state, 'active')
    test.clock.nowMs = wasMs
    await clockIs('right')
    assert.deepEqual((await test.admin.call('status.get')).alarms, [])
  })

  it('set far ahead, keys are refused and live again when it is set back; an administrator can say that it is right', async () => {
    test.clock.nowMs += 400 * dayMs
    assert.equal(await status(), 401)
    await clockIs('ahead')
    test.clock.nowMs -= 400 * dayMs
    assert.equal(await status(), 200)
    await clockIs('right')
    assert.equal((await run(['clock', 'accept', '--yes', ...at()])).code, 1)
    test.clock.nowMs += 5 * dayMs
    await clockIs('ahead')
    assert.match(await ok('clock', 'show'), /far ahead/)
    await ok('clock', 'accept', '--yes')
    await clockIs('right')
    assert.match(await ok('audit', 'list'), /clock\.accept/)
    // Now it is sure, also for the next start.
    test.clock.nowMs -= 5 * dayMs
    test = await test.restart()
    await clockIs('behind')
  })
})
