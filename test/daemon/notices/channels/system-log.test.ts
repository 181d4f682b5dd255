/** Notices in the log of the operating system: the real `logger`, and what Windows is asked to do. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Notice } from '@postern/shared'
import { logCommand, systemLogChannel } from '../../../../daemon/src/notices/channels/system-log.ts'
import { temporaryDir } from '../../../support/start-postern.ts'

const notice = (text = 'The key "Robot" expires.'): Notice => ({
  id: 'key:AAAAAAAA:14d',
  kind: 'key_expiry',
  severity: 'warning',
  at: '2026-12-10T00:00:00.000Z',
  subject: { kind: 'key', id: 'AAAAAAAA', name: 'Robot' },
  text,
})
const never = new AbortController().signal

describe('system log channel', () => {
  it('logger hands it to the socket it is told of, under our name and severity; no socket is a failure', async function () {
    if (!existsSync('/usr/bin/logger')) this.skip()
    const dir = await temporaryDir()
    const path = join(dir, 'log')
    const heard = new Promise<string>((resolve) => {
      const server = createServer((socket) => {
        let text = ''
        socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
        socket.on('end', () => (server.close(), resolve(text)))
      }).listen(path)
      server.once('listening', () => void channel.send([notice()], never))
    })
    const channel = systemLogChannel({ name: 'postern-test' }, { platform: 'linux', extra: ['--socket', path] })
    // Facility 3 (daemon) with severity 4 (warning).
    assert.match(await heard, /^<28>.* postern-test: The key "Robot" expires\. \(key:AAAAAAAA:14d\)/)
    await assert.rejects(channel.send([notice()], never), /./)
    await rm(dir, { recursive: true })
  })

  it('Windows is asked by the full path of its own program; a text is one line, of a bounded length, and no option', () => {
    const { file, args } = logCommand(notice('/D x\r\ny'), { name: 'Postern' }, 'win32', { SystemRoot: 'C:\\W' })
    assert.match(file, /^C:\\W.System32.eventcreate\.exe$/)
    assert.deepEqual(args.slice(0, -1), ['/L', 'APPLICATION', '/SO', 'Postern', '/ID', '100', '/T', 'WARNING', '/D'])
    assert.equal(args.at(-1), '/D x y (key:AAAAAAAA:14d)')
    const linux = logCommand(notice(`--file ${'x'.repeat(5_000)}`), { name: 'postern' }, 'linux', {})
    assert.deepEqual(linux.args.slice(-2)[0], '--')
    assert.ok((linux.args.at(-1)?.length ?? 0) < 1_100)
  })

  it('a program that is not there, or fails, is a failure that says why', async () => {
    const channel = systemLogChannel({ name: 'p' }, { platform: 'win32', env: { SystemRoot: '/nowhere' } })
    await assert.rejects(channel.send([notice()], never), /is not there/)
  })
})
