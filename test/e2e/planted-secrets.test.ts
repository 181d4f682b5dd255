/** More than a thousand secrets go through a daemon in every way there is, right and wrong, and are found nowhere. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { dirname, join } from 'node:path'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { misplaced } from '../support/misplaced-secrets.ts'
import { filesUnder, searchFor } from '../support/find-secrets.ts'
import { plantedKey } from '../support/planted-keys.ts'
import { startReceivers, type Receivers } from '../support/receivers.ts'
import { prepareKey, startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

const dayMs = 86_400_000
const drawPassword = (): string => randomBytes(15).toString('hex')
const drawWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

describe('planted secrets', () => {
  let test: TestPostern
  let dir: string
  let upstream: FakeUpstream
  let receivers: Receivers
  const secrets = new Set<string>()
  const issued: { id: string; value: string }[] = []
  /** What was sent or said to anybody, by where it was said. */
  const said: [where: string, text: string][] = []
  const { run, ok, at } = commandLine(
    () => test,
    () => dir,
  )
  const plant = (secret: string): string => {
    secrets.add(secret)
    return secret
  }
  /** A key value that nobody issued. */
  const stray = () => {
    const key = plantedKey()
    plant(key.value)
    return key
  }

  before(async () => {
    test = await startTestPostern()
    dir = await temporaryDir()
    upstream = await startUpstream()
    plant(test.recoveryCode)
    receivers = await startReceivers()
  })
  after(async () => {
    await test.stop()
    await upstream.close()
    receivers.close()
    await rm(dir, { recursive: true, force: true })
  })

  it('issued, rotated and revealed: hundreds of keys', async () => {
    await test.admin.call('settings.edit', { body: { socket_requests_per_second: 10_000 }, ifMatch: '*' })
    const first = await prepareKey(test.admin, upstream.origin)
    plant(first.value)
    issued.push(first)
    await test.admin.call('endpoints.create', {
      body: { collection: 'ERP', method: 'ANY', path: '/down/{rest*}', upstream: 'http://127.0.0.1:1/{rest*}' },
    })
    // A hundred at a time: the socket takes 200 connections.
    for (let from = 0; from < 240; from += 80)
      await Promise.all(
        Array.from({ length: 80 }, async (_, offset) => {
          const number = from + offset
          const reveal = (['always', 'once'] as const)[number % 2] ?? 'always'
          const expires = number % 5 === 0 ? { at: 'now' } : { days: 10 }
          const made = await test.admin.call('keys.create', { body: { name: `Robot ${number}`, reveal, expires } })
          issued.push({ id: made.id, value: plant(made.value ?? '') })
          if (number % 3 !== 0) {
            const params = { key: made.id }
            const rotated = await test.admin.call('keys.rotate', { params, body: { overlap_seconds: 3_600 } })
            issued.push({ id: made.id, value: plant(rotated.value ?? '') })
            if (reveal === 'always') await test.admin.call('keys.reveal', { params })
            if (number % 4 === 0) await test.admin.call('keys.disable', { params })
            if (number % 7 === 0) await test.admin.call('keys.remove', { params })
          }
        }),
      )
  })

  it('typed: passwords, webhook secrets and recovery codes, right and wrong', async () => {
    const { ports } = receivers
    const mail = [
      'notices',
      'mail',
      '--host',
      '127.0.0.1',
      '--port',
      String(ports.mail),
      '--security',
      'none',
      '--user',
      'postern',
    ]
    const people = ['--from', 'postern@example.com', '--to', 'ops@example.com']
    for (const refused of [true, false]) {
      receivers.refusesMail = refused
      const password = plant(drawPassword())
      const set = await run([...mail, ...people, ...at()], { input: `${password}\n` })
      assert.equal(set.code, 0, set.err)
      const tested = await run(['notices', 'test', ...at()])
      assert.equal(tested.code, refused ? 1 : 0, tested.err)
      said.push(['notices test', tested.out + tested.err])
      // The password arrives where it belongs, in the protocol’s own field.
      assert.equal(receivers.passwords.at(-1), password)
    }
    const url = `http://127.0.0.1:${ports.webhook}/hook`
    await test.admin.call('channels.webhook', { body: { url, secret: plant(drawWebhookSecret()) } })
    plant((await test.admin.call('channels.webhook', { body: { url } })).secret ?? '')
    await test.admin.call('channels.syslog', { body: { host: '127.0.0.1', port: ports.syslog, transport: 'udp' } })
    for (let number = 0; number < 3; number++)
      plant((await test.admin.call('slots.add', { body: { kind: 'recovery' } })).code)

    const copy = join(dirname(test.settings.dataDir), 'copy')
    await cp(test.settings.dataDir, copy, { recursive: true })
    const elsewhere = ['--data', copy, '--machine', `${copy}.machine`, '--socket', join(dir, 'nobody.sock')]
    const wrong = plant(test.recoveryCode.replace(/^.{10}/, '0123-4567-'))
    for (const [code, wanted] of [
      [wrong, 1],
      [test.recoveryCode, 0],
    ] as const) {
      const unlocked = await run(['unlock', '--recovery', ...elsewhere], { input: `${code}\n` })
      assert.equal(unlocked.code, wanted, unlocked.err)
      said.push(['unlock', unlocked.out + unlocked.err])
    }
    await assert.rejects(test.admin.call('keystore.unlock', { body: { code: wrong } }), { code: 'conflict' })
  })

  it('presented by callers: good, wrong, expired, and where no secret belongs', async () => {
    const all = [...issued.map(({ value }) => value), ...Array.from({ length: 60 }, () => stray().value)]
    await Promise.all(all.map((value) => call(`${test.http}/erp/x`, { headers: bearer(value) })))
    const good = bearer(issued[0]?.value ?? '')
    await Promise.all(
      misplaced.flatMap((place) =>
        Array.from({ length: 20 }, async () => {
          const { value } = stray()
          const [path, sent] = place(value, good)
          await call(test.http + path, sent)
        }),
      ),
    )
  })

  it('presented to the admin API: in what is refused, and in names of what is not there', async () => {
    const { admin } = test
    const key = issued[0]?.id ?? ''
    const attempts: ((value: string) => Promise<unknown>)[] = [
      (value) => admin.call('keys.get', { params: { key: value } }),
      (value) => admin.call('keys.reveal', { params: { key: value } }),
      (value) => admin.call('keys.create', { body: { name: `Robot ${value}` } }),
      (value) => admin.call('keys.create', { body: { name: 'Robot', description: `its key is ${value}` } }),
      (value) => admin.call('keys.create', { body: { name: 'Another', owner: value } }),
      (value) => admin.call('keys.create', { body: { name: 'Another', expires: { at: value } } }),
      (value) => admin.call('keys.create', { body: { name: 'Another', reveal: value as 'once' } }),
      (value) => admin.call('keys.create', { body: { name: 'Another', client: value } }),
      (value) => admin.call('keys.create', { body: { name: 'Another', collections: [value] } }),
      (value) => admin.call('keys.create', { body: { name: 'Another', [value]: 1 } }),
      (value) => admin.call('keys.create', { body: { name: 'Another', [value.slice(-49)]: 1 } }),
      (value) => admin.call('keys.edit', { params: { key }, body: { name: value }, ifMatch: '*' }),
      (value) => admin.call('keys.edit', { params: { key }, body: {}, ifMatch: value }),
      (value) => admin.call('keys.list', { query: { client: value } }),
      (value) => admin.call('usage.report', { query: { key: value } }),
      (value) => admin.call('channels.mail', { body: { host: value, from: value, to: [value], password: value } }),
      (value) => admin.call('channels.webhook', { body: { url: `not a url ${value}`, secret: value } }),
      (value) => admin.call('channels.remove', { params: { channel: value } }),
      (value) =>
        admin.call('endpoints.create', { body: { collection: 'ERP', method: 'GET', path: '/a', upstream: value } }),
      (value) => admin.call('keystore.unlock', { body: { code: value } }),
    ]
    await Promise.all(
      attempts.flatMap((attempt, number) =>
        Array.from({ length: 12 }, () =>
          attempt(stray().value).then(
            () => assert.fail(`attempt ${number} was not refused`),
            ({ code, message, errors }: Error & { code?: string; errors?: unknown }) => {
              assert.ok(code !== undefined && code !== 'internal', message)
              said.push([`answer to attempt ${number}`, `${message} ${JSON.stringify(errors)}`])
            },
          ),
        ),
      ),
    )
    for (let number = 0; number < 20; number++) {
      const { value } = stray()
      const headers = { 'postern-actor': value, 'x-request-id': value.slice(-49), 'idempotency-key': value }
      assert.equal(await createdBy({ ...headers, host: 'localhost' }, `Raw ${number}`), 201)
    }
    for (const args of [['keys', 'show'], ['keys', 'add', '--client', 'default'], ['explain']]) {
      const told = await run([...args, stray().value, ...at()])
      assert.notEqual(told.code, 0)
      said.push([args.join(' '), told.out + told.err])
    }
  })

  /** A key made by a client that is not ours; gives the status. */
  const createdBy = (headers: Record<string, string>, name: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const { socketPath } = test.settings
      const json = { ...headers, 'content-type': 'application/json' }
      const sent = request({ socketPath, method: 'POST', path: '/v1/keys', headers: json }, (response) => {
        said.push(['answer to a foreign client', JSON.stringify(response.headers)])
        response.resume().on('end', () => resolve(response.statusCode ?? 0))
      })
      sent.on('error', reject).end(JSON.stringify({ name }))
    })

  it('told: notices go out by mail, webhook and syslog, and everything is flushed', async () => {
    test.clock.nowMs += 8 * dayMs
    const before = new Map(['mail', 'webhook', 'syslog'].map((where) => [where, counted(where)]))
    test = await test.restart()
    const deadline = Date.now() + 5_000
    while ([...before].some(([where, count]) => counted(where) <= count)) {
      assert.ok(Date.now() < deadline, 'a notice did not arrive')
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    test = await test.restart()
  })
  const counted = (where: string): number => receivers.messages.filter(({ by }) => by === where).length

  it('listed: keys, usage, trail, notices and status, as tables and as JSON', async () => {
    for (const args of [
      ['keys', 'list'],
      ['keys', 'list', '--json'],
      ['usage', 'report'],
      ['usage', 'report', '--by', 'caller', '--json'],
      ['audit', 'list', '--json'],
      ['audit', 'export'],
      ['notices', 'list'],
      ['notices', 'list', '--json'],
      ['notices', 'channels', '--json'],
      ['slots', 'list'],
      ['settings', 'show', '--json'],
      ['status', '--json'],
    ])
      said.push([args.join(' '), await ok(...args)])
  })

  it('the search finds a secret that was left in a file, in every form and in part', async () => {
    const [secret = ''] = secrets
    const { find } = searchFor(secrets)
    const copy = join(dir, 'planted')
    await mkdir(copy)
    const whole = [...secrets][7] ?? ''
    const signing = [...secrets].find((each) => each.startsWith('whsec_')) ?? ''
    const forms: Buffer[] = [
      Buffer.from(`x ${secret} y`),
      Buffer.from(whole.slice(-49)),
      Buffer.from(whole.slice(20, 60)),
      Buffer.from(whole, 'utf16le'),
      Buffer.from(Buffer.from(whole).toString('hex')),
      ...['', 'a', 'bc'].map((lead) => Buffer.from(Buffer.from(lead + whole + lead).toString('base64'))),
      ...['', 'a', 'bc'].map((lead) => Buffer.from(Buffer.from(lead + signing + lead).toString('base64url'))),
      Buffer.concat([Buffer.alloc(5), Buffer.from(signing.slice(6), 'base64')]),
    ]
    for (const [number, bytes] of forms.entries())
      await writeFile(join(copy, `${number}.bin`), Buffer.concat([randomBytes(1_000 + number), bytes, randomBytes(50)]))
    let files = 0
    for await (const { path, bytes } of filesUnder(copy)) {
      files += 1
      assert.notDeepEqual(find(bytes), [], path)
    }
    assert.equal(files, forms.length)
    assert.deepEqual(find(randomBytes(100_000)), [])
  })

  it('no file, log line, message or list holds any of them', async () => {
    assert.ok(secrets.size >= 1_000, `only ${secrets.size} secrets`)
    const { find } = searchFor(secrets)
    const found: string[] = []
    const look = (where: string, bytes: Buffer): void => {
      for (const what of find(bytes)) found.push(`${where}: ${what}`)
    }
    let files = 0
    for await (const { path, bytes } of filesUnder(dirname(test.settings.dataDir))) {
      files += 1
      look(path, Buffer.from(path))
      look(path, bytes)
    }
    assert.ok(files > 50, `only ${files} files`)
    assert.ok(test.logged.length > 500, `only ${test.logged.length} lines`)
    for (const line of test.logged) look(`log: ${line.slice(0, 200)}`, Buffer.from(line))
    for (const { by, text } of receivers.messages) look(by, Buffer.from(text))
    for (const [where, text] of said) look(where, Buffer.from(text))
    assert.deepEqual(found, [])
  })
})
