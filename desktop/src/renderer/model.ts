/**
 * What the console knows of Postern, kept up to date by what is pushed. Promises: a change elsewhere is shown without being
 * asked for; what was known stays to be looked at while Postern does not answer. Never: a key's value.
 */
import type { KeyView, MeView, StatusView } from '@postern/shared'
import { Refusal, type Bridge, type Push } from '../bridge.ts'
import { createToldKeys } from './told-keys.ts'
import { backToleranceMs, jumped, wentBackMs, type Reading } from './clock-watch.ts'

export type Link =
  | { readonly kind: 'opening' }
  | { readonly kind: 'up' }
  | { readonly kind: 'lost'; readonly tries: number }
  | { readonly kind: 'ended'; readonly why: string | null; readonly idleMinutes?: number }
  | { readonly kind: 'locked' }

export interface Known {
  readonly link: Link
  readonly status: StatusView | null
  /** Who sits here, as Postern knows them; null: it does not say, and nothing is off for that. */
  readonly me: MeView | null
  /** How much later it is there than here. */
  readonly skewMs: number
  /** How far the gateway's clock has gone back while this was watched; 0: it has not. */
  readonly clockBackMs: number
  readonly keys: readonly KeyView[]
  readonly keysLoaded: boolean
  /** How many there are, while they are being loaded. */
  readonly keysExpected: number | null
  readonly asOfMs: number | null
  /** In so many seconds, counted from when it was said, what was asked too fast is asked again; null: nothing is. */
  readonly slowedSeconds: number | null
  readonly fault: Refusal | null
}

export interface Model {
  get(): Known
  subscribe(listener: () => void): () => void
  /** A key as an answer has just shown it. */
  put(key: KeyView): void
  drop(id: string): void
  refresh(): Promise<void>
  /** The gateway's clock is right as it is now. */
  acceptClock(): void
  close(): void
}

const perPage = 500
const background = { background: true }
const watchEveryMs = 500
const askAgainAfterMs = 30_000

export interface Clocks {
  here(): number
  steady(): number
}

const ownClocks: Clocks = { here: () => Date.now(), steady: () => performance.now() }

