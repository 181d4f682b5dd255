/** The tray and the notifications of a console that follows a real daemon. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Push } from '../../../desktop/src/bridge.ts'
import { createAttendant } from '../../../desktop/src/main/attendant.ts'
import { createDaemonClient } from '../../../desktop/src/main/daemon-client.ts'
import { createKeyWatch } from '../../../desktop/src/main/key-watch.ts'
import { openPreferences } from '../../../desktop/src/main/kept-preferences.ts'
import { englishTexts as texts } from '../../../desktop/src/renderer/texts/english.ts'
import { startTestPostern, temporaryDir, type TestPostern } from '../../support/start-postern.ts'

const dayMs = 86_400_000
const up: Push = { kind: 'up' }
const newsOfAll: Push = { kind: 'news', keys: null, used: [], topics: ['keys', 'state'] }

describe('console window: what is shown outside of it', () => {
  let dir: string
  let test: TestPostern
  const noonMs = Math.floor(Date.now() / dayMs) * dayMs + dayMs / 2

  before(async () => {
    dir = await temporaryDir()
    test = await startTestPostern()
    test.clock.nowMs = noonMs
    await test.admin.call('keys.create', {
      body: { name: 'Payroll', expires: { at: new Date(noonMs + 2 * dayMs).toISOString() } },
    })
  })
  after(async () => {
    await test.stop()
    await rm(dir, { recursive: true, force: true })
  })

  /** A console that has been started. */
  const start = () => {
    const now = (): number => test.clock.nowMs
    const client = createDaemonClient({ socketPath: () => test.settings.socketPath, actorName: 'x', now })
    const watch = createKeyWatch(client, now)
    const shown: string[] = []
    const notified: string[] = []
    const attendant = createAttendant({
      watch,
      preferences: openPreferences(join(dir, 'preferences.json')),
      texts,
      now,
      seen: () => ({ isVisible: false, isLookedAt: false }),
      showTray: ({ shape }, paused) => shown.push(paused ? `${shape} paused` : shape),
      notify: ({ title, body }, { page, asked }) => notified.push(`${title} | ${body} | ${page} ${asked}`),
    })
    return { watch, attendant, shown, notified }
  }

  it('a key that expires is told of once, also after a restart of the console, and leads to its list', async () => {
    const first = start()
    await first.attendant.look()
    first.watch.hear(up)
    await first.attendant.look()
    assert.deepEqual(first.shown, ['hollow', 'mark'])
    assert.deepEqual(first.notified, ['1 key expires within 3 days | Payroll | keys urgent'])
    const second = start()
    second.watch.hear(up)
    await second.attendant.look()
    assert.deepEqual(second.notified, [])
  })

  it('a daemon that is locked or away makes nobody be told, and nothing be forgotten', async () => {
    const { watch, attendant, shown, notified } = start()
    watch.hear(up)
    await attendant.look()
    watch.hear({ kind: 'lost', tries: 1 })
    test.clock.nowMs += dayMs
    await attendant.look()
    test.clock.nowMs -= dayMs
    assert.deepEqual(shown, ['mark', 'hollow'])
    watch.hear(up)
    await attendant.look()
    assert.deepEqual(notified, [])
  })

  it('a change is shown when it is heard of, and a pause says that it is one', async () => {
    const { watch, attendant, shown } = start()
    watch.hear(up)
    await attendant.look()
    attendant.pause('monday')
    attendant.resume()
    assert.deepEqual(shown, ['mark', 'mark paused', 'mark'])
    await test.admin.call('keys.disable', { params: { key: 'Payroll' } })
    await attendant.look()
    assert.equal(shown.at(-1), 'mark', 'it asks only when it has heard of something')
    watch.hear(newsOfAll)
    await attendant.look()
    assert.equal(shown.at(-1), 'tick')
  })
})
