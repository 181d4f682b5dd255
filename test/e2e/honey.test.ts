/** A honey key that somebody presents: refused like any wrong one, told of at once, and in nobody's way until then. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

describe('honey keys, end to end', () => {
  let test: TestPostern
  let dir: string
  const { ok, run, at } = commandLine(
    () => test,
    () => dir,
  )
  before(async () => {
    test = await startTestPostern()
    dir = await temporaryDir()
  })
  after(async () => {
    await test.stop()
    await rm(dir, { recursive: true, force: true })
  })
  /** What a call brings about beside it takes a moment to be on the disk. */
  const noticedSoon = async (): Promise<string[]> => {
    const deadline = Date.now() + 10_000
    for (;;) {
      const found = await noticed()
      if (found.length > 0 || Date.now() > deadline) return found
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  const noticed = async (): Promise<string[]> => {
    const { data } = await test.admin.call('notices.list')
    return data.filter(({ kind }) => kind === 'honey_key').map(({ severity, text }) => `${severity}: ${text}`)
  }

  it('whoever presents it gets the bytes of a wrong key, and a person is told at once', async () => {
    const issued = await ok('keys', 'add', 'Old backup key', '--honey', '--block', '24h', '--json')
    const { id, value } = JSON.parse(issued) as { id: string; value: string }
    assert.match(await ok('keys', 'list'), /Old backup key/)
    assert.match(await ok('keys', 'show', id), /Honey +a trap; blocks the caller for 24 h/)
    assert.deepEqual(await noticed(), [])
    const headers = (key: string) => ({ ...bearer(key), 'x-request-id': 'same' })
    const sprung = await call(`${test.http}/demo`, { headers: headers(value) })
    const wrong = await call(`${test.http}/demo`, { headers: headers(`${value.slice(0, -1)}!`.replace('!', '-')) })
    const same = ({ status, body, headers: told }: typeof sprung) => ({ status, body, ...told, date: '' })
    assert.deepEqual(same(sprung), same(wrong))
    assert.equal(sprung.problem().code, 'credential_invalid')
    for (let more = 0; more < 20; more++) await call(`${test.http}/demo`, { headers: headers(value) })
    const [told, ...others] = await noticedSoon()
    assert.match(told ?? '', new RegExp(`^urgent: Somebody at 127.0.0.1 has presented the honey key .*${id}`))
    assert.deepEqual(others, [], 'twenty more from there are no more news')
    assert.ok(!JSON.stringify(await test.admin.call('notices.list')).includes(value.slice(17)))
    // This machine is never blocked.
    assert.match(await ok('blocks', 'list'), /No address is refused/)
    const lift = await run(['blocks', 'lift', '203.0.113.7', ...at()])
    assert.deepEqual([lift.code, /not blocked/.test(lift.err)], [1, true])
  })

  it('a leaked key is made a trap for good, and the trail names it', async () => {
    const { id, value } = JSON.parse(await ok('keys', 'add', 'Leaked', '--json')) as { id: string; value: string }
    await ok('keys', 'edit', 'Leaked', '--honey')
    assert.equal((await call(`${test.http}/.postern/self`, { headers: bearer(value) })).status, 401)
    test = await test.restart()
    const { data } = await test.admin.call('audit.list', { query: { object: id } })
    assert.deepEqual(
      data.map(({ action, fields, note }) => [action, fields ?? note?.split(',')[0]]),
      [
        ['call.refused', 'credential_invalid'],
        ['key.edit', ['honey']],
        ['key.issue', undefined],
      ],
    )
    await ok('keys', 'edit', 'Leaked', '--block', '1h')
    assert.match(await ok('keys', 'show', 'Leaked'), /blocks the caller for 1 h/)
    assert.match(await ok('keys', 'enable', 'Leaked'), /refused from now on. It is a trap/)
    await ok('keys', 'add', 'Plain')
    const both = await run(['keys', 'edit', 'Plain', '--block', '1h', ...at()])
    assert.deepEqual([both.code, /--block goes with --honey/.test(both.err)], [2, true])
  })
})
