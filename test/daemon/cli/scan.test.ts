/** `postern scan` as a person uses it: with a daemon and without, on a terminal and in a pipe; no secret in any of it. */
import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { Io } from '../../../daemon/src/cli/io.ts'
import { main } from '../../../daemon/src/main.ts'
import { fakeKey, plantedKey, plantedToken, secretOf, zipOf, type Planted } from '../../support/planted-keys.ts'
import { prepareKey, startTestPostern, temporaryDir, type TestPostern } from '../../support/start-postern.ts'

interface Said {
  code: number
  out: string
  err: string
}

interface Told {
  findings: {
    path: string
    entry: string | null
    line: number | null
    opens: string
    key_id: string
    key_name: string | null
    state: string
    secret: string | null
    remedy: string | null
    checksum: string
  }[]
  not_looked_into: { path: string; kind: string }[]
  counts: { files: number; wrong_checksums: number }
  daemon: string
}

describe('postern scan', () => {
  let test: TestPostern
  let dir: string
  /** Every value that was planted or issued; none may be printed. */
  const secrets: string[] = []
  before(async () => {
    test = await startTestPostern()
  })
  after(() => test.stop())
  beforeEach(async () => {
    dir = await temporaryDir()
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const run = async (args: readonly string[], { tty = false } = {}): Promise<Said> => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    const text = { out: '', err: '' }
    stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()))
    stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()))
    let nowMs = test.clock.nowMs
    const io: Io = {
      stdin: Object.assign(Readable.from(['']), { isTTY: tty }),
      stdout: Object.assign(stdout, { isTTY: tty, columns: 80 }),
      stderr: Object.assign(stderr, { isTTY: tty }),
      env: {},
      cwd: dir,
      // Time passes, or there would be no progress to show.
      now: () => (nowMs += 150),
    }
    const code = await main(['scan', ...args], io)
    const printed = stripVTControlCharacters(text.out + text.err).replaceAll(/\s/g, '')
    for (const secret of secrets)
      for (const part of [secret.slice(0, 12), secret.slice(-12)])
        assert.ok(!printed.includes(part), 'a part of a secret was printed')
    return { code, ...text }
  }
  const at = (): string[] => ['--data', test.settings.dataDir, '--socket', test.settings.socketPath]
  const nowhere = (): string[] => ['--data', join(dir, 'none'), '--socket', join(dir, 'none.sock')]
  const planted = (key: Planted = plantedKey()): Planted => {
    secrets.push(secretOf(key))
    return key
  }
  const issued = async (name: string): Promise<{ id: string; value: string }> => {
    const { id, value } = await test.admin.call('keys.create', { body: { name } })
    secrets.push((value ?? '').slice(-49, -4))
    return { id, value: value ?? '' }
  }
  const json = ({ out }: Said): Told => JSON.parse(out) as Told

  it('without a daemon it works: the place, the mask, the way to rotate; exit 1', async () => {
    const key = planted()
    await writeFile(join(dir, 'config.yml'), `a: 1\nkey: ${key.value}\n`)
    const said = await run(['.', ...nowhere()])
    assert.deepEqual([said.code, said.err], [1, ''])
    assert.match(said.out, /^WHERE +KEY +STATE$/m)
    assert.match(said.out, new RegExp(`config\\.yml:2 +${key.masked} +not known here`))
    assert.match(said.out, new RegExp(`postern keys rotate ${key.keyId}`))
    assert.match(said.out, /states of the keys are not known here\. Nobody answers on/)
    assert.match(said.out, /^Found 1 key in 1 place; looked through 1 file \(0\.1 kB\)\.$/m)
  })

  it('nothing found is exit 0, and asks no daemon', async () => {
    await writeFile(join(dir, 'clean.txt'), 'postern_ and nothing more')
    const said = await run(['clean.txt', '--json', ...nowhere()])
    assert.equal(said.code, 0)
    assert.deepEqual(json(said), {
      findings: [],
      not_looked_into: [],
      counts: { files: 1, folders: 0, bytes: 25, links: 0, special: 0, wrong_checksums: 0 },
      daemon: 'not asked',
    })
    assert.match((await run(['.', ...nowhere()])).out, /^No key found; looked through 1 file \(0\.0 kB\)\.$/m)
  })

  it('something that could not be read is exit 1, though nothing was found', async () => {
    await writeFile(join(dir, 'a.gz'), gzipSync('x'.repeat(1000)).subarray(0, -10))
    const said = await run(['.', 'gone', ...nowhere()])
    assert.equal(said.code, 1)
    assert.match(said.out, /Not looked into:\n {2}a\.gz is damaged.*\n {2}gone is not there/)
    assert.match(said.out, /^No key found/m)
  })

  it('with a daemon each key has its name and state, and the secret is compared by its last four characters', async () => {
    const [active, disabled, removed, expired, moved, overlapping] = [
      await issued('Active'),
      await issued('Disabled'),
      await issued('Removed'),
      await issued('Expired'),
      await issued('Moved'),
      await issued('Overlapping'),
    ]
    const call = test.admin.call
    await call('keys.disable', { params: { key: disabled.id } })
    await call('keys.remove', { params: { key: removed.id } })
    const { etag } = await call('keys.get', { params: { key: expired.id } })
    await call('keys.edit', { params: { key: expired.id }, body: { expires: { at: 'now' } }, ifMatch: etag })
    await call('keys.rotate', { params: { key: moved.id }, body: { overlap_seconds: 0 } })
    await call('keys.rotate', { params: { key: overlapping.id }, body: { overlap_seconds: 3600 } })
    const unknown = planted()
    const values = [active, disabled, removed, expired, moved, overlapping, unknown].map(({ value }) => value)
    await writeFile(join(dir, 'all.txt'), values.join('\n'))
    const said = await run(['.', '--json', ...at()])
    assert.equal(said.code, 1)
    assert.deepEqual(
      json(said).findings.map(({ line, key_name, state, secret, remedy }) => [line, key_name, state, secret, remedy]),
      [
        [1, 'Active', 'active', 'same_last_four', `postern keys rotate ${active.id}`],
        [2, 'Disabled', 'disabled', 'same_last_four', `postern keys rotate ${disabled.id}`],
        [3, 'Removed', 'removed', 'same_last_four', null],
        [4, 'Expired', 'expired', 'same_last_four', `postern keys rotate ${expired.id}`],
        [5, 'Moved', 'active', 'another', null],
        [6, 'Overlapping', 'active', 'another', `postern keys end-overlap ${overlapping.id}`],
        [7, null, 'unknown', null, null],
      ],
    )
    const { out } = await run(['.', ...at()])
    assert.match(out, /Active: active, same last four characters/)
    assert.match(out, /Moved: active; another secret of this key, rotated since$/m)
    assert.match(out, /Overlapping: active; another secret of this key, rotated since; the one before works until 20/)
    assert.match(out, /unknown to this gateway/)
    const trail = await call('audit.list', { query: { per_page: 500 } })
    assert.ok(!JSON.stringify(trail).includes('key.reveal'), 'scanning reveals nothing')
  })

  it('an admin token is named as one, with its state and the command that ends it, also in a file’s name', async () => {
    const made = await test.admin.call('tokens.create', { body: { name: 'Deploys', role: 'operator' } })
    secrets.push(made.value.slice(-49, -4))
    const [unknown, inName] = [planted(plantedToken()), planted(plantedToken())]
    await writeFile(join(dir, 'all.txt'), [made.value, unknown.value].join('\n'))
    await writeFile(join(dir, `${inName.value}.txt`), '')
    const said = await run(['.', '--json', ...at()])
    assert.equal(said.code, 1)
    const { findings } = json(said)
    assert.deepEqual(
      new Set(findings.map(({ opens, key_id: id, state, remedy }) => [opens, id, state, remedy].join(' '))),
      new Set([
        `admin_token ${made.id} active postern tokens delete ${made.id}`,
        `admin_token ${unknown.keyId} unknown `,
        `admin_token ${inName.keyId} unknown `,
      ]),
    )
    const { out } = await run(['.', ...at()])
    assert.match(out, /admin token Deploys: active, role operator/)
    assert.match(out, /^Found 3 admin tokens in 3 places;/m)
    const { out: alone } = await run(['all.txt', ...nowhere()])
    assert.match(alone, new RegExp(`${unknown.masked} +admin token; not known here`))
  })

  it('many pages of keys are gone through', async () => {
    const names = Array.from({ length: 520 }, (_, index) => `Many ${index}`)
    for (const name of names.slice(0, -1)) await test.admin.call('keys.create', { body: { name } }).catch(retry(name))
    const last = await issued(names.at(-1) ?? '')
    await writeFile(join(dir, 'x'), last.value)
    assert.equal(json(await run(['.', '--json', ...at()])).findings[0]?.key_name, names.at(-1))
  }).timeout(60_000)

  const retry = (name: string) => async (error: unknown) => {
    // The socket's own limit: wait for the next second by asking again.
    for (const deadline = Date.now() + 10_000; Date.now() < deadline;)
      try {
        return await test.admin.call('keys.create', { body: { name } })
      } catch {
        await new Promise((resolve) => setImmediate(resolve))
      }
    throw error
  }

  it('a wrong checksum is only counted, and shown with --all', async () => {
    const fake = planted(fakeKey())
    await writeFile(join(dir, 'sample.md'), fake.value)
    const quiet = await run(['.', ...nowhere()])
    assert.equal(quiet.code, 0)
    assert.match(quiet.out, /^A wrong checksum, mistyped or fake: 1 place; see with --all\.$/m)
    const all = await run(['.', '--all', ...nowhere()])
    assert.equal(all.code, 1)
    assert.match(all.out, new RegExp(`sample\\.md:1 +${fake.masked} +wrong checksum: mistyped or fake`))
    assert.ok(!all.out.includes('keys rotate'))
    assert.equal(json(await run(['.', '--all', '--json', ...nowhere()])).findings[0]?.checksum, 'wrong')
  })

  it('on a terminal the table fits and cuts no path; progress is on standard error and wiped', async () => {
    const key = planted()
    const folder = join('a-very-long-folder-name', 'b'.repeat(60))
    await mkdir(join(dir, folder), { recursive: true })
    await writeFile(join(dir, folder, 'x.zip'), zipOf([{ name: 'inside/of.txt', data: Buffer.from(key.value) }]))
    await writeFile(join(dir, 'big'), Buffer.alloc(1_000_000))
    const said = await run(['.', ...at()], { tty: true })
    const lines = stripVTControlCharacters(said.out).split('\n')
    const table = lines.filter((line) => /^[│┌├└]/.test(line))
    assert.ok(table.length > 3)
    for (const line of table) assert.ok(line.length <= 80, line)
    const where = table.map((line) => line.split('│')[1]?.trim() ?? '').join('')
    assert.ok(where.includes(`${folder}/x.zip!/inside/of.txt:1`), where)
    assert.ok(table.some((line) => line.includes(key.masked)))
    assert.match(said.err.replaceAll('\r\u001b[K', '>'), /^>\d+ files?, [\d.]+ (?:kB|MB)/)
    assert.ok(said.err.endsWith('\r\u001b[K'))
  })

  it('names that would move the cursor are tamed', async () => {
    await writeFile(join(dir, 'x\u001b[2Jy\u202e'), planted().value)
    const { out } = await run(['.', ...nowhere()])
    assert.ok(!out.includes('\u001b') && !out.includes('\u202e'))
  })

  it('a key given as a path, or in the name of a file, is not printed back', async () => {
    const [asPath, asName] = [planted(), planted()]
    await writeFile(join(dir, `${asName.value}.txt`), 'x')
    const said = await run(['.', asPath.value, ...nowhere()])
    assert.equal(said.code, 1)
    assert.ok(
      said.out.includes(`${asName.masked}.txt (its name)`) && said.out.includes(`${asPath.masked} is not there`),
    )
    assert.equal((await run([`--${asPath.value}`])).code, 2)
  })

  it('a thousand planted keys are all found, and printed in no form', async () => {
    const keys = Array.from({ length: 1000 }, () => planted())
    for (const [index, { value }] of keys.entries()) {
      const forms = [
        () => Buffer.from(value),
        () => Buffer.from(value, 'utf16le'),
        () => gzipSync(value),
        () => zipOf([{ name: 'x', data: Buffer.from(value) }]),
      ]
      await writeFile(join(dir, `${index}`), forms[index % forms.length]?.() ?? '')
    }
    const told = json(await run(['.', '--json', ...nowhere()]))
    assert.deepEqual(told.findings.map(({ key_id }) => key_id).toSorted(), keys.map(({ keyId }) => keyId).toSorted())
    await run(['.', ...nowhere()], { tty: true })
  }).timeout(30_000)

  it('--rules prints the rule and nothing else; wrong usage is exit 2', async () => {
    const rules = await run(['--rules', 'gitleaks'])
    assert.equal(rules.code, 0)
    assert.match(rules.out, /^title = "Postern"\n[^]*\[\[rules\]\]/)
    assert.match((await run(['--rules', 'trufflehog'])).out, /^detectors:\n/)
    for (const args of [[], ['--rules', 'other'], ['--rules', 'gitleaks', '.'], ['--unknown', '.']])
      assert.equal((await run(args)).code, 2, args.join(' '))
    const help = await run(['--help'])
    assert.equal(help.code, 0)
    assert.match(help.out, /Examples:\n {2}postern scan \./)
  })

  it('a locked keystore is no reason not to look', async () => {
    const locked = await startTestPostern()
    try {
      const key = await prepareKey(locked.admin, 'http://127.0.0.1:9')
      secrets.push(key.value.slice(-49, -4))
      await writeFile(join(dir, 'x'), key.value)
      await rm(locked.settings.machineDir, { recursive: true, force: true })
      const restarted = await locked.restart()
      const said = await run(['.', '--data', locked.settings.dataDir, '--socket', locked.settings.socketPath])
      assert.equal(said.code, 1)
      assert.match(said.out, /not known here/)
      assert.match(said.out, /The states of the keys are not known here\. .*postern unlock --recovery/)
      await restarted.stop()
    } finally {
      await locked.stop().catch(() => undefined)
    }
  })
})