export const createModel = (bridge: Bridge, { here, steady }: Clocks = ownClocks): Model => {
  let known: Known = {
    link: { kind: 'opening' },
    status: null,
    me: null,
    skewMs: 0,
    clockBackMs: 0,
    keys: [],
    keysLoaded: false,
    keysExpected: null,
    asOfMs: null,
    slowedSeconds: null,
    fault: null,
  }
  let listeners: readonly (() => void)[] = []
  let loading: Promise<void> | undefined
  let again = false
  /** Keys that were put or dropped since the list was asked for. */
  let ownSince: Set<string> | undefined
  let own: Reading = { clockMs: here(), steadyMs: steady() }
  let gateway: Reading | null = null
  let askedAtMs = steady()
  let slowed: ReturnType<typeof setTimeout> | undefined

  const set = (more: Partial<Known>): void => {
    known = { ...known, ...more }
    for (const listener of listeners) listener()
  }

  const withKeys = (changed: readonly KeyView[], gone: ReadonlySet<string> = new Set()): readonly KeyView[] => {
    const fresh = new Map(changed.map((key) => [key.id, key]))
    const kept = known.keys.filter(({ id }) => !gone.has(id)).map((key) => fresh.get(key.id) ?? key)
    const ids = new Set(kept.map(({ id }) => id))
    return [...kept, ...changed.filter(({ id }) => !ids.has(id))].filter((key) => key.state !== 'removed')
  }

  const loadStatus = async (): Promise<StatusView> => {
    askedAtMs = steady()
    const status = await bridge.call('status.get', {}, background)
    const clockMs = Date.parse(status.now)
    const read = { clockMs, steadyMs: steady() }
    const backMs = gateway === null ? 0 : wentBackMs(gateway, read)
    const clockBackMs = backMs > backToleranceMs ? backMs : 0
    // A clock that went back is compared with what it was before, until it is right again or is taken for right.
    if (clockBackMs === 0) gateway = read
    set({ status, skewMs: clockMs - here(), asOfMs: clockMs, clockBackMs })
    return status
  }

  const loadMe = async (): Promise<void> => {
    const me = await bridge.call('me.get', {}, background).catch(() => null)
    // The session may have ended meanwhile.
    if (known.link.kind === 'up') set({ me })
  }

  /** Whoever slept, or whose clock was set, knows nothing of the gateway's time until it is asked for. */
  const watch = (): void => {
    const read = { clockMs: here(), steadyMs: steady() }
    const isOld = read.steadyMs - askedAtMs > askAgainAfterMs || jumped(own, read)
    own = read
    // What goes wrong with it is told by the state of the link.
    if (isOld && known.link.kind === 'up') void loadStatus().catch(() => undefined)
  }

  const loadKeys = async (): Promise<void> => {
    const found: KeyView[] = []
    ownSince = new Set()
    for (let page = 1, count = 1; found.length < count; page++) {
      const answer = await bridge.call('keys.list', { query: { page, per_page: perPage } }, background)
      count = answer.count
      found.push(...answer.data)
      if (answer.data.length === 0) break
      // The first time they are shown as they come; later the list that is there stays until the new one is whole.
      if (!known.keysLoaded) set({ keys: [...found], keysExpected: count })
    }
    const newer = ownSince
    const kept = found.filter(({ id }) => !newer.has(id))
    const changed = known.keys.filter(({ id }) => newer.has(id))
    set({ keys: [...kept, ...changed], keysLoaded: true, keysExpected: null, fault: null })
  }

  const loadAll = async (): Promise<void> => {
    do {
      again = false
      try {
        const status = await loadStatus()
        void loadMe()
        if (status.state === 'open') await loadKeys()
        else set({ keysLoaded: true })
      } catch (error) {
        tellFault(error)
      }
    } while (again)
  }

  /** What is told by the state of the link, or by the status, is no fault of its own. */
  const tellFault = (error: unknown): void => {
    const quiet = ['daemon_unreachable', 'credential_missing', 'credential_invalid', 'keystore_locked']
    if (error instanceof Refusal && quiet.includes(error.code)) return
    set({ fault: error instanceof Refusal ? error : new Refusal('internal', String(error)) })
  }

  const refresh = (): Promise<void> => {
    if (loading !== undefined) again = true
    loading ??= loadAll().finally(() => (loading = undefined))
    return loading
  }

  const loadSome = async (ids: readonly string[]): Promise<void> => {
    const gone = new Set<string>()
    const read = async (id: string): Promise<KeyView[]> => {
      try {
        return [await bridge.call('keys.get', { params: { key: id } }, background)]
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'not_found') throw error
        gone.add(id)
        return []
      }
    }
    try {
      const found = (await Promise.all(ids.map(read))).flat()
      set({ keys: withKeys(found, gone) })
    } catch (error) {
      tellFault(error)
    }
  }

  /** Whoever is not here any more has left nothing behind but where the service was. */
  const forget = (link: Link): void =>
    set({ link, me: null, keys: [], keysLoaded: false, keysExpected: null, fault: null })

  const hear = (push: Push): void => {
    switch (push.kind) {
      case 'up':
        return set({ link: { kind: 'up' } })
      case 'lost':
        return set({ link: { kind: 'lost', tries: push.tries } })
      case 'ended':
        return forget(push)
      case 'lock':
        return forget(push.on ? { kind: 'locked' } : { kind: 'opening' })
      case 'slowed':
        clearTimeout(slowed)
        slowed = setTimeout(() => set({ slowedSeconds: null }), push.seconds * 1_000)
        return set({ slowedSeconds: push.seconds })
      case 'clipboard':
      case 'go':
        return undefined
      case 'news': {
        const { keys, used, topics } = push
        if (used.length > 0) {
          const uses = new Map(used.map(({ id, last_used_at: at }) => [id, at]))
          const touched = (key: KeyView): KeyView => {
            const at = uses.get(key.id)
            return at === undefined ? key : { ...key, last_used_at: at }
          }
          set({ keys: known.keys.map(touched) })
        }
        if (keys === null || topics.includes('state')) void refresh()
        else told.hear(keys)
      }
    }
  }

  // One page holds more than a handful of single answers, and asks less of the daemon.
  const look = (ids: readonly string[]): void =>
    void (ids.length > 5 && ids.length * perPage > known.keys.length ? refresh() : loadSome(ids))
  const told = createToldKeys(look, steady)
  /** What an answer has just shown is newer than any list that was asked for before. */
  const setOwn = (keys: readonly KeyView[], gone: ReadonlySet<string>): void => {
    for (const id of [...keys.map((key) => key.id), ...gone]) {
      told.own(id)
      ownSince?.add(id)
    }
    set({ keys: withKeys(keys, gone) })
  }
  const stop = bridge.onChange(hear)
  const watching = setInterval(watch, watchEveryMs)
  return {
    get: () => known,
    subscribe: (listener) => {
      listeners = [...listeners, listener]
      return () => {
        listeners = listeners.filter((each) => each !== listener)
      }
    },
    put: (key) => setOwn([key], new Set()),
    drop: (id) => setOwn([], new Set([id])),
    refresh,
    acceptClock: () => {
      gateway = null
      set({ clockBackMs: 0 })
    },
    close: () => {
      clearInterval(watching)
      clearTimeout(slowed)
      told.stop()
      stop()
    },
  }
}
