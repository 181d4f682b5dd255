/** From a key that is about to expire to a person who knows: mail and webhook with real receivers, and what is never told. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { prepareKey, startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

const dayMs = 86_400_000

describe('notices, end to end', () => {
  let test: TestPostern
  let dir: string
  let key: { id: string; value: string }
  let smtp: SMTPServer
  let hook: Server
  const mails: string[] = []
  const hooked: string[] = []
  let hookStatus = 204
  const { ok, run, at } = commandLine(
    () => test,
    () => dir,
  )
  before(async () => {
    test = await startTestPostern()
    dir = await temporaryDir()
    key = await prepareKey(test.admin, 'http://127.0.0.1:1')
    smtp = new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      onAuth: (_auth, _session, done) => done(null, { user: 'postern' }),
      onData: (stream, _session, done) => {
        let text = ''
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
        stream.on('end', () => {
          mails.push(text)
          done(null, 'queued as 7')
        })
      },
    })
    smtp.listen(0, '127.0.0.1')
    await once(smtp.server, 'listening')
    hook = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        if (hookStatus < 300) hooked.push((JSON.parse(body) as { data: { id: string } }).data.id)
        response.writeHead(hookStatus).end()
      })
    }).listen(0, '127.0.0.1')
    await once(hook, 'listening')
  })
  after(async () => {
    await test.stop()
    smtp.close()
    hook.close()
    await rm(dir, { recursive: true, force: true })
  })
  /** A restart looks for what is due at once; the telling goes on beside it. */
  const told = async (wanted: () => boolean | Promise<boolean>): Promise<void> => {
    test = await test.restart()
    const deadline = Date.now() + 10_000
    while (!(await wanted())) {
      assert.ok(Date.now() < deadline, 'the notice did not arrive')
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  it('channels are set from the command line, and a test notice goes through each', async () => {
    const smtpPort = String((smtp.server.address() as AddressInfo).port)
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`
    const mail = ['notices', 'mail', '--host', '127.0.0.1', '--port', smtpPort, '--security', 'none']
    const people = ['--from', 'postern@example.com', '--to', 'ops@example.com', '--user', 'postern']
    const set = await run([...mail, ...people, ...at()], { input: 'planted-password\n' })
    assert.equal(set.code, 0, set.err)
    assert.match(await ok('notices', 'webhook', url), /whsec_[A-Za-z0-9+/]{43}=/)
    const tested = await ok('notices', 'test')
    assert.match(tested, /^log +accepted.*\nmail +accepted: .*queued as 7\nwebhook +accepted: answered 204\n$/)
    assert.match(mails[0] ?? '', /This is a test notice/)
    hookStatus = 500
    const failed = await run(['notices', 'test', ...at()])
    assert.equal(failed.code, 1)
    assert.match(failed.out, /webhook +FAILED: the receiver answered 500/)
    hookStatus = 204
  })

  it('each threshold is told once; a receiver that refused is told later, and the list says so', async () => {
    await test.admin.call('keys.edit', { params: { key: key.id }, body: { expires: { days: 20 } }, ifMatch: '*' })
    test.clock.nowMs += 7 * dayMs
    hookStatus = 500
    const before = mails.length
    await told(() => test.logged.some((line) => line.includes('"severity":"warning"')))
    test.clock.nowMs += dayMs
    hookStatus = 204
    const receiptsOf = async () =>
      (await test.admin.call('notices.list')).data.find(({ kind }) => kind === 'key_expiry')?.receipts ?? []
    // What has arrived and what is known to have arrived are two moments; a stop between them has it told again.
    await told(async () => (await receiptsOf()).every(({ state }) => state === 'accepted'))
    assert.ok(mails.length > before)
    test = await test.restart()
    assert.deepEqual(
      hooked.filter((id) => id.startsWith('key:')).map((id) => id.split(':').at(-1)),
      ['14d'],
    )
    assert.deepEqual(
      (await receiptsOf()).map(({ channel, state }) => `${channel} ${state}`),
      ['log accepted', 'mail accepted', 'webhook accepted'],
    )
    assert.match(await ok('notices', 'list'), /The key "Robot" .* expires on .*log, mail, webhook/)
  })

  it('a key that is used after its end is urgent, and no secret is in anything that was sent or kept', async () => {
    test.clock.nowMs += 30 * dayMs
    test = await test.restart()
    assert.equal(
      (await call(`${test.http}/erp/x`, { headers: bearer(key.value) })).problem().code,
      'credential_expired',
    )
    // The look that follows a quarter of an hour later is what a schedule calls; alarms make one too.
    await told(() => hooked.some((id) => id.endsWith(':expired')))
    const folder = join(test.settings.dataDir, 'notices')
    const kept = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')))
    const all = [...kept, ...mails, ...test.logged].join('\n')
    for (const planted of ['planted-password', key.value.slice(17), 'whsec_'])
      assert.ok(!all.includes(planted), planted)
  })
})
