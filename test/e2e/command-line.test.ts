/** The command line as a person uses it, against a running daemon: what it prints, where, and how it ends. */
import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { commandLine } from '../support/command-line.ts'
import { startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

describe('the command line', () => {
  let test: TestPostern
  let dir: string
  before(async () => {
    test = await startTestPostern()
    dir = await temporaryDir()
  })
  after(async () => {
    await test.stop()
    await rm(dir, { recursive: true, force: true })
  })

  const { run, ok, at } = commandLine(
    () => test,
    () => dir,
  )

  it('makes a collection, an endpoint and a client, shows and edits them, switches them off and on', async () => {
    assert.match(await ok('collections', 'add', 'Orders', '--project', 'ERP'), /Created the collection "Orders" \(co_/)
    assert.match(
      await ok(
        'endpoints',
        'add',
        '--collection',
        'Orders',
        '--method',
        'get',
        '--path',
        '/orders/{id}',
        '--upstream',
        'http://127.0.0.1:9/{id}',
        '--answer-timeout',
        '2m',
        '--body-max',
        '100',
      ),
      /GET \/orders\/\{id\}/,
    )
    assert.match(await ok('clients', 'add', 'Sales', '--collection', 'Orders', '--email', 'a@b'), /"Sales" \(cl_/)
    assert.equal(
      (JSON.parse(await ok('endpoints', 'show', 'GET /orders/{id}')) as { answer_timeout_ms: number })
        .answer_timeout_ms,
      120_000,
    )
    await ok('endpoints', 'edit', 'GET /orders/{id}', '--description', 'x', '--json')
    await ok('clients', 'edit', 'Sales', '--all-collections')
    await ok('collections', 'edit', 'Orders', '--description', 'Orders of the ERP')
    for (const [kind, name] of [
      ['clients', 'Sales'],
      ['collections', 'Orders'],
      ['endpoints', 'GET /orders/{id}'],
    ] as const) {
      assert.match(await ok(kind, 'disable', name), /is disabled/)
      assert.match(await ok(kind, 'enable', name), /is enabled/)
      assert.match(await ok(kind, 'list'), /enabled/)
    }
  })

  it('issues a key whose value `copy` prints alone, and lists it', async () => {
    const issued = JSON.parse(
      await ok(
        'keys',
        'add',
        'Invoice robot',
        '--days',
        '10',
        '--client',
        'Sales',
        '--collection',
        'Orders',
        '--owner',
        'Zoë',
        '--description',
        'd',
        '--json',
      ),
    ) as { id: string; value: string; expires_at: string }
    assert.equal(await ok('keys', 'copy', 'invoice ROBOT'), `${issued.value}\n`)
    const list = await ok('keys', 'list')
    assert.match(list, /^NAME +ID +CLIENT +EXPIRES +LAST USED +STATUS$/m)
    assert.match(list, new RegExp(`Invoice robot +${issued.id} +Sales .* orange: expires soon`))
    assert.ok(!list.includes(issued.value.slice(17)))
    const shown = await ok('keys', 'show', issued.id)
    assert.match(shown, /Owner +Zoë/)
    assert.ok(!shown.includes(issued.value))
    assert.ok((await ok('keys', 'show', issued.id, '--reveal')).includes(issued.value))
    assert.match(await ok('keys', 'list', '--status', 'red'), /No key is like that/)
    assert.deepEqual(Object.keys(JSON.parse(await ok('keys', 'list', '--json')) as object), [
      'data',
      'count',
      'page',
      'per_page',
    ])
  })

  it('rotating and deleting ask first, and say so with --yes where nobody can answer', async () => {
    for (const verb of ['rotate', 'delete']) {
      const { code, err } = await run(['keys', verb, 'Invoice robot', ...at()])
      assert.equal(code, 2)
      assert.match(err, /"Invoice robot".*--yes/s)
    }
    const declined = await run(['keys', 'delete', 'Invoice robot', ...at()], { tty: true, input: 'n\n' })
    assert.deepEqual([declined.code, /Nothing was changed/.test(declined.err)], [2, true])
    assert.match(await ok('keys', 'rotate', 'Invoice robot', '--overlap', '1h', '--yes'), /postern_\w{8}_\w{49}/)
    assert.match(await ok('keys', 'end-overlap', 'Invoice robot'), /no longer works/)
    assert.match(await ok('keys', 'disable', 'Invoice robot'), /refused from now on/)
    assert.match(await ok('keys', 'enable', 'Invoice robot'), /accepted from now on/)
    assert.match(
      await ok('keys', 'edit', 'Invoice robot', '--never', '--name', 'Robot', '--all-collections'),
      /Changed "Robot"/,
    )
    assert.match(await ok('keys', 'delete', 'Robot', '--yes'), /postern keys restore/)
    assert.match(await ok('keys', 'restore', 'Robot'), /is back/)
    assert.match(await ok('keys', 'add', 'Once', '--reveal', 'once'), /cannot be shown again/)
    assert.match(await ok('keys', 'add', 'Never', '--reveal', 'never'), /not shown/)
  })

  it('status, slots, settings, the trail and doctor speak for the daemon', async () => {
    assert.match(await ok('status'), /State +open/)
    assert.match(await ok('slots', 'list'), /machine \(this one\)/)
    const kit = JSON.parse(await ok('slots', 'add', '--json')) as { slot_id: string; code: string }
    assert.match(kit.code, /^(?:\w{4}-){13}\w{4}$/)
    assert.match(await ok('slots', 'remove', kit.slot_id, '--yes'), /Removed/)
    assert.match(await ok('settings', 'edit', '--reveal-default', 'once'), /"once"/)
    assert.match(await ok('settings', 'show'), /"once"/)
    assert.match(await ok('audit', 'list', '--object', 'Robot'), /key\.restore/)
    const { code, out } = await run(['doctor', ...at()])
    assert.equal(code, 1)
    assert.match(out, /fail +upstream +http:\/\/127\.0\.0\.1:9 cannot be reached/)
    await ok('endpoints', 'delete', 'GET /orders/{id}', '--yes')
    const findings = (JSON.parse(await ok('doctor', '--json')) as { findings: { check: string; result: string }[] })
      .findings
    assert.ok(
      findings.every(({ result }) => result === 'ok'),
      JSON.stringify(findings),
    )
    await ok('collections', 'delete', 'Orders', '--yes')
  })

  it('a refusal is one sentence on standard error, with --json the problem; the exit code tells which', async () => {
    const refused = await run(['keys', 'add', 'ab', ...at()])
    assert.deepEqual([refused.code, refused.out], [1, ''])
    assert.match(refused.err, /^postern: .*name: a name has 3 to 100 characters/)
    const json = await run(['keys', 'show', 'nobody', '--json', ...at()])
    assert.equal((JSON.parse(json.err) as { code: string }).code, 'not_found')
    for (const args of [
      ['keys', 'add'],
      ['nothing'],
      ['keys', 'add', 'Name', '--days', '1', '--never'],
      ['keys', 'rotate', 'Robot', '--overlap', 'soon', '--yes'],
      ['keys', 'edit', 'Robot'],
      ['endpoints', 'add'],
    ])
      assert.equal((await run([...args, ...(args[0] === 'nothing' ? [] : at())])).code, 2, args.join(' '))
    for (const args of [['--help'], ['--version'], ['keys', 'add', '--help']]) {
      const { code, out } = await run(args)
      assert.equal(code, 0)
      assert.ok(out.length > 3)
    }
    const nobody = await run(['status', '--data', join(dir, 'none'), '--socket', join(dir, 'none.sock')])
    assert.equal(nobody.code, 1)
    assert.match(nobody.err, /postern run/)
    assert.equal((await run(['run', '--data', join(dir, 'none')])).code, 3)
    assert.equal((await run(['keys', 'list', '--data', join(dir, 'none')])).code, 3)
    assert.equal((await run(['run', '--data', test.settings.dataDir, '--listen', 'nowhere'])).code, 1)
  })

  it('on a terminal tables fit, and colour stands beside its name; NO_COLOR takes it away', async () => {
    await ok('keys', 'add', `A very long name ${'x'.repeat(80)}`)
    const { out } = await run(['keys', 'list', ...at()], { tty: true })
    assert.ok(out.includes('\u001b[32mgreen\u001b[39m'))
    for (const line of out.split('\n')) assert.ok(stripVTControlCharacters(line).length <= 80, line)
    assert.ok(!(await run(['keys', 'list', ...at()], { tty: true, env: { NO_COLOR: '1' } })).out.includes('\u001b[32m'))
  })

  it('init prints the kit once or writes it to a private file outside the folders, and never makes a second store', async () => {
    const folders = ['--data', join(dir, 'data'), '--machine', join(dir, 'machine')]
    const inside = await run(['init', ...folders, '--recovery-kit-file', join(dir, 'data', 'kit')])
    assert.equal(inside.code, 2)
    const kitFile = join(dir, 'kit')
    const made = await run(['init', ...folders, '--recovery-kit-file', kitFile, '--listen', '127.0.0.1:0'])
    assert.equal(made.code, 0, made.err)
    const code = /(?:\w{4}-){13}\w{4}/.exec(await readFile(kitFile, 'utf8'))?.[0] ?? ''
    assert.equal(code.length, 69)
    assert.ok(!made.out.includes(code))
    assert.equal((await stat(kitFile)).mode & 0o777, 0o600)
    assert.equal((await run(['init', ...folders])).code, 1)
    assert.equal((await run(['init', ...folders, '--recovery-kit-file', kitFile])).code, 2)
    const doctor = await run(['doctor', ...folders, '--socket', join(dir, 'none.sock')])
    assert.match(doctor.out, /warn +daemon/)
    const unlocked = await run(['unlock', '--recovery', ...folders, '--socket', join(dir, 'none.sock')], {
      input: code,
    })
    assert.equal(unlocked.code, 0, unlocked.err)
    assert.ok(!(unlocked.out + unlocked.err).includes(code))
  })

  it('what was said wrongly is answered with the flag, the folder or the file, and nothing is made or harmed', async () => {
    for (const [args, code, message] of [
      [['keys', 'add', 'Robot two', '--days', 'abc'], 2, /--days: "abc" is not a whole number/],
      [
        ['keys', 'edit', 'Robot', '--collection', 'x', '--all-collections'],
        2,
        /one of --collection and --all-collections/,
      ],
      [
        ['endpoints', 'add', '--collection', 'x', '--path', '/a', '--upstream-ca', '/none'],
        2,
        /--upstream-ca: \/none cannot be read \(ENOENT\)/,
      ],
      [['keys', 'list', '--page', '900'], 0, /There is no page 900/],
    ] as const) {
      const { code: ended, out, err } = await run([...args, ...at()])
      assert.deepEqual([ended, message.test(out + err)], [code, true], `${args.join(' ')}: ${out}${err}`)
    }
    const absent = join(dir, 'absent')
    for (const command of [['run'], ['unlock', '--recovery']]) {
      const { code, err } = await run([...command, '--data', absent, '--socket', join(dir, 'none.sock')], {
        input: 'x',
      })
      assert.deepEqual([code, /There is no folder/.test(err)], [3, true], err)
    }
    await assert.rejects(stat(absent))
    const file = join(dir, 'precious')
    await writeFile(file, 'precious')
    const wrong = await run(['init', '--data', file])
    assert.deepEqual([wrong.code, wrong.err.includes('at async')], [1, false], wrong.err)
    const folder = join(dir, 'not empty')
    await mkdir(folder, { mode: 0o700 })
    await writeFile(join(folder, 'other'), 'other', { mode: 0o600 })
    assert.match((await run(['init', '--data', folder])).err, /is not empty \(it holds other\)/)
    assert.deepEqual(await readdir(folder), ['other'])
    await run(['init', '--data', join(dir, 'fine'), '--recovery-kit-file', join(dir, 'fine-kit')])
    const started = await run(['run', '--data', join(dir, 'fine'), '--listen', 'http://127.0.0.1:0', '--socket', file])
    assert.match(started.err, /is there and is no socket; it stays as it is/)
    assert.equal(await readFile(file, 'utf8'), 'precious')
    assert.match(
      (
        await run([
          'run',
          '--data',
          join(dir, 'fine'),
          '--listen',
          'http://127.0.0.1:0',
          '--socket',
          join(dir, 'a', 'b', 's'),
        ])
      ).err,
      /--socket: the folder .* is not there/,
    )
  })
})
