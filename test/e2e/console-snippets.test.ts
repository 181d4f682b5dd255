/** The calls that the console shows beside a key are carried out as they stand, against a gateway with an authority of its own. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { snippetFor } from '@postern/shared'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

const run = promisify(execFile)
const call = { method: 'GET', path: '/erp/orders' }

describe('console: the calls it shows, carried out', function () {
  this.timeout(30_000)
  let test: TestPostern
  let upstream: FakeUpstream
  let env: NodeJS.ProcessEnv
  before(async () => {
    test = await startTestPostern()
    upstream = await startUpstream()
    const { value } = await prepareKey(test.admin, upstream.origin)
    env = { ...process.env, POSTERN_KEY: value }
  })
  after(async () => {
    await test?.stop()
    await upstream?.close()
  })
  const gateway = async () => {
    const { listeners, certificate } = await test.admin.call('status.get', {})
    return { url: listeners[0]?.url ?? '', caFile: certificate?.ca_file ?? null }
  }
  const reached = (): string | undefined => upstream.received.splice(0).at(-1)?.url

  it('curl passes with the authority’s file, and not without it', async function () {
    const found = await run('curl', ['--version']).catch(() => null)
    if (found === null) return this.skip()
    const own = await gateway()
    await run('sh', ['-c', `${snippetFor('curl', own, call)} --fail --silent --show-error`], { env })
    assert.equal(reached(), '/orders')
    await assert.rejects(run('sh', ['-c', `${snippetFor('curl', { ...own, caFile: null }, call)} --silent`], { env }))
    assert.equal(reached(), undefined)
  })

  it('Node passes when it is started as its first line says', async () => {
    const script = snippetFor('node', await gateway(), call)
    const file = join(test.settings.dataDir, '..', 'call.mjs')
    await writeFile(file, `const answer = ${script.replace(/^\/\/.*\n/, '')}\nprocess.exitCode = answer.ok ? 0 : 1\n`)
    const [, started = ''] = /^\/\/ Start it so: (.*) node call\.mjs\n/.exec(script) ?? []
    await run('sh', ['-c', `${started} "${process.execPath}" "${file}"`], { env })
    assert.equal(reached(), '/orders')
    await assert.rejects(run(process.execPath, [file], { env }))
  })
})
