/**
 * A year of notices through real receivers: a mail server, a webhook that hangs, refuses, fails and then takes, a syslog
 * server; with 1,000 keys, restarts, crashes and weeks off. Nothing is missed, early, or called sent that was not taken.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import type { Document } from '../../daemon/src/document/document.ts'
import { Secret } from '../../daemon/src/problem.ts'
import { startTelling, type Telling } from '../../daemon/src/tell.ts'
import { makeDocument, makeKey } from '../support/access-document.ts'
import { temporaryDir } from '../support/start-postern.ts'

const dayMs = 86_400_000
const minuteMs = 60_000
const start = Date.UTC(2026, 0, 1, 9)

describe('telling people', () => {
  let seed = 11
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  const closing: (() => void)[] = []
  let dir: string
  let nowMs = start
  before(async () => {
    // In memory where there is such a folder: some 10,000 receipts are each synced, and the disk is not what is tried here.
    dir = existsSync('/dev/shm') ? await mkdtemp('/dev/shm/postern-test-') : await temporaryDir()
  })
  after(async () => {
    for (const close of closing) close()
    await rm(dir, { recursive: true, force: true })
  })
  const portOf = async (server: { address(): AddressInfo | string | null }): Promise<number> =>
    (server.address() as AddressInfo).port

  const faults: unknown[] = []
  const openOn = (dataDir: string, document: Document): Promise<Telling> =>
    startTelling({
      dataDir,
      document: () => document,
      openSecret: () => new Secret(`whsec_${Buffer.alloc(32, 1).toString('base64')}`),
      now: () => nowMs,
      zone: 'UTC',
      site: 'gw',
      certificateNotAfter: () => null,
      recoverySlots: () => [],
      lastBackupAt: () => new Date(nowMs).toISOString(),
      storeId: 'store',
      generation: () => 1,
      diskFreeBytes: async () => null,
      say: () => undefined,
      onFault: (error) => faults.push(error),
      attemptMs: 300,
    })

  it('every address that presents a honey key is told of once, also one whose text another begins with', async () => {
    const trap = makeKey({ honey: { blockSeconds: 0 } })
    const telling = await openOn(join(dir, 'honey'), makeDocument({ keys: [trap] }))
    const use = (address: string) =>
      telling.honeyUsed(trap.record.id, { address, atMs: nowMs, blockedUntilMs: null, isFresh: false })
    for (const address of ['10.0.0.10', '10.0.0.1', '10.0.0.10', '10.0.0.1']) await use(address)
    const told = telling.all().map(({ notice }) => /at (\S+) has/.exec(notice.text)?.[1])
    assert.deepEqual(told, ['10.0.0.1', '10.0.0.10'], 'newest first')
    await telling.close()
  })

  /** What each receiver has taken: notice ids, or texts for mail. */
  const taken = { webhook: new Set<string>(), syslog: new Set<string>(), mail: new Map<string, number>() }
  const early: string[] = []

  const startMail = async (): Promise<number> => {
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      disableReverseLookup: true,
      onData: (stream, _session, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          if (random() < 0.2) {
            done(Object.assign(new Error('try later'), { responseCode: 451 }))
            return
          }
          const text = Buffer.concat(chunks).toString().replaceAll('=\r\n', '')
          for (const [said] of text.matchAll(/The key "[^"]+" \(\w+\) expire[sd] on [\d-]+ at [\d:]+ UTC/g))
            taken.mail.set(said, (taken.mail.get(said) ?? 0) + 1)
          done(null, 'queued')
        })
      },
    })
    smtp.listen(0, '127.0.0.1')
    await once(smtp.server, 'listening')
    closing.push(() => smtp.close())
    return portOf(smtp.server)
  }

  const startWebhook = async (): Promise<number> => {
    const hook = createHttpServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const chance = random()
        // It hangs, it fails, it hangs up, or it takes the notice; once in a while it takes it and hangs up.
        if (chance < 0.002) return
        if (chance < 0.06) {
          if (chance < 0.05) response.writeHead(500).end()
          else request.socket.destroy()
          return
        }
        const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: { id: string; due_at: string } }
        if (!(Date.parse(data.due_at) <= nowMs)) early.push(data.id)
        taken.webhook.add(data.id)
        if (chance < 0.08) request.socket.destroy()
        else response.writeHead(200).end()
      })
    }).listen(0, '127.0.0.1')
    await once(hook, 'listening')
    closing.push(
      () => hook.close(),
      () => hook.closeAllConnections(),
    )
    return portOf(hook)
  }

  const startSyslog = async (): Promise<number> => {
    const server = createServer((socket) => {
      if (random() < 0.1) {
        socket.resetAndDestroy()
        return
      }
      let text = ''
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
      socket.on('error', () => undefined)
      socket.on('end', () => {
        for (const [, at = '', id = ''] of text.matchAll(/<\d+>1 (\S+) .*? id="([^"]+)"/g)) {
          if (Date.parse(at) > nowMs) early.push(id)
          taken.syslog.add(id)
        }
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    closing.push(() => server.close())
    return portOf(server)
  }

  it('over a year every due notice reaches every receiver', async () => {
    const [mailPort, hookPort, syslogPort] = [await startMail(), await startWebhook(), await startSyslog()]
    const keys = Array.from({ length: 1_000 }, (_, at) =>
      makeKey({
        id: `k${String(at).padStart(7, '0')}`,
        name: `Key ${at}`,
        expiresAt: new Date(start + Math.floor(random() * 360 * dayMs)).toISOString(),
      }),
    )
    const base = makeDocument({ keys })
    const document: Document = {
      ...base,
      settings: {
        ...base.settings,
        channels: {
          mail: {
            host: '127.0.0.1',
            port: mailPort,
            security: 'none',
            user: null,
            password: null,
            from: 'postern@example.com',
            to: ['ops@example.com'],
            ca: null,
          },
          webhook: { url: `http://127.0.0.1:${hookPort}/`, secret: { sealed: '', version: 1 }, ca: null },
          syslog: { transport: 'tcp', host: '127.0.0.1', port: syslogPort, ca: null },
          system: null,
        },
      },
    }
    const open = (): Promise<Telling> => openOn(dir, document)
    /** Those that crashed are given back at the end, so that their files are not closed under the others' feet. */
    const crashed: Telling[] = []
    let telling = await open()
    const step = async (): Promise<void> => {
      await telling.look()
      // A channel that failed is left alone until the next minute.
      for (let more = 0; more < 8; more++, nowMs += 5 * minuteMs) await telling.deliver()
    }
    // The mail server takes its time for each connection, so a day and a half pass at once.
    for (let tick = 0; nowMs < start + 365 * dayMs; tick++, nowMs += 1.5 * dayMs) {
      if (tick % 80 === 79) nowMs += 7 * dayMs
      if (tick % 20 === 19) {
        if (tick % 40 === 39) await telling.close()
        else {
          // A crash in the middle of a line: nothing is closed, and what was under way never ends.
          const folder = join(dir, 'notices')
          const newest =
            (await readdir(folder))
              .filter((name) => name.endsWith('.jsonl'))
              .toSorted()
              .at(-1) ?? ''
          await appendFile(join(folder, newest), '{"ids":["key:k000')
          crashed.push(telling)
        }
        telling = await open()
      }
      await step()
    }
    for (let more = 0; more < 20; more++, nowMs += dayMs / 3) await step()

    const told = telling.all()
    assert.ok(told.length > 3_000, `${told.length} notices`)
    const owedOrGivenUp = told.flatMap(({ notice, receipts }) =>
      [...receipts.values()]
        .filter(({ state }) => state !== 'accepted')
        .map(({ channel }) => `${channel} ${notice.id}`),
    )
    assert.deepEqual(owedOrGivenUp, [])
    // Every key has been spoken of by its last threshold, at least.
    const ids = new Set(told.map(({ notice }) => notice.id))
    for (const { record } of keys) assert.ok(ids.has(`key:${record.id}:${record.expiresAt}:expired`), record.id)
    assert.deepEqual(
      [...ids].filter((id) => !taken.webhook.has(id)),
      [],
    )
    assert.deepEqual(
      [...ids].filter((id) => !taken.syslog.has(id)),
      [],
    )
    const texts = new Map<string, number>()
    for (const { notice } of told) {
      const [said = ''] = /^.*? UTC/.exec(notice.text) ?? []
      texts.set(said, (texts.get(said) ?? 0) + 1)
    }
    assert.deepEqual(
      [...texts].filter(([said, times]) => (taken.mail.get(said) ?? 0) < times),
      [],
    )
    assert.deepEqual([early, faults], [[], []])
    for (const each of [...crashed, telling]) await each.close()
  }).timeout(120_000)
})
