/** A whole daemon on a damaged folder: what it says, how it ends, and that it leaves everything as it was. */
import assert from 'node:assert/strict'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runPostern } from '../support/daemon-process.ts'
import { temporaryDir } from '../support/start-postern.ts'

describe('a daemon on a damaged folder', () => {
  let dir: string
  const flags = (): string[] => [
    '--data',
    join(dir, 'data'),
    '--machine',
    join(dir, 'machine'),
    '--socket',
    join(dir, 'postern.sock'),
  ]
  beforeEach(async () => {
    dir = await temporaryDir()
    assert.equal((await runPostern(['init', ...flags()])).code, 0)
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  it('all generations bad: exit code 3, says what is still readable, changes nothing; init does not start over', async () => {
    const store = join(dir, 'data', 'store')
    for (const name of await readdir(store)) {
      const bytes = await readFile(join(store, name))
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
      await writeFile(join(store, name), bytes)
    }
    const before = await readdir(join(dir, 'data'), { recursive: true })
    const { code, stderr } = await runPostern(['run', ...flags(), '--listen', 'http://127.0.0.1:0'])
    assert.equal(code, 3)
    assert.match(stderr, /None of the \d+ generations .* opens/)
    assert.match(stderr, /0000000001\.pks: \d+ bytes, checksum bad, 1 of 1 chunks open, \d+ bytes of the document/)
    assert.deepEqual(await readdir(join(dir, 'data'), { recursive: true }), before)
    assert.notEqual((await runPostern(['init', ...flags()])).code, 0)
    assert.deepEqual(await readdir(join(dir, 'data'), { recursive: true }), before)
  }).timeout(60_000)

  it('folder gone though the machine remembers it: exit code 3, and init does not start over', async () => {
    await rm(join(dir, 'data'), { recursive: true })
    assert.equal((await runPostern(['run', ...flags(), '--listen', 'http://127.0.0.1:0'])).code, 3)
    const again = await runPostern(['init', ...flags()])
    assert.equal(again.code, 3)
    assert.match(again.stderr, /has had a keystore/)
  }).timeout(60_000)
})
