/** Where the status listener is: said in one of three places, and never guessed. */
import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAdminListen, parseStatusListen, readSettings } from '../../daemon/src/settings.ts'
import { temporaryDir } from '../support/start-postern.ts'

describe('settings: the status listener', () => {
  const at = (text: string) => parseStatusListen(text, [{ protocol: 'https', host: '0.0.0.0', port: 8443 }])

  it('is an address and a port', () => {
    assert.deepEqual(at('127.0.0.1:9464'), { host: '127.0.0.1', port: 9464 })
    assert.deepEqual(at('http://[::1]:9464'), { host: '::1', port: 9464 })
    assert.deepEqual(at('0.0.0.0:9464'), { host: '0.0.0.0', port: 9464 }, 'named, so meant')
    assert.deepEqual(at('localhost:0'), { host: 'localhost', port: 0 })
  })

  it('anything else refuses to start, with the setting and an example', () => {
    for (const text of ['', '9464', ':9464', '127.0.0.1', '127.0.0.1:', '127.0.0.1:70000', 'https://127.0.0.1:9464'])
      assert.throws(
        () => at(text),
        { code: 'settings_invalid', message: /^--status-listen: .*127\.0\.0\.1:9464/ },
        text,
      )
    for (const text of ['127.0.0.1:9464/metrics', '[127.0.0.1]:9464', '[::1:9464', 'a b:1', 'http://u@h:1'])
      assert.throws(() => at(text), { code: 'settings_invalid' }, text)
  })

  it('the port of the connectors is not for it', () => {
    assert.throws(() => at('127.0.0.1:8443'), { code: 'settings_invalid', message: /8443 is where connectors call/ })
  })

  it('is off unless set; a flag goes before the environment, and that before the file', async () => {
    const dir = await temporaryDir()
    try {
      const read = (flag?: string, env = {}) => readSettings({ data: dir, statusListen: flag }, env).statusListen?.port
      assert.equal(readSettings({ data: dir }, {}).statusListen, null)
      await writeFile(join(dir, 'config.json'), JSON.stringify({ status_listen: '127.0.0.1:1001' }))
      assert.equal(read(), 1001)
      const env = { POSTERN_STATUS_LISTEN: '127.0.0.1:1002' }
      assert.equal(read(undefined, env), 1002)
      assert.equal(read('127.0.0.1:1003', env), 1003)
      await writeFile(join(dir, 'config.json'), JSON.stringify({ status_listen: 9464 }))
      assert.throws(() => read(), { code: 'settings_invalid', message: /status_listen/ })
    } finally {
      await rm(dir, { recursive: true })
    }
  })
})

describe('settings: the door for programs with admin tokens', () => {
  const at = (text: string) => parseAdminListen(text, [{ protocol: 'https', host: '0.0.0.0', port: 8443 }])

  it('is a loopback address in plain http, and a port', () => {
    assert.deepEqual(at('http://127.0.0.1:9465'), { host: '127.0.0.1', port: 9465 })
    assert.deepEqual(at('http://[::1]:0/'), { host: '::1', port: 0 })
  })

  it('anything else refuses to start: tokens are taken on this machine alone', () => {
    const wrong = `127.0.0.1:9465 http://localhost:9465 http://0.0.0.0:9465 http://[::]:9465 http://127.0.0.2:9465 http://10.0.0.1:9465
      https://127.0.0.1:9465 http://127.0.0.1 http://127.0.0.1:70000 http://127.0.0.1:1/v1 http://u@127.0.0.1:1 http://[::ffff:127.0.0.1]:1
      http://127.1:1 http://2130706433:1 unix:/x`
    for (const text of ['', ...wrong.split(/\s+/)])
      assert.throws(
        () => at(text),
        { code: 'settings_invalid', message: /^--admin-listen: .*http:\/\/127\.0\.0\.1:PORT/ },
        text,
      )
    assert.throws(() => at('http://127.0.0.1:8443'), {
      code: 'settings_invalid',
      message: /8443 is where connectors call/,
    })
  })

  it('is off unless set; a flag goes before the environment, and that before the file', async () => {
    const dir = await temporaryDir()
    try {
      const read = (flag?: string, env = {}) => readSettings({ data: dir, adminListen: flag }, env).adminListen?.port
      assert.equal(readSettings({ data: dir }, {}).adminListen, null)
      await writeFile(join(dir, 'config.json'), JSON.stringify({ admin_listen: 'http://127.0.0.1:1001' }))
      assert.equal(read(), 1001)
      const env = { POSTERN_ADMIN_LISTEN: 'http://127.0.0.1:1002' }
      assert.equal(read(undefined, env), 1002)
      assert.equal(read('http://127.0.0.1:1003', env), 1003)
    } finally {
      await rm(dir, { recursive: true })
    }
  })
})

describe('settings: what is settled for consoles', () => {
  let dir: string
  before(async () => {
    dir = await temporaryDir()
  })
  after(() => rm(dir, { recursive: true }))
  const read = async (console: unknown) => {
    await writeFile(join(dir, 'config.json'), JSON.stringify({ console }))
    return readSettings({ data: dir }, {}).console
  }

  it('is nothing unless the file says so, and then just that', async () => {
    assert.deepEqual(await read(undefined), {})
    assert.deepEqual(await read({}), {})
    const all = {
      theme: 'dark',
      density: 'compact',
      time_zone: 'utc',
      clipboard_seconds: 15,
      lock_after_idle_minutes: 5,
    }
    assert.deepEqual(await read(all), all)
    assert.deepEqual(await read({ lock_after_idle_minutes: 0 }), { lock_after_idle_minutes: 0 })
  })

  it('what is unknown or doubtful refuses to start, and names the file and the setting', async () => {
    for (const [wrong, named] of [
      [{ theme: 'blue' }, /console\.theme/],
      [{ clipboard_seconds: 30 }, /console\.clipboard_seconds/],
      [{ clipboard_seconds: '15' }, /console\.clipboard_seconds/],
      [{ clipboard_seconds: 0 }, /console\.clipboard_seconds/],
      [{ lock_after_idle_minutes: 10 }, /console\.lock_after_idle_minutes/],
      [{ zone: 'utc' }, /console: .*zone/],
      [{ theme: null }, /console\.theme/],
      ['dark', /console: /],
      [null, /console: /],
    ] as const)
      await assert.rejects(
        read(wrong),
        (error: Error & { code?: string }) =>
          error.code === 'settings_invalid' && error.message.includes('config.json') && named.test(error.message),
        JSON.stringify(wrong),
      )
  })
})
