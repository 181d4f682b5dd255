/** Default places: two folders never share a socket, and nobody else's folder is ever trusted with one. */
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import fc from 'fast-check'
import {
  defaultDataDir,
  machineDirFor,
  pagesPortFor,
  socketPathFor,
  type HostFacts,
} from '../../../daemon/src/host/paths.ts'
import { temporaryDir } from '../../support/start-postern.ts'

const uid = process.geteuid?.() ?? -1
const windows: HostFacts = { platform: 'win32', env: { ProgramData: 'D:\\ProgramData' }, uid: -1 }

describe('default places', () => {
  let dir: string
  const savedTmp = process.env['TMPDIR']
  const linux = (env: HostFacts['env'] = {}): HostFacts => ({ platform: 'linux', env, uid })
  const folder = (name: string, mode = 0o700): string => {
    const path = join(dir, name)
    mkdirSync(path, { recursive: true })
    chmodSync(path, mode)
    return path
  }

  before(async () => {
    dir = await temporaryDir()
    // Nothing here may depend on, or leave anything in, the real temporary folder.
    process.env['TMPDIR'] = dir
    assert.equal(tmpdir(), dir)
  })
  after(async () => {
    if (savedTmp === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = savedTmp
    await rm(dir, { recursive: true, force: true })
  })

  it('the default data folder has the system’s machine folder; any other has its own beside it', () => {
    assert.equal(defaultDataDir(linux()), '/var/lib/postern')
    assert.equal(machineDirFor('/var/lib/postern/', linux()), '/etc/postern/machine')
    assert.equal(machineDirFor('/srv/gate', linux()), '/srv/gate.machine')
    assert.equal(machineDirFor('gate', linux()), `${resolve('gate')}.machine`)
    assert.equal(defaultDataDir(windows), 'D:\\ProgramData\\Postern')
    assert.equal(machineDirFor('d:\\programdata\\postern', windows), 'D:\\ProgramData\\PosternMachine')
    assert.equal(machineDirFor('E:\\Gate', windows), 'E:\\Gate.machine')
    assert.equal(defaultDataDir({ ...windows, env: {} }), 'C:\\ProgramData\\Postern')
  })

  it('only the default data folder has the system’s socket', () => {
    assert.equal(socketPathFor('/var/lib/postern', undefined, linux()), '/run/postern/postern.sock')
    assert.notEqual(socketPathFor('/srv/gate', undefined, linux()), '/run/postern/postern.sock')
  })

  it('two data folders never share a socket, and one folder always has the same', () => {
    const name = fc.stringMatching(/^[a-z0-9]{1,12}$/)
    fc.assert(
      fc.property(name, name, (one, two) => {
        const [first, second] = [one, two].map((each) => socketPathFor(`/srv/${each}`, undefined, linux()))
        assert.equal(first === second, one === two)
        assert.equal(socketPathFor(`/srv/x/../${one}/`, undefined, linux()), first)
      }),
    )
  })

  it('the socket is in the user’s runtime folder when that is the user’s alone', () => {
    const runtime = folder('runtime')
    const path = socketPathFor('/srv/gate', undefined, linux({ XDG_RUNTIME_DIR: runtime }))
    assert.equal(dirname(path), runtime)
    assert.match(path, /\/postern-[0-9a-f]{12}\.sock$/)
  })

  it('a runtime folder that others may enter, that is not there, or that is relative is passed over', () => {
    const open = folder('open', 0o755)
    const link = join(dir, 'link')
    symlinkSync(folder('target'), link)
    for (const runtime of [open, link, join(dir, 'absent'), 'relative', ''])
      assert.equal(
        dirname(socketPathFor('/srv/gate', undefined, linux({ XDG_RUNTIME_DIR: runtime }))),
        join(dir, `postern-${uid}`),
        runtime,
      )
  })

  it('a caller with a runtime folder finds the socket of a daemon that was started without one', () => {
    const runtime = folder('login')
    const withoutRuntime = socketPathFor('/srv/service', undefined, linux())
    assert.equal(dirname(withoutRuntime), join(dir, `postern-${uid}`))
    writeFileSync(withoutRuntime, '')
    assert.equal(socketPathFor('/srv/service', undefined, linux({ XDG_RUNTIME_DIR: runtime })), withoutRuntime)
    assert.equal(dirname(socketPathFor('/srv/other', undefined, linux({ XDG_RUNTIME_DIR: runtime }))), runtime)
  })

  it('a folder in the temporary directory that others may enter, or of somebody else, is refused', () => {
    const mine = folder(`postern-${uid}`, 0o755)
    assert.throws(() => socketPathFor('/srv/gate', undefined, linux()), { code: 'folder_unsafe' })
    chmodSync(mine, 0o700)
    assert.equal(dirname(socketPathFor('/srv/gate', undefined, linux())), mine)
    folder(`postern-${uid + 1}`)
    assert.throws(() => socketPathFor('/srv/gate', undefined, { ...linux(), uid: uid + 1 }), { code: 'folder_unsafe' })
    symlinkSync(mine, join(dir, `postern-${uid + 2}`))
    assert.throws(() => socketPathFor('/srv/gate', undefined, { ...linux(), uid: uid + 2 }), { code: 'folder_unsafe' })
  })

  it('what is given wins, is made absolute, and an empty value is as good as none', () => {
    assert.equal(socketPathFor('/srv/gate', '/run/other.sock', linux()), '/run/other.sock')
    assert.equal(socketPathFor('/srv/gate', 'other.sock', linux()), resolve('other.sock'))
    assert.equal(socketPathFor('/var/lib/postern', '', linux()), '/run/postern/postern.sock')
  })

  it('a socket in the data folder, or longer than the system allows, is refused with the flag to change', () => {
    for (const inside of ['/srv/gate/postern.sock', '/srv/other/../gate/run/postern.sock'])
      assert.throws(() => socketPathFor('/srv/gate', inside, linux()), {
        code: 'settings_invalid',
        message: /--socket/,
      })
    assert.equal(socketPathFor('/srv/gate', '/srv/gate2/postern.sock', linux()), '/srv/gate2/postern.sock')
    const longest = `/${'a'.repeat(106)}`
    assert.equal(socketPathFor('/srv/gate', longest, linux()), longest)
    assert.throws(() => socketPathFor('/srv/gate', `${longest}a`, linux()), {
      code: 'settings_invalid',
      message: /--socket.*107 bytes/,
    })
    assert.throws(() => socketPathFor('/srv/gate', `/${'ä'.repeat(54)}`, linux()), { code: 'settings_invalid' })
  })

  it('pages of one folder always have the same port, of those that no system hands out by itself', () => {
    const ports = ['/srv/a', '/srv/b', '/var/lib/postern'].map((each) => pagesPortFor(each, linux()))
    assert.equal(new Set(ports).size, 3)
    assert.ok(ports.every((port) => port >= 20_000 && port < 30_000))
    assert.equal(pagesPortFor('/srv/../srv/a/', linux()), ports[0])
    assert.equal(pagesPortFor('D:\\Gate', windows), pagesPortFor('d:\\gate\\', windows))
  })

  it('on Windows a pipe is named after the folder, however its letters are written', () => {
    const pipe = socketPathFor('D:\\Gate', undefined, windows)
    assert.match(pipe, /^\\\\\.\\pipe\\postern-[0-9a-f]{12}$/)
    assert.equal(socketPathFor('d:\\gate\\', undefined, windows), pipe)
    assert.notEqual(socketPathFor('d:\\gate2', undefined, windows), pipe)
    assert.equal(socketPathFor('D:\\Gate', '\\\\.\\pipe\\mine', windows), '\\\\.\\pipe\\mine')
  })
})
