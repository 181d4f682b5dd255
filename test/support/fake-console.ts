/**
 * The built console in a real browser, with answers that a test has made up: every state can be shown, also those that no
 * healthy daemon has. The browser reaches nothing but this: each request is answered here or noted as astray.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page, Route } from 'playwright-core'
import type { BackupsView, KeyView, ProblemCode, StatusView } from '@postern/shared'

const folder = join(import.meta.dirname, '..', '..', 'desktop', 'dist', 'web')
export const fakeOrigin = 'http://127.0.0.1:4999'

/** Null: never answered; a number: refused with that status. */
export type Answer = object | number | null | ((url: URL) => object)

export interface Scenario {
  readonly status?: Partial<StatusView>
  readonly keys?: readonly KeyView[]
  /** By "METHOD /path", in which `*` stands for one segment; several: one after the other, the last for good. */
  readonly answers?: Readonly<Record<string, Answer | readonly Answer[]>>
  /** What was chosen in this console before. */
  readonly preferences?: Readonly<Record<string, string>>
  /** Without a session. */
  readonly noLink?: boolean
  /** Whether this file of the page cannot be fetched just now. */
  readonly isAway?: (file: string) => boolean
}

export const dayMs = 86_400_000

/** A key like those of a daemon. `days`: until it expires. */
export const fakeKey = (at: number, days: number | null, more: Partial<KeyView> = {}): KeyView => {
  const id = `k${String(at).padStart(7, '0')}`
  return {
    id,
    name: `Robot ${at}`,
    description: at % 3 === 0 ? 'Used by the nightly import' : '',
    owner: at % 2 === 0 ? 'Anna' : null,
    client: { id: 'cl_000000000000', name: 'default' },
    collections: null,
    subject: null,
    endpoints: null,
    methods: null,
    addresses: { allow: null, deny: [] },
    policies: [],
    grants: null,
    imported: false,
    scopes: [],
    honey: null,
    reveal: 'always',
    masked: `postern_${id}_…abcd`,
    state: 'active',
    status: 'green',
    client_disabled: false,
    created_at: '2026-01-01T00:00:00.000Z',
    expires_at: days === null ? null : new Date(Date.now() + days * dayMs).toISOString(),
    last_used_at: at % 4 === 0 ? null : new Date(Date.now() - at * 3_600_000).toISOString(),
    active_since: null,
    old_secret_valid_until: null,
    removed_at: null,
    quarantined: false,
    purged_at: null,
    etag: `"${at}"`,
    ...more,
  }
}

/** One of each standing, and some more. */
export const someKeys = (): KeyView[] => [
  fakeKey(1, -3),
  fakeKey(2, 1.5),
  fakeKey(3, 9),
  fakeKey(4, 300),
  fakeKey(5, 200, { state: 'disabled' }),
  fakeKey(6, null, {
    name: 'A key with a name as long as names may be, which does not fit into its column at all, not even here',
  }),
  ...Array.from({ length: 30 }, (_, at) => fakeKey(at + 7, 30 + at * 10)),
]

export const fakeStatus = (): StatusView => ({
  version: '0.1.0',
  state: 'open',
  problem: null,
  refusing: null,
  started_at: '2026-11-01T08:00:00.000Z',
  now: new Date().toISOString(),
  zone: 'Europe/Berlin',
  pid: 1,
  data_dir: '/var/lib/postern',
  store: {
    id: 'a',
    generation: 42,
    machine_key: 'file',
    root_key_since: null,
    data_key_since: null,
  },
  listeners: [{ url: 'https://127.0.0.1:8443' }],
  certificate: {
    source: 'own',
    subject: 'CN=x',
    not_after: new Date(Date.now() + 300 * dayMs).toISOString(),
    fingerprint256: 'AA',
    ca_file: '/var/lib/postern/tls/ca.crt',
  },
  keys: null,
  counts: null,
  clock: {
    standing: 'right',
    wall: new Date().toISOString(),
    judged_by: new Date().toISOString(),
    floor: new Date().toISOString(),
    agrees_in_seconds: null,
  },
  alarms: [],
  host: {},
  console: {},
})

/** Another program copies the folder, and a restore of a copy was proven. */
export const fakeBackups = (more: Partial<BackupsView> = {}): BackupsView => ({
  last: { at: new Date().toISOString(), path: null, generation: 40 },
  proven: {
    at: new Date(Date.now() - 3.5 * dayMs).toISOString(),
    path: '/mnt/backups/postern-2026-11-18T02-00-00',
    backup_at: new Date(Date.now() - 3 * dayMs).toISOString(),
    generation: 38,
    keys: 36,
  },
  drill_failed: null,
  schedule: null,
  drill_schedule: null,
  running: null,
  ...more,
})

const evidence = {
  days: 30,
  calls: 266,
  callers_count: 2,
  callers: [{ address: '10.0.3.7', calls: 200, last_hour: '2026-11-20T08:00:00.000Z' }],
  endpoints: [],
  last_used_at: '2026-11-20T08:10:00.000Z',
  rotation: null,
}

/** Calls per day of a fortnight: some have none, some are refused now and then. */
const fakeDaily = (ids: readonly string[]) => ({
  days: Array.from({ length: 14 }, (_, at) => `2026-11-${String(at + 7).padStart(2, '0')}`),
  data: ids.map((key) => {
    const at = Number(key.slice(1))
    const calls = Array.from({ length: 14 }, (_, day) => (at % 4 === 0 ? 0 : ((at * 7 + day * 5) % 13) * (at % 5)))
    return { key, allowed: calls, refused: calls.map((count, day) => (at % 3 === 0 && day % 5 === 0 ? count : 0)) }
  }),
})

