/** Each command that the palette offers is one the real command line takes. */
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { commandLine } from '../../../support/command-line.ts'
import { startTestPostern, type TestPostern } from '../../../support/start-postern.ts'
import {
  addEquivalent,
  backupEquivalents,
  helpEquivalent,
  keyEquivalent,
  keyVerbs,
  kitEquivalent,
  pageEquivalents,
  reportEquivalent,
  whyEquivalent,
} from '../../../../desktop/src/renderer/palette/equivalents.ts'

/** `api` opens a browser. */
const needsNoBrowser = ([first]: readonly string[]): boolean => first !== 'api'

describe('console: what each command of the palette is on the command line', function () {
  this.timeout(60_000)
  let test: TestPostern
  const { run, at, ok } = commandLine(
    () => test,
    () => test.settings.dataDir,
  )
  before(async () => {
    test = await startTestPostern()
    // There is a newest one to be proven.
    const dir = join(dirname(test.settings.dataDir), 'backups')
    await mkdir(dir)
    await test.admin.call('backups.create', { body: { dir } })
    // There is something to describe in a kit.
    await test.admin.call('collections.create', { body: { name: 'Orders' } })
    const body = { collection: 'Orders', path: '/orders', upstream: 'http://127.0.0.1:9/orders' }
    await test.admin.call('endpoints.create', { body })
  })
  after(() => test?.stop())

  const standing = [addEquivalent, reportEquivalent, helpEquivalent, whyEquivalent, kitEquivalent]
  const named = [...Object.values(pageEquivalents), ...Object.values(backupEquivalents)]
  for (const words of [...standing, ...named].filter(needsNoBrowser))
    it(`postern ${words.join(' ')}`, async () => {
      const { code, err } = await run(words.includes('--help') ? words : [...words, ...at()])
      assert.equal(code, 0, err)
    })

  it('postern api', async () => {
    await ok('api', '--no-open')
  })

  for (const name of ['Invoice robot', 'Anna\'s $HOME `x` "y"', '-- a name like an option', '-x 1'])
    it(`each thing done with the key named ${name}`, async () => {
      const key = await test.admin.call('keys.create', { body: { name } })
      for (const verb of keyVerbs) {
        const words = keyEquivalent(verb, key)
        const asks = verb === 'rotate' || verb === 'remove'
        const { code, out, err } = await run(
          words.includes('--help') ? words : [...words, ...(asks ? ['--yes'] : []), ...at()],
        )
        assert.equal(code, 0, `${words.join(' ')}: ${err}`)
        if (verb === 'view') assert.ok(out.includes(key.id))
      }
      const { state } = (await test.admin.call('keys.list', { query: { removed: 'true', text: key.id } })).data[0] ?? {}
      assert.equal(state, 'removed')
    })
})
