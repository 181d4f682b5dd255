/** How long the window waits for the daemon: not for ever, but for work that takes long until it is done. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Refusal } from '../../../desktop/src/bridge.ts'
import { createDaemonClient } from '../../../desktop/src/main/daemon-client.ts'

describe('console window: waiting for the daemon', () => {
  let dir: string
  let server: Server
  /** What was asked and is not answered. */
  let held: Map<string, ServerResponse>
  let socketPath: string
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'postern-test-'))
    socketPath = join(dir, 'held.sock')
    held = new Map()
    server = createServer((request: IncomingMessage, response) => {
      if (request.url === '/v1/actor/challenge') response.end(JSON.stringify({ token: 'x', file: join(dir, 'proof') }))
      else held.set(request.url ?? '', response)
      server.emit('held')
    })
    server.listen(socketPath)
    await once(server, 'listening')
  })
  after(async () => {
    server.closeAllConnections()
    server.close()
    await rm(dir, { recursive: true, force: true })
  })

  it('a check of a backup is waited for when all else has long been given up', async () => {
    const client = createDaemonClient({ socketPath: () => socketPath, actorName: 'x', now: Date.now, patienceMs: 50 })
    const check = client.call('backups.verify', { body: { path: '/mnt/a' } })
    while (!held.has('/v1/backups/verify')) await once(server, 'held')
    await assert.rejects(
      client.call('status.get'),
      (error) => error instanceof Refusal && error.code === 'daemon_unreachable',
    )
    held.get('/v1/backups/verify')?.end(JSON.stringify({ ok: true }))
    assert.deepEqual(await check, { ok: true })
  })
})
