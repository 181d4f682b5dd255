/** `postern api` and `postern console`: the link reaches the one who asked, and nobody who looks at the processes of this machine. */
import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pagesPortFor } from '../../../daemon/src/host/paths.ts'
import { readSettings, type Settings } from '../../../daemon/src/settings.ts'
import { call } from '../../support/call.ts'
import { commandLine } from '../../support/command-line.ts'
import { startTestPostern, type TestPostern } from '../../support/start-postern.ts'

describe('cli: pages', () => {
  let test: TestPostern
  const { run, ok, at } = commandLine(
    () => test,
    () => test.settings.dataDir,
  )
  before(async () => {
    test = await startTestPostern()
  })
  after(() => test.stop())

  const linkIn = (text: string): { url: string; port: string; code: string } => {
    const [url = '', port = '', code = ''] = /http:\/\/127\.0\.0\.1:(\d+)\/api\/#([A-Za-z0-9_-]{43})/.exec(text) ?? []
    return { url, port, code }
  }

  it('prints a link that works, and the way to it from another machine', async () => {
    const said = await ok('api')
    const { port, code } = linkIn(said)
    assert.match(said, new RegExp(`ssh -L ${port}:127\\.0\\.0\\.1:${port} \\S`))
    const opened = await call(`http://127.0.0.1:${port}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    })
    assert.equal(opened.status, 201)
  })

  it('with --json the link and its end, and no more', async () => {
    const link = JSON.parse(await ok('api', '--json')) as { url: string; expires_at: string }
    assert.deepEqual(Object.keys(link), ['url', 'expires_at'])
    assert.equal(linkIn(link.url).url, link.url)
    assert.equal(link.expires_at, new Date(test.clock.nowMs + 60_000).toISOString())
  })

  it('the port is one of the data folder’s own, or the one of config.json, or any free one', async () => {
    const config = join(test.settings.dataDir, 'config.json')
    const portWith = async (text: string): Promise<Settings['pagesPort']> => {
      await writeFile(config, text)
      return readSettings({ data: test.settings.dataDir }, {}).pagesPort
    }
    assert.deepEqual(await portWith('{}'), { port: pagesPortFor(test.settings.dataDir), orAny: true })
    assert.deepEqual(await portWith('{"pages_port":8444}'), { port: 8_444, orAny: false })
    assert.deepEqual(await portWith('{"pages_port":0}'), { port: 0, orAny: false })
    for (const wrong of ['-1', '65536', '1.5', '"8444"', 'null'])
      await assert.rejects(portWith(`{"pages_port":${wrong}}`), { code: 'settings_invalid' }, wrong)
    await writeFile(config, '{}')
  })

  it('where there is a display it opens a file of this user alone that sends the browser on, and takes it away', async function () {
    if (process.platform !== 'linux') return this.skip()
    const [bin, opened] = [join(test.settings.dataDir, '..', 'bin'), join(test.settings.dataDir, '..', 'opened')]
    const [runtime, copy] = [join(test.settings.dataDir, '..', 'runtime'), join(test.settings.dataDir, '..', 'copy')]
    await mkdir(bin)
    await mkdir(runtime, { mode: 0o700 })
    const script = `#!/bin/sh\n/bin/cp -p "$1" '${copy}'\n/usr/bin/stat -c %a "$1" "$(/usr/bin/dirname "$1")" > '${opened}'\nprintf '%s\\n' "$#" "$@" >> '${opened}'\n`
    await writeFile(join(bin, 'xdg-open'), script, { mode: 0o755 })
    const desktop = { DISPLAY: ':0', PATH: bin, XDG_RUNTIME_DIR: runtime }
    const said = await run(['api', ...at()], { env: desktop })
    assert.equal(said.code, 0, said.err)
    const { code, url } = linkIn(said.out)
    const [fileMode, folderMode, count, argument = ''] = (await readFile(opened, 'utf8')).split('\n')
    assert.deepEqual([fileMode, folderMode, count], ['600', '700', '1'])
    assert.ok(argument.startsWith(`${runtime}/`) && !argument.includes(code), argument)
    assert.match(await readFile(copy, 'utf8'), new RegExp(`content="0;url=${url}"`))
    assert.deepEqual(await readdir(runtime), [])
  })

  it('opens nothing without a display, with --no-open, or where no program opens pages; the link is printed still', async () => {
    for (const [args, env] of [
      [['api'], {}],
      [['api', '--no-open'], { DISPLAY: ':0', PATH: '/nowhere' }],
      [['api'], { WAYLAND_DISPLAY: 'wayland-0', PATH: '/nowhere' }],
    ] as const) {
      const said = await run([...args, ...at()], { env })
      assert.equal(said.code, 0, said.err)
      assert.match(said.out, /^Open this link in a browser on this machine:\n\n {2}http:/)
    }
  })
})
