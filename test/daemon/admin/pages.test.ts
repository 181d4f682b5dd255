/** The door for pages is open only while somebody uses it, and on this machine's loopback address alone. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import type { Door } from '../../../daemon/src/admin/door.ts'
import { linkForMs } from '../../../daemon/src/admin/page-sessions.ts'
import { createPageFiles } from '../../../daemon/src/admin/page-files.ts'
import { createPages } from '../../../daemon/src/admin/pages.ts'
import { createAdminRates } from '../../../daemon/src/admin/rates.ts'
import { createTokenCheck } from '../../../daemon/src/admin/token-check.ts'
import { isProblem, Problem } from '../../../daemon/src/problem.ts'
import { answersAt } from '../../support/call.ts'

describe('admin: when the door for pages is open', () => {
  const clock = { nowMs: 1_000_000 }
  const caller = { role: 'administrator', actor: { kind: 'local', name: 'alice', proof: 'file' } } as const
  const doors: Door[] = []
  const rooms = {
    now: () => clock.nowMs,
    store: () => {
      throw new Problem('keystore_locked')
    },
  }
  const rates = createAdminRates(rooms)
  const pagesOn = (port: number, orAny = false) =>
    createPages({
      now: () => clock.nowMs,
      port: { port, orAny },
      socketPath: 'postern.sock',
      rates,
      tokens: createTokenCheck(rooms, rates),
      appFor: (door) => {
        doors.push(door)
        return express()
      },
    })

  it('it is shut until a link is asked for, open on 127.0.0.1 alone, and shut once the link has ended', async () => {
    const pages = pagesOn(0)
    assert.equal(doors.length, 0)
    const { url, expires_at: expiresAt } = await pages.link(caller, 'api')
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/api\/#[A-Za-z0-9_-]{43}$/)
    assert.equal(expiresAt, new Date(clock.nowMs + linkForMs).toISOString())
    const port = Number(new URL(url).port)
    assert.equal(await answersAt('127.0.0.1', port), true)
    for (const elsewhere of ['127.0.0.2', '::1']) assert.equal(await answersAt(elsewhere, port), false, elsewhere)
    await pages.tidy()
    assert.equal(await answersAt('127.0.0.1', port), true)
    clock.nowMs += linkForMs
    await pages.tidy()
    assert.equal(await answersAt('127.0.0.1', port), false)
    await pages.close()
  })

  it('whoever asks while it is shut for good is told that Postern goes, and not that a session has ended', async () => {
    const pages = pagesOn(0)
    await pages.link(caller, 'api')
    const door = doors.at(-1)
    assert.ok(door)
    await pages.close()
    const request = { get: () => `Bearer ${'x'.repeat(43)}` } as unknown as Parameters<Door['admit']>[0]
    await assert.rejects(door.admit(request), (error: Error) => isProblem(error, 'daemon_unreachable'))
  })

  it('a page that has not been built is refused before anything is opened', async () => {
    const files = createPageFiles(join(import.meta.dirname, 'not-built'))
    const port = { port: 0, orAny: false }
    const tokens = createTokenCheck(rooms, rates)
    const appFor = () => express()
    const pages = createPages({ now: () => 0, port, socketPath: 'postern.sock', rates, tokens, appFor, files })
    await assert.rejects(pages.link(caller, 'console'), (error: Error) => {
      assert.match(error.message, /has not been built here/)
      return isProblem(error, 'not_implemented')
    })
    await pages.close()
  })

  it('what the build lists is served, and a list that leads out of its folder is refused', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-test-'))
    const listed = async (...files: string[]) => {
      await writeFile(join(folder, 'files.json'), JSON.stringify({ files }))
      const table = createPageFiles(folder)
      table.refresh()
      return table
    }
    await writeFile(join(folder, 'index.html'), 'the page')
    const table = await listed('index.html')
    assert.equal((await table.read('/console/'))?.content.toString(), 'the page')
    assert.deepEqual([table.has('/console/index.html'), table.has('/console/files.json')], [false, false])
    for (const name of ['../x.js', '/x.js', 'assets/../x.js', 'x.json', 'a/b.js', '..js', 'x'])
      await assert.rejects(listed(name), name)
    await rm(folder, { recursive: true })
  })

  it('with a port of its own it comes back on the same one, also while it is being shut', async () => {
    const free = createServer()
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
    const { port } = free.address() as AddressInfo
    const pages = pagesOn(port)
    await assert.rejects(pages.link(caller, 'api'), (error) => isProblem(error, 'port_taken'))
    await new Promise((resolve) => free.close(resolve))
    for (let at = 0; at < 3; at++) {
      const [one, two] = await Promise.all([pages.link(caller, 'api'), pages.link(caller, 'api')])
      assert.deepEqual([new URL(one.url).port, new URL(two.url).port], [String(port), String(port)])
      clock.nowMs += linkForMs
      void pages.tidy()
    }
    await pages.close()
    assert.equal(await answersAt('127.0.0.1', port), false)
  })

  it('with no port of its own it takes the usual one, another while that is taken, and the usual one again', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const pages = pagesOn(port, true)
    const portOfLink = async (): Promise<number> => Number(new URL((await pages.link(caller, 'api')).url).port)
    const instead = await portOfLink()
    assert.notEqual(instead, port)
    assert.equal(await answersAt('127.0.0.1', instead), true)
    assert.equal(await answersAt('127.0.0.2', instead), false)
    await new Promise((resolve) => other.close(resolve))
    clock.nowMs += linkForMs
    await pages.tidy()
    assert.equal(await portOfLink(), port)
    await pages.close()
  })
})
