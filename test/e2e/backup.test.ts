/** A backup made while Postern runs, opened in another place with the recovery kit; and people told when there is none. */
import assert from 'node:assert/strict'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startPostern } from '../../daemon/src/postern.ts'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { logInto, settingsFor, startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

const dayMs = 86_400_000

describe('backups, end to end', () => {
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
  const spoken = async (): Promise<string[]> => {
    test = await test.restart()
    const { data } = await test.admin.call('notices.list')
    return data.filter(({ kind }) => kind === 'backup').map(({ id }) => id.split(':').at(-1) ?? '')
  }

  it('a week without a backup is told of, and one that another program made counts', async () => {
    assert.deepEqual(await spoken(), [])
    assert.match(await ok('backup', 'show'), /No backup is known/)
    test.clock.nowMs += 7 * dayMs
    assert.deepEqual(await spoken(), ['7d'])
    await ok('backup', 'note')
    assert.match(await ok('backup', 'show'), /made by another program/)
    test.clock.nowMs += 7 * dayMs - 1
    assert.deepEqual(await spoken(), ['7d'])
    test.clock.nowMs += 1
    assert.deepEqual(await spoken(), ['7d', '7d'])
  })

  it('the copy opens elsewhere with the kit, and its keys are good; the machine’s own key is not in it', async () => {
    const { value } = JSON.parse(await ok('keys', 'add', 'Robot', '--json')) as { value: string }
    const said = JSON.parse(await ok('backup', 'create', 'copies', '--json')) as { path: string; files: number }
    assert.ok(said.path.startsWith(join(dir, 'copies', 'postern-')))
    const elsewhere = settingsFor(join(dir, 'elsewhere'))
    await cp(said.path, elsewhere.dataDir, { recursive: true })
    const unlock = ['unlock', '--recovery', '--data', elsewhere.dataDir, '--machine', elsewhere.machineDir]
    const opened = await run([...unlock, '--socket', elsewhere.socketPath], { input: `${test.recoveryCode}\n` })
    assert.equal(opened.code, 0, opened.err)
    const restored = await startPostern(elsewhere, {
      log: logInto([]),
      now: () => test.clock.nowMs,
      zone: 'UTC',
      env: {},
    })
    const self = await call(`${restored.urls[1]}/.postern/self`, { headers: bearer(value) })
    assert.equal(self.status, 200, self.body)
    await restored.stop()
    const inside = await run(['backup', 'create', join(test.settings.dataDir, 'x'), ...at()])
    assert.deepEqual([inside.code, /dir: not inside/.test(inside.err)], [1, true])
    assert.match(await ok('audit', 'list'), /backup\.create/)
  })
})
