/** The console finds the very socket that `postern` finds, for every way to say where it is. */
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { defaultDataDir, socketPathFor } from '../../../daemon/src/host/paths.ts'
import { readSocket } from '../../../daemon/src/settings.ts'
import { Refusal } from '../../../desktop/src/bridge.ts'
import { findSocket, thisHost, type SocketHost } from '../../../desktop/src/main/find-socket.ts'
import { temporaryDir } from '../../support/start-postern.ts'

describe('console window: the socket', () => {
  let dir: string
  const savedTmp = process.env['TMPDIR']
  const savedRuntime = process.env['XDG_RUNTIME_DIR']
  before(async () => {
    dir = await temporaryDir()
    process.env['TMPDIR'] = dir
    process.env['XDG_RUNTIME_DIR'] = join(dir, 'runtime')
    mkdirSync(join(dir, 'runtime'), { mode: 0o700 })
    mkdirSync(join(dir, 'plain'))
    mkdirSync(join(dir, 'told'))
    writeFileSync(join(dir, 'told', 'config.json'), JSON.stringify({ socket: join(dir, 'told.sock') }))
  })
  after(async () => {
    for (const [name, saved] of [
      ['TMPDIR', savedTmp],
      ['XDG_RUNTIME_DIR', savedRuntime],
    ] as const)
      if (saved === undefined) delete process.env[name]
      else process.env[name] = saved
    await rm(dir, { recursive: true, force: true })
  })

  it('is the one that the commands use, whatever says where it is', () => {
    const folder = (): (string | undefined)[] => [undefined, join(dir, 'plain'), join(dir, 'told'), join(dir, 'absent')]
    const socket = (): (string | undefined)[] => [undefined, '', join(dir, 'given.sock')]
    fc.assert(
      fc.property(
        fc.record({
          data: fc.constantFrom(...folder()),
          socket: fc.constantFrom(...socket()),
          dataEnv: fc.constantFrom(...folder()),
          socketEnv: fc.constantFrom(...socket()),
          hasRuntime: fc.boolean(),
        }),
        ({ data, socket: given, dataEnv, socketEnv, hasRuntime }) => {
          const env = { POSTERN_DATA: dataEnv, POSTERN_SOCKET: socketEnv }
          // The daemon looks for the runtime folder in the environment of the process.
          chmodSync(join(dir, 'runtime'), hasRuntime ? 0o700 : 0o755)
          const host = { ...thisHost(), env: { ...process.env, ...env } }
          assert.equal(findSocket({ data, socket: given }, host), readSocket({ data, socket: given }, env))
        },
      ),
    )
  })

  it('is the one that the service makes on Windows', () => {
    const host: SocketHost = { platform: 'win32', env: { ProgramData: 'D:\\ProgramData' }, uid: -1 }
    const data = defaultDataDir(host)
    assert.equal(
      findSocket({}, { ...host, env: { ...host.env, POSTERN_DATA: data, POSTERN_SOCKET: '' } }).slice(0, 17),
      '\\\\.\\pipe\\postern-',
    )
    const pipe = '\\\\.\\pipe\\mine'
    assert.equal(findSocket({ socket: pipe }, host), socketPathFor('D:\\x', pipe, host))
  })

  it('is not looked for by settings that cannot be read, nor in a folder that somebody else could have made', () => {
    mkdirSync(join(dir, 'bad'))
    for (const text of ['{', '{"socket":5}', 'null']) {
      writeFileSync(join(dir, 'bad', 'config.json'), text)
      assert.throws(
        () => findSocket({ data: join(dir, 'bad') }),
        (error) => error instanceof Refusal && error.code === 'settings_invalid',
      )
    }
    const uid = thisHost().uid
    mkdirSync(join(dir, `postern-${uid}`), { recursive: true })
    chmodSync(join(dir, `postern-${uid}`), 0o777)
    const host = { ...thisHost(), env: {} }
    assert.throws(
      () => findSocket({ data: join(dir, 'plain') }, host),
      (error) => error instanceof Refusal && error.code === 'folder_unsafe',
    )
  })
})