const slot = { created_at: '2026-01-01T00:00:00.000Z', health: 'ok' } as const
const slots = [
  { ...slot, id: 'sl_1', kind: 'machine', this_machine: true, confirmed_at: null },
  { ...slot, id: 'sl_2', kind: 'recovery', this_machine: false, confirmed_at: new Date().toISOString() },
]

const policy =
  "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none';require-trusted-types-for 'script';trusted-types 'none'"

const codes: Readonly<Record<number, ProblemCode>> = {
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  412: 'precondition_failed',
}

const types = { html: 'text/html', js: 'text/javascript', css: 'text/css' } as const

export interface FakeConsole {
  readonly page: Page
  readonly astray: string[]
  /** Console errors and page errors. */
  readonly complaints: string[]
}

const answerTo = <T>(answers: Readonly<Record<string, T>>, call: string): T | undefined =>
  answers[call] ??
  Object.entries(answers).find(([pattern]) => new RegExp(`^${pattern.replaceAll('*', '[^/]+')}$`).test(call))?.[1]

export const openFakeConsole = async (context: BrowserContext, scenario: Scenario): Promise<FakeConsole> => {
  const page = await context.newPage()
  const [astray, complaints]: [string[], string[]] = [[], []]
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  let waits = 0
  const times = new Map<string, number>()
  const known: Record<string, (url: URL) => object> = {
    'POST /session': () => ({ token: 'x'.repeat(43) }),
    'DELETE /session': () => ({}),
    'GET /v1/me': () => ({ name: 'anna', role: 'administrator', token: null }),
    'GET /v1/status': () => ({ ...fakeStatus(), ...scenario.status }),
    'GET /v1/keys': (url) => {
      const [at, size] = [Number(url.searchParams.get('page')), Number(url.searchParams.get('per_page'))]
      const all = scenario.keys ?? someKeys()
      return { data: all.slice((at - 1) * size, at * size), count: all.length, page: at, per_page: size }
    },
    'GET /v1/keys/*/evidence': () => evidence,
    'GET /v1/keys/*/calls': () => ({ since: '2026-11-01T08:00:00.000Z', data: [] }),
    'GET /v1/keys/*/limits': () => ({ data: [] }),
    'GET /v1/policies': () => ({ data: [], count: 0, page: 1, per_page: 500 }),
    'GET /v1/tokens': () => ({ data: [], count: 0, page: 1, per_page: 100 }),
    'GET /v1/refusals': () => ({ data: [], count: 0, page: 1, per_page: 50 }),
    'GET /v1/backups': () => fakeBackups(),
    'GET /v1/slots': () => ({ data: slots, count: slots.length, page: 1, per_page: 50 }),
    'GET /v1/notices': () => ({ data: [], count: 0, page: 1, per_page: 50 }),
    'GET /v1/usage': () => ({ data: [{ group: { id: '' }, allowed: 1_234, refused: 5 }] }),
    'GET /v1/usage/daily': (url) => fakeDaily((url.searchParams.get('keys') ?? '').split(',')),
    'GET /v1/audit': () => ({
      data: [{ seq: 1, ts: '2026-11-19T08:00:00.000Z', actor: { name: 'anna' }, action: 'key.issue', came_true: true }],
      count: 1,
    }),
  }
  const answer = async (route: Route): Promise<void> => {
    const request = route.request()
    const url = new URL(request.url())
    if (url.origin !== fakeOrigin) {
      astray.push(request.url())
      return route.abort()
    }
    if (url.pathname.startsWith('/console/')) {
      const name = url.pathname.slice('/console/'.length) || 'index.html'
      if (scenario.isAway?.(name) === true) return route.abort()
      const contentType = types[name.split('.').at(-1) as keyof typeof types]
      const headers = { 'content-security-policy': policy }
      return route.fulfill({ body: readFileSync(join(folder, name)), contentType, headers })
    }
    const call = `${request.method()} ${url.pathname}`
    const found = answerTo(scenario.answers ?? {}, call)
    const asked = (times.get(call) ?? 0) + 1
    times.set(call, asked)
    const given: Answer | undefined = Array.isArray(found)
      ? (found[Math.min(asked, found.length) - 1] as Answer)
      : found
    if (given === null) return undefined
    if (typeof given === 'number')
      return route.fulfill({
        status: given,
        json: {
          code: codes[given] ?? 'store_unavailable',
          title: 'x',
          detail: 'The disk is full.',
          request_id: 'r-1',
        },
      })
    if (given !== undefined) return route.fulfill({ json: typeof given === 'function' ? given(url) : given })
    // After the first there is no news.
    if (call === 'GET /v1/changes')
      return waits++ > 0
        ? undefined
        : route.fulfill({ json: { seq: 1, generation: 1, topics: [], keys: null, used: [] } })
    const make = answerTo(known, call)
    if (make === undefined) astray.push(call)
    return make === undefined ? route.abort() : route.fulfill({ json: make(url) })
  }
  const { preferences } = scenario
  if (preferences !== undefined)
    await page.addInitScript(
      `localStorage.setItem('postern-preferences', ${JSON.stringify(JSON.stringify(preferences))})`,
    )
  await page.route('**/*', (route) => void answer(route))
  await page.goto(`${fakeOrigin}/console/${scenario.noLink === true ? '' : '#code'}`)
  return { page, astray, complaints }
}
