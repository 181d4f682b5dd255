/**
 * The door for browsers: the bridge over the daemon's page on loopback. Promises: the session's token lives in one variable
 * of this module and ends with the page; what is asked without a person having done anything does not keep an idle session
 * alive. Never: storage, cookies, a token in a URL.
 */
import type { AdminAnswer, AdminCall, AdminRequest } from '@postern/shared'
import { lockMinutes, Refusal, settledBy, type Bridge, type Push } from '../bridge.ts'
import { createClipboard } from './clipboard.ts'
import { createIdleWatch } from './idle-watch.ts'
import { createGate } from './gate.ts'
import { offerFile } from './offer-file.ts'
import { keepPreferences, readPreferences } from './preferences.ts'
import { openSession, pause, request } from './requests.ts'

const backoffMs = [500, 1_000, 2_000, 3_000] as const
const lookEveryMs = 1_000
/** Some at once, then one a second: what has happened meanwhile comes with the next. */
const newsAtOnce = { count: 4, perMs: 4_000 } as const

/** `code`: of the link this page was opened by, if there was one. */
export const createWebBridge = (code: string | null): Bridge => {
  let token: string | undefined
  let listeners: readonly ((push: Push) => void)[] = []
  let last: Push | undefined
  let touched = false
  const tell = (push: Push): void => {
    if (push.kind !== 'news' && push.kind !== 'clipboard' && push.kind !== 'slowed') last = push
    for (const listener of listeners) listener(push)
  }
  let preferences = readPreferences()
  let settled = settledBy(undefined)
  const inForce = () => ({ ...preferences, ...settled })
  const clipboard = createClipboard(tell, inForce)
  const idle = createIdleWatch({
    clock: () => Date.now(),
    steady: () => performance.now(),
    minutes: () => (token === undefined ? null : lockMinutes(inForce())),
    onIdle: (minutes) => {
      void clipboard.release()
      end({ kind: 'ended', why: null, idleMinutes: minutes })
    },
  })
  setInterval(() => idle.look(), lookEveryMs)
  // Reading and scrolling are use of the page too; the next question says so.
  const touch = (): void => {
    // What wakes a page that slept is no use of the session that is over.
    idle.look()
    touched = true
    idle.touch()
  }
  for (const kind of ['keydown', 'pointerdown', 'wheel']) window.addEventListener(kind, touch, { passive: true })

  const sessionOver = (why: string | null): void => {
    token = undefined
    tell({ kind: 'ended', why })
  }

  const end = (how: Extract<Push, { kind: 'ended' }>): void => {
    if (token === undefined) return
    const headers = { authorization: `Bearer ${token}` }
    token = undefined
    tell(how)
    void fetch('/session', { method: 'DELETE', headers, keepalive: true }).catch(() => undefined)
  }

  const ask = async <C extends AdminCall>(
    name: C,
    asked: AdminRequest<C>,
    { background = false, signal }: { background?: boolean; signal?: AbortSignal } = {},
  ): Promise<AdminAnswer<C>> => {
    if (token === undefined) throw new Refusal('credential_missing', '')
    const quietly = background && !touched
    touched = false
    try {
      return await request(name, asked, {
        token,
        background: quietly,
        onSlowed: (seconds) => tell({ kind: 'slowed', seconds }),
        ...(signal === undefined ? {} : { signal }),
      })
    } catch (error) {
      if (error instanceof Refusal && (error.code === 'credential_invalid' || error.code === 'credential_missing'))
        sessionOver(error.message)
      throw error
    }
  }

  /** Waits for news for as long as there is a session. */
  const listen = async (mine: string): Promise<void> => {
    const isOver = (): boolean => token !== mine
    let seen: number | undefined
    let tries = 0
    const newsGate = createGate(newsAtOnce)
    while (!isOver()) {
      try {
        await newsGate.enter()
        const news = await ask('changes.wait', seen === undefined ? {} : { query: { seen } }, { background: true })
        if (tries > 0 || seen === undefined) tell({ kind: 'up' })
        tries = 0
        if (seen !== news.seq) tell({ kind: 'news', keys: news.keys, used: news.used, topics: news.topics })
        seen = news.seq
      } catch {
        if (isOver()) return
        tries += 1
        tell({ kind: 'lost', tries })
        await pause(backoffMs[Math.min(tries, backoffMs.length) - 1] ?? 3_000)
      }
    }
  }

  const enter = async (link: string): Promise<void> => {
    token = await openSession(link.trim().split('#').at(-1) ?? '')
    touched = true
    idle.touch()
    void listen(token)
  }

  if (code === null) last = { kind: 'ended', why: null }
  else enter(code).catch((error: unknown) => sessionOver(error instanceof Error ? error.message : null))

  const issued = ({ value, ...key }: AdminAnswer<'keys.create'>) => ({ key, value })
  const revealKey = async (id: string): Promise<string | null> =>
    (await ask('keys.reveal', { params: { key: id } })).value

  return {
    door: 'browser',
    call: async (name, asked = {}, how = {}) => {
      const answer = await ask(name, asked, how)
      // What an organisation has settled comes with how Postern is, and holds here too.
      if (name === 'status.get') settled = settledBy((answer as AdminAnswer<'status.get'>).console)
      return answer
    },
    revealKey,
    copyKey: async (id) => {
      const value = await revealKey(id)
      if (value === null) throw new Refusal('conflict', 'The value of this key is not kept.')
      await clipboard.write(value)
    },
    copyValue: (value) => clipboard.write(value),
    copyText: (text) => clipboard.writeText(text),
    createKey: async (body, idempotencyKey) => issued(await ask('keys.create', { body, idempotencyKey })),
    rotateKey: async (id, body, idempotencyKey) =>
      issued(await ask('keys.rotate', { params: { key: id }, body, idempotencyKey })),
    importKeys: (body) => ask('keys.import', { body }),
    createToken: (body, idempotencyKey) => ask('tokens.create', { body, idempotencyKey }),
    createClient: (body, idempotencyKey) => ask('clients.create', { body, idempotencyKey }),
    editClient: (client, body, ifMatch) => ask('clients.edit', { params: { client }, body, ifMatch }),
    makeKit: () => ask('slots.add', { body: { kind: 'recovery' } }),
    setWebhook: async (body) => ({ secret: (await ask('channels.webhook', { body })).secret }),
    makeCalendar: () => ask('calendar.set', {}),
    saveText: (name, text) => Promise.resolve(offerFile(name, text)),
    readPreferences: () => Promise.resolve(preferences),
    keepPreferences: (chosen) => {
      preferences = chosen
      keepPreferences(chosen)
    },
    clearClipboard: () => clipboard.clear(),
    keepClipboard: () => clipboard.keep(),
    onChange: (listener) => {
      listeners = [...listeners, listener]
      if (last !== undefined) listener(last)
      return () => {
        listeners = listeners.filter((each) => each !== listener)
      }
    },
    enter,
    // A lock of its own would be for nothing: whoever comes next needs a link.
    reopen: null,
    end: () => end({ kind: 'ended', why: null }),
  }
}
