/**
 * One change to many keys, one key after the other. Promises: it goes on where the page is left, can be stopped between two
 * keys, and obeys being asked to slow down; what failed is named with its reason and can be tried again; all that was done
 * can be taken back as one.
 */
import type { KeyView, ProblemCode } from '@postern/shared'
import { Refusal } from '../../bridge.ts'
import type { Model } from '../model.ts'

export const bulkKinds = ['disable', 'enable', 'owner', 'expiry', 'remove'] as const
export type BulkKind = (typeof bulkKinds)[number]

/** Takes back what was done to one key. */
export type Back = () => Promise<void>

export interface Task {
  readonly key: KeyView
  /** Throws a Refusal. */
  run(): Promise<Back | null>
}

export interface Run {
  readonly kind: BulkKind
  /** It takes back one that was done before. */
  readonly isUndo: boolean
  readonly count: number
  readonly done: number
  readonly failed: readonly { readonly key: KeyView; readonly why: string }[]
  readonly state: 'running' | 'stopping' | 'ended'
}

export interface Bulk {
  get(): Run | null
  subscribe(listener: () => void): () => void
  /** `onEnd` is told how it has come out, also after further tries. Does nothing while there is one under way. */
  start(kind: BulkKind, tasks: readonly Task[], onEnd: (run: Run) => void): void
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

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export const createBulk = (pause: (ms: number) => Promise<void> = wait): Bulk => {
  let run: Run | null = null
  let left: readonly Task[] = []
  let backs: readonly { key: KeyView; back: Back }[] = []
  let lastKind: BulkKind | null = null
  let tellEnd: (run: Run) => void = () => undefined
  let listeners: readonly (() => void)[] = []

  const set = (next: Run | null): void => {
    run = next
    for (const listener of listeners) listener()
  }

  const isRunning = (): boolean => run?.state === 'running'

  const tryOne = async (task: Task): Promise<Refusal | null> => {
    for (;;) {
      try {
        const back = await task.run()
        if (back !== null) backs = [...backs, { key: task.key, back }]
        return null
      } catch (error) {
        const refusal = error instanceof Refusal ? error : new Refusal('internal', String(error))
        if (refusal.code !== 'rate_limited' || !isRunning()) return refusal
        await pause(slowDownMs)
      }
    }
  }

  const work = async (first: Run): Promise<void> => {
    let now: Run = { ...first, failed: [], state: 'running' }
    set(now)
    const again: Task[] = []
    let stopper: Refusal | null = null
    for (let task = left[0]; task !== undefined && isRunning(); task = left[0]) {
      const refusal: Refusal | null = stopper ?? (await tryOne(task))
      // Stopped while it was asked to slow down: this one was not come to.
      if (refusal?.code === 'rate_limited') break
      left = left.slice(1)
      if (refusal === null) now = { ...now, done: now.done + 1 }
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
    tellEnd(end)
  }

  const begin = (kind: BulkKind, isUndo: boolean, tasks: readonly Task[]): void => {
    left = tasks
    backs = []
    lastKind = kind
    void work({ kind, isUndo, count: tasks.length, done: 0, failed: [], state: 'running' })
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
    start: (kind, tasks, onEnd) => {
      if (isBusy() || tasks.length === 0) return
      tellEnd = onEnd
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
        backs.map(({ key, back }) => ({ key, run: () => back().then(() => null) })),
      )
    },
    dismiss: () => {
      if (!isBusy()) set(null)
    },
  }
}

const ofModels = new WeakMap<Model, Bulk>()

/** The one of a console: it outlives the page. */
export const bulkOf = (model: Model): Bulk => {
  const known = ofModels.get(model) ?? createBulk()
  ofModels.set(model, known)
  return known
}
