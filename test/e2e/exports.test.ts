/** What has changed, for those it concerns: exports by key, the trail on its way to a syslog server, the calendar, the kit. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer, type TLSSocket } from 'node:tls'
import { issueThrowaway } from '../../daemon/src/tls/certificate.ts'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

interface Change {
  seq: number
  action: string
  object: { id: string; name?: string }
  actor?: { name: string }
}
interface Exported {
  data: Change[]
  has_more: boolean
  next_cursor: string
}

describe('what has changed, end to end', () => {
  let test: TestPostern
  let dir: string
  const { ok, run, at } = commandLine(
    () => test,
    () => dir,
  )
  before(async () => {
    test = await startTestPostern()
    dir = await temporaryDir()
  })
  after(async () => {
    await test.stop()
    await rm(dir, { recursive: true, force: true })
  })
  const issue = async (...args: string[]): Promise<{ id: string; value: string }> =>
    JSON.parse(await ok('keys', 'add', ...args, '--json')) as { id: string; value: string }
  const read = async (value: string, query = ''): Promise<Exported> => {
    const { status, body } = await call(`${test.http}/exports/changes${query}`, { headers: bearer(value) })
    assert.equal(status, 200, body)
    return JSON.parse(body) as Exported
  }

  it('a client’s key reads what concerns the client, an administrator’s everything, by cursor and after a restart', async () => {
    await ok('clients', 'add', 'Sales')
    await ok('clients', 'add', 'Auditors', '--administrator')
    const sales = await issue('Sales exports', '--client', 'Sales', '--scope', 'exports:read')
    const auditors = await issue('Audit exports', '--client', 'Auditors', '--scope', 'exports:read')
    const robot = await issue('Robot', '--client', 'Sales')
    await issue('Somebody else')
    await ok('keys', 'disable', 'Robot')
    const own = await read(sales.value)
    const named = ({ data }: Exported): string[] => data.map(({ action, object }) => `${action} ${object.name}`)
    assert.deepEqual(named(own), [
      'client.create Sales',
      'key.issue Sales exports',
      'key.issue Robot',
      'key.disable Robot',
    ])
    assert.ok(own.data.every(({ actor }) => actor === undefined))
    const all = await read(auditors.value, '?limit=3')
    assert.deepEqual([all.data.length, all.has_more, all.data[0]?.action], [3, true, 'keystore.init'])
    test = await test.restart()
    const rest = await read(auditors.value, `?cursor=${all.next_cursor}`)
    assert.deepEqual([rest.has_more, rest.data.at(-1)?.actor?.name !== undefined], [false, true])
    assert.equal((await read(auditors.value)).data.length, all.data.length + rest.data.length)
    const refused = await call(`${test.http}/exports/changes`, { headers: bearer(robot.value) })
    assert.equal(refused.problem().code, 'credential_disabled')
    const { out } = await run(['keys', 'show', 'Sales exports', ...at()])
    assert.match(out, /Scopes +exports:read/)
    await ok('keys', 'edit', 'Sales exports', '--no-scope')
    const bare = await call(`${test.http}/exports/changes`, { headers: bearer(sales.value) })
    assert.equal(bare.problem().code, 'insufficient_scope')
  })

  it('the trail reaches a syslog server over TLS record by record, and a stranger can check it from there', async () => {
    const { certificate, key } = await issueThrowaway(['localhost'], Date.now())
    const caFile = join(dir, 'logs-ca.pem')
    await writeFile(caFile, certificate)
    let heard = ''
    const server = createServer({ cert: certificate, key: key.reveal() }, (socket: TLSSocket) => {
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')))
      socket.on('error', () => undefined)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const port = String((server.address() as AddressInfo).port)
    await ok('audit', 'receiver', 'localhost', '--port', port, '--ca-file', caFile)
    const deadline = Date.now() + 25_000
    while (!/;.* (\d+) of \1 records are there/.test(await ok('audit', 'receiver'))) {
      assert.ok(Date.now() < deadline, `the trail did not arrive: ${await ok('audit', 'receiver')}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    // Octet counting (RFC 6587 §3.4.1): the length in bytes, a space, the message.
    const records: string[] = []
    for (let rest = heard; rest !== '';) {
      const [, length = ''] = /^(\d+) /.exec(rest) ?? assert.fail(`no length before ${rest.slice(0, 80)}`)
      const message = rest.slice(length.length + 1, length.length + 1 + Number(length))
      const text = Buffer.from(message, 'latin1').toString()
      assert.match(text, /^<109>1 \d{4}-\S+Z \S+ postern \d+ [a-z._]+ \[postern@32473 seq="\d+"\] \uFEFF\{/)
      records.push(text.slice(text.indexOf('\uFEFF') + 1))
      rest = rest.slice(length.length + 1 + Number(length))
    }
    const lines = (await test.admin.call('audit.lines')).lines
    assert.deepEqual(records, lines.slice(0, records.length))
    assert.ok(records.length >= lines.length - 1)
    assert.match(await ok('audit', 'receiver', '--remove'), /sent nowhere/)
    server.close()
  })

  it('a calendar program reads the expiries with its token, as a password or in the address, and with nothing else', async () => {
    const url = `${test.http}/.postern/calendar.ics`
    const robot = await issue('Calendar robot', '--days', '30')
    assert.equal((await call(url)).problem().code, 'credential_missing')
    assert.equal((await call(`${url}?token=x`)).problem().code, 'credential_invalid')
    const said = await ok('notices', 'calendar')
    const token = /^ {2}(\S{43})$/m.exec(said)?.[1] ?? assert.fail(said)
    const basic = { authorization: `Basic ${Buffer.from(`anybody:${token}`).toString('base64')}` }
    const feed = await call(url, { headers: basic })
    assert.deepEqual([feed.status, feed.headers['content-type']], [200, 'text/calendar; charset=utf-8'])
    assert.ok(feed.body.includes(`UID:key-${robot.id}@`))
    assert.equal((await call(`${url}?token=${token}`)).body, feed.body)
    assert.equal((await call(url, { headers: bearer(robot.value) })).problem().code, 'credential_invalid')
    assert.equal((await call(`${test.http}/.postern/self`, { headers: bearer(token) })).status, 401)
    assert.ok(!test.logged.join('').includes(token))
    assert.match(await ok('notices', 'calendar'), /Subscribe to/)
    assert.equal((await call(url, { headers: basic })).status, 401, 'a new token ends the one before')
    await ok('notices', 'calendar', '--remove')
    assert.equal((await call(url)).status, 401)
  })

  it('a recovery kit that is typed in is known to open the store; a wrong one is not', async () => {
    assert.match(await ok('slots', 'list'), /recovery .* never/)
    const found = await run(['slots', 'confirm', ...at()], { input: `${test.recoveryCode}\n` })
    assert.match(found.out, /The code opens this keystore/)
    assert.doesNotMatch(await ok('slots', 'list'), /recovery .* never/)
    const other = await startTestPostern()
    const wrong = await run(['slots', 'confirm', ...at()], { input: `${other.recoveryCode}\n` })
    assert.deepEqual([wrong.code, /recovery_code_invalid|opens none/.test(wrong.err)], [1, true])
    await other.stop()
    const { data } = await test.admin.call('audit.list', { query: { per_page: 5 } })
    assert.ok(data.some(({ action }) => action === 'slot.confirm'))
  })
})
