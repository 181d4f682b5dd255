/**
 * One change to many keys, one key after the other. Promises: it goes on where the page is left, can be stopped between two
 * keys, and obeys being asked to slow down, which is told; what failed is named with its reason and can be tried again; all that was done
 * can be taken back as one.
 */
import type { KeyView, ProblemCode } from '@postern/shared'
import { Refusal, type Bridge } from '../../bridge.ts'
import type { Model } from '../model.ts'

export const bulkKinds = ['disable', 'enable', 'owner', 'expiry', 'remove'] as const
export type BulkKind = (typeof bulkKinds)[number]

/** Takes back what was done to one key. */
export type Back = () => Promise<void>

/** How much a key was used that has just been stopped. */
export interface Use {
  readonly name: string
  readonly calls: number
  readonly days: number
}

export interface Did {
  readonly back: Back | null
  /** Null: not asked. */
  readonly use: Use | null
}

export interface Task {
  readonly key: KeyView
  /** Throws a Refusal. */
  run(): Promise<Did>
}

export interface Run {
  readonly kind: BulkKind
  /** It takes back one that was done before. */
  readonly isUndo: boolean
  readonly count: number
  readonly done: number
  readonly failed: readonly { readonly key: KeyView; readonly why: string }[]
  /** Of those that were stopped, as far as Postern has said it. */
  readonly uses: readonly Use[]
  readonly state: 'running' | 'stopping' | 'ended'
  /** Postern has asked for fewer requests: it goes on by itself. */
  readonly isSlowed: boolean
}

export interface Bulk {
  get(): Run | null
  subscribe(listener: () => void): () => void
  /**
   * `tell` hears that it has begun, and how it has come out, also of further tries and of taking it back. Does nothing while
   * there is one under way.
   */
  start(kind: BulkKind, tasks: readonly Task[], tell: (run: Run) => void): void
  stop(): void
  /** Goes on with what failed and what was not come to. */
  retry(): void
  undo(): void
  dismiss(): void
}

/** After these the next key would be refused in the same way. */
const forAll: readonly ProblemCode[] = [
  'daemon_unreachable',
  'credential_missing',
  'credential_invalid',
  'keystore_locked',
  'forbidden',
]
const slowDownMs = 1_000
/** A timer that is late, as of a page that nobody looks at, is caught up with for no longer than this. */
const catchUpMs = 1_000

export interface BulkClock {
  nowMs(): number
  pause(ms: number): Promise<void>
}

const ownClock: BulkClock = {
  nowMs: () => performance.now(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/** `everyMs`: from one key to the next, so that what else is asked meanwhile has room. */
export const createBulk = (everyMs = 0, { nowMs, pause }: BulkClock = ownClock): Bulk => {
  let run: Run | null = null
  let left: readonly Task[] = []
  let backs: readonly { key: KeyView; back: Back }[] = []
  let lastKind: BulkKind | null = null
  let tell: (run: Run) => void = () => undefined
  let used: readonly Use[] = []
  let dueMs = -Infinity
  let listeners: readonly (() => void)[] = []

  const set = (next: Run | null): void => {
    run = next
    for (const listener of listeners) listener()
  }

  const isRunning = (): boolean => run?.state === 'running'

  const turn = async (): Promise<void> => {
    dueMs = Math.max(dueMs + everyMs, nowMs() - catchUpMs)
    if (dueMs > nowMs()) await pause(dueMs - nowMs())
  }

  const tryOne = async (task: Task): Promise<Refusal | null> => {
    for (;;) {
      try {
        const { back, use } = await task.run()
        if (back !== null) backs = [...backs, { key: task.key, back }]
        if (use !== null) used = [...used, use]
        return null
      } catch (error) {
        const refusal = error instanceof Refusal ? error : new Refusal('internal', String(error))
        if (refusal.code !== 'rate_limited' || !isRunning()) return refusal
        if (run !== null) set({ ...run, isSlowed: true })
        await pause(slowDownMs)
      }
    }
  }

  const work = async (first: Run): Promise<void> => {
    let now: Run = { ...first, failed: [], state: 'running' }
    set(now)
    tell(now)
    const again: Task[] = []
    let stopper: Refusal | null = null
    for (let task = left[0]; task !== undefined && isRunning(); task = left[0]) {
      if (stopper === null) await turn()
      if (!isRunning()) break
      const refusal: Refusal | null = stopper ?? (await tryOne(task))
      // Stopped while it was asked to slow down: this one was not come to.
      if (refusal?.code === 'rate_limited') break
      left = left.slice(1)
      if (refusal === null) now = { ...now, done: now.done + 1, uses: used }
      else {
        again.push(task)
        now = { ...now, failed: [...now.failed, { key: task.key, why: refusal.message }] }
        if (forAll.includes(refusal.code)) stopper = refusal
      }
      // Being stopped meanwhile stays.
      if (stopper === null) set({ ...now, state: isRunning() ? 'running' : 'stopping' })
    }
    left = [...again, ...left]
    const end: Run = { ...now, state: 'ended' }
    set(left.length === 0 ? null : end)
    tell(end)
  }

  const begin = (kind: BulkKind, isUndo: boolean, tasks: readonly Task[]): void => {
    left = tasks
    backs = []
    used = []
    dueMs = nowMs() - everyMs
    lastKind = kind
    const count = tasks.length
    void work({ kind, isUndo, count, done: 0, failed: [], uses: [], state: 'running', isSlowed: false })
  }
  const isBusy = (): boolean => run !== null && run.state !== 'ended'

  return {
    get: () => run,
    subscribe: (listener) => {
      listeners = [...listeners, listener]
      return () => {
        listeners = listeners.filter((each) => each !== listener)
      }
    },
    start: (kind, tasks, onNews) => {
      if (isBusy() || tasks.length === 0) return
      tell = onNews
      begin(kind, false, tasks)
    },
    stop: () => {
      if (run?.state === 'running') set({ ...run, state: 'stopping' })
    },
    retry: () => {
      if (run?.state === 'ended') void work(run)
    },
    undo: () => {
      if (isBusy() || backs.length === 0 || lastKind === null) return
      begin(
        lastKind,
        true,
        backs.map(({ key, back }) => ({ key, run: () => back().then(() => ({ back: null, use: null })) })),
      )
    },
    dismiss: () => {
      if (!isBusy()) set(null)
    },
  }
}

const ofModels = new WeakMap<Model, Bulk>()

/** The browser's door takes some ten requests a second; the socket takes far more. */
const everyMsAt: Readonly<Record<Bridge['door'], number>> = { browser: 115, window: 0 }

/** The one of a console: it outlives the page. */
export const bulkOf = ({ model, bridge }: { readonly model: Model; readonly bridge: Bridge }): Bulk => {
  const known = ofModels.get(model) ?? createBulk(everyMsAt[bridge.door])
  ofModels.set(model, known)
  return known
}
