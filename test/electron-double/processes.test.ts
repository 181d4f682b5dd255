/** The stand-in as a program: nothing of it outlives what started it, however that ends. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasElectron, launchApp } from '../support/electron-app.ts'

const main = join(import.meta.dirname, 'fixture', 'main.ts')
const starter = join(import.meta.dirname, 'start-and-wait.ts')

/** Processes whose command line says this. */
const processesWith = (text: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text)
      } catch {
        return false
      }
    })
    .map(Number)

const until = async (holds: () => boolean, what: string): Promise<void> => {
  for (const deadline = Date.now() + 20_000; !holds();) {
    if (Date.now() > deadline) throw new Error(`not so in time: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('electron-double: processes', function () {
  this.timeout(40_000)
  before(function () {
    if (!hasElectron() || process.platform !== 'linux') return this.skip()
  })

  it('quitting ends Chromium and Node, takes the profile away, and gives the lock back', async () => {
    const userData = mkdtempSync(join(tmpdir(), 'electron-double-user-data-'))
    const launched = await launchApp({ main, userData })
    const { pid = 0 } = launched.app.process()
    const profile = await launched.seen((seen) => seen.profile)
    assert.ok(existsSync(profile) && processesWith(profile).length > 1)
    assert.equal(readlinkSync(join(userData, 'electron-double.lock')), String(pid))
    await launched.close()
    assert.deepEqual(processesWith(profile), [])
    assert.ok(!existsSync(profile) && !existsSync(`/proc/${pid}`))
    assert.deepEqual(readdirSync(userData), [])
    rmSync(userData, { recursive: true })
  })

  for (const { victim, what } of [
    { victim: 'starter', what: 'the tests that started it' },
    { victim: 'app', what: 'the app itself' },
  ] as const)
    it(`killing ${what} leaves neither processes nor a profile`, async () => {
      const child = spawn(process.execPath, [starter, main], { stdio: ['ignore', 'pipe', 'inherit'] })
      const [line] = (await once(child.stdout, 'data')) as [Buffer]
      const { pid, profile, userData } = JSON.parse(line.toString()) as {
        pid: number
        profile: string
        userData: string
      }
      process.kill(victim === 'app' ? pid : (child.pid ?? 0), 'SIGKILL')
      await once(child, 'exit')
      // By their command lines: what has ended and is not yet fetched by its parent has none.
      await until(() => processesWith(userData).length === 0, 'the app is gone')
      await until(() => processesWith(profile).length === 0, 'Chromium is gone')
      assert.ok(!existsSync(profile))
      rmSync(userData, { recursive: true, force: true })
    })

  it('an app written in CommonJS runs too, under its own name, and quits with its last window', async () => {
    const launched = await launchApp({ main: join(import.meta.dirname, 'fixture-cjs') })
    await launched.page.getByRole('heading', { name: 'of old' }).waitFor()
    const told = await launched.app.evaluate(({ app }) => [app.getName(), app.getVersion(), app.getPath('userData')])
    assert.deepEqual(told, ['Fixture of old', '1.2.3', launched.userData])
    const ended = once(launched.app.process(), 'exit')
    await launched.page.close()
    assert.deepEqual(await ended, [0, null])
    await launched.close()
  })
})
