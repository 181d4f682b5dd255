/**
 * Random commands against the real store and against the pure model of it, with restarts, crashes and time in between.
 * Changes are asked for without waiting for the one before, so that they share writes; a crash is a copy of the folder,
 * taken while changes are being written, and the store goes on from there.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { firstDocument } from '../../daemon/src/document/codec.ts'
import type { Step } from '../../daemon/src/document/step.ts'
import { keystoreDeps, type Folders } from '../../daemon/src/init-store.ts'
import { holdFolder } from '../../daemon/src/keystore/folder-hold.ts'
import { openKeystore } from '../../daemon/src/keystore/open.ts'
import { systemActor, useStore, type StoreInUse } from '../../daemon/src/open-store.ts'
import { isProblem } from '../../daemon/src/problem.ts'
import { expectedIndex, stepOf, toldByModel, toldIndex } from './model-steps.ts'
import { copyAtOnce } from './copy-tree.ts'
import { prepareFolder, type PreparedFolder } from './rig-folder.ts'
import { emptyModel, modelAfter, modelLater, modelPurged, type Change, type Model } from './store-model.ts'
import type { Tally } from './tally.ts'
import { nowMs as startMs } from './thirty-changes.ts'

type Command =
  Change | { kind: 'reopen' } | { kind: 'crash'; turns: number } | { kind: 'pass'; hours: number } | { kind: 'purge' }

/** A step in the place of the product's that acknowledges changes of one kind and forgets them. */
export const forgets =
  (kind: Change['kind']): ModelOptions['replace'] =>
  (change, step) =>
    change.kind === kind ? (document) => ({ document, result: null, entry: null }) : step

export interface ModelOptions {
  /** Puts another step in the place of the product's, for controls. */
  readonly replace?: ((change: Change, step: Step<unknown>) => Step<unknown>) | undefined
  readonly say?: (text: string) => void
}

const runsToAFolder = 100
/** So many changes are asked for at once at most. */
const togetherMax = 12
const hourMs = 3_600_000

class Fault extends Error {
  readonly lost: boolean
  constructor(lost: boolean, message: string) {
    super(message)
    this.lost = lost
  }
}

const commands = (): fc.Arbitrary<Command> => {
  const named = (kind: string, count: number): fc.Arbitrary<string> =>
    fc.tuple(fc.nat(count - 1), fc.boolean()).map(([n, up]) => (up ? `${kind} ${n}`.toUpperCase() : `${kind} ${n}`))
  const key = named('key', 6)
  const client = named('client', 3)
  const collection = named('collection', 3)
  const path = fc.nat(4).map((n) => `/path/${n}`)
  const days = fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 20 }))
  const draw = fc.constant(0)
  const of = (kind: Command['kind'], fields: object): fc.Arbitrary<Command> =>
    fc.record({ kind: fc.constant(kind), ...fields }) as unknown as fc.Arbitrary<Command>
  const one = (...kinds: Command['kind'][]) => ({ kind: fc.constantFrom(...kinds) })
  return fc.oneof(
    {
      weight: 20,
      arbitrary: of('create', { name: key, client: fc.oneof(fc.constant('default'), client), days, draw }),
    },
    { weight: 6, arbitrary: of('rename', { name: key, to: key }) },
    { weight: 5, arbitrary: of('extend', { name: key, days }) },
    { weight: 8, arbitrary: of('rotate', { name: key, overlapSeconds: fc.constantFrom(0, 3_600, 86_400), draw }) },
    { weight: 20, arbitrary: of('disable', { ...one('disable', 'enable', 'remove', 'remove', 'restore'), name: key }) },
    { weight: 8, arbitrary: of('createClient', { name: client, draw }) },
    {
      weight: 6,
      arbitrary: of('disableClient', { ...one('disableClient', 'enableClient', 'removeClient'), name: client }),
    },
    { weight: 2, arbitrary: of('renameClient', { name: client, to: client }) },
    { weight: 5, arbitrary: of('createCollection', { name: collection, draw }) },
    { weight: 2, arbitrary: of('renameCollection', { name: collection, to: collection }) },
    { weight: 2, arbitrary: of('removeCollection', { name: collection }) },
    { weight: 6, arbitrary: of('createEndpoint', { collection, path, draw }) },
    { weight: 2, arbitrary: of('removeEndpoint', { path }) },
    { weight: 4, arbitrary: of('pass', { hours: fc.integer({ min: 1, max: 100 }) }) },
    { weight: 2, arbitrary: of('purge', {}) },
    { weight: 1, arbitrary: of('reopen', {}) },
    { weight: 1, arbitrary: of('crash', { turns: fc.nat(60) }) },
  )
}

const openAt = async (folders: Folders, clock: { nowMs: number }) => {
  const now = (): number => clock.nowMs
  const hold = await holdFolder(folders.dataDir, folders.machineDir)
  const keystore = await openKeystore(keystoreDeps(folders, { now, onAlarm: () => undefined }), hold)
  const store = await useStore(keystore, { ...folders, now, zone: 'UTC', onAlarm: () => undefined })
  return {
    store,
    close: async () => {
      await store.close()
      await hold.release()
    },
  }
}
type OpenedStore = Awaited<ReturnType<typeof openAt>>

const told = (store: StoreInUse, nowMs: number): Model => toldByModel(store.document(), store.openSecret, nowMs)

/** Old secrets are kept as their last four characters only. */
const comparable = (model: Model): Model => ({
  ...model,
  keys: Object.fromEntries(
    Object.entries(model.keys).map(([name, key]) => [
      name,
      { ...key, secrets: key.secrets.map((each) => (each.untilMs === null ? each : { ...each, text: '' })) },
    ]),
  ),
})

const same = (one: Model, other: Model): boolean => isDeepStrictEqual(comparable(one), comparable(other))

const compare = (store: StoreInUse, model: Model): void => {
  const found = told(store, model.nowMs)
  if (!same(found, model)) {
    const missing = (['keys', 'clients', 'collections', 'endpoints'] as const).some((shelf) =>
      Object.keys(model[shelf]).some((name) => found[shelf][name] === undefined),
    )
    throw new Fault(missing, `the store has ${JSON.stringify(found)}, and should have ${JSON.stringify(model)}`)
  }
  if (!isDeepStrictEqual(toldIndex(store.index()), expectedIndex(model)))
    throw new Fault(false, `calls are judged by ${JSON.stringify(toldIndex(store.index()))}`)
}

/** The runs share folders; each begins with an empty store, because opening one for each would be most of the time. */
const sharedStore = async (base: PreparedFolder) => {
  const clock = { nowMs: startMs }
  let folders = await base.another()
  let opened: OpenedStore = await openAt(folders, clock)
  let runs = 0
  const goOnIn = async (next: typeof folders): Promise<void> => {
    const old = folders.dir
    folders = next
    opened = await openAt(next, clock)
    await rm(old, { recursive: true, force: true })
  }
  return {
    clock,
    get store() {
      return opened.store
    },
    async begin() {
      runs += 1
      if (runs % runsToAFolder === 0) {
        await opened.close()
        await goOnIn(await base.another())
      }
      clock.nowMs += hourMs
      await opened.store.change(systemActor, () => ({
        document: firstDocument(clock.nowMs),
        result: null,
        entry: null,
      }))
    },
    async reopen() {
      await opened.close()
      opened = await openAt(folders, clock)
    },
    /** What the machine remembers is copied first: a real crash cannot take back what came before in time. */
    async crash(ended: () => Promise<unknown>) {
      const dir = `${folders.dir}c`
      const copy = { dir, dataDir: join(dir, 'data'), machineDir: join(dir, 'machine') }
      copyAtOnce(folders.machineDir, copy.machineDir)
      copyAtOnce(folders.dataDir, copy.dataDir)
      // The process it names, this one, would have died.
      await rm(join(copy.machineDir, 'lock'), { force: true })
      await ended()
      await opened.close()
      await goOnIn(copy)
    },
    close: () => opened.close(),
  }
}

/** Runs `runs` lists of 50 commands. A point is a command. */
export const runModel = async (
  runs: number,
  { replace = (_, step) => step, say }: ModelOptions = {},
): Promise<Tally> => {
  const base = await prepareFolder(startMs)
  const shared = await sharedStore(base)
  let draws = 0
  let points = 0
  const figures = { done: 0, acknowledged: 0, refused: 0, restarts: 0, crashes: 0 }
  const one = async (list: readonly Command[]): Promise<void> => {
    await shared.begin()
    let model = emptyModel(shared.clock.nowMs)
    /** What the store may hold while changes are under way: after none of them, after the first, and so on. */
    let states: Model[] = [model]
    /** The last change that was acknowledged; a refusal is answered before the changes that it came after. */
    let acknowledged = 0
    let underWay: Promise<void>[] = []
    const settle = async (): Promise<void> => {
      const all = await Promise.allSettled(underWay)
      underWay = []
      states = [model]
      acknowledged = 0
      for (const each of all) if (each.status === 'rejected') throw each.reason
    }
    const ask = (change: Change): void => {
      const next = modelAfter(model, change)
      if (typeof next !== 'string') model = next
      states.push(model)
      const position = states.length - 1
      const expected = typeof next === 'string' ? next : 'done'
      const asked = shared.store.change(systemActor, replace(change, stepOf(change))).then(
        () => 'done',
        (error: unknown) => {
          if (isProblem(error)) return error.code
          throw error
        },
      )
      underWay.push(
        asked.then((answer) => {
          figures[answer === 'done' ? 'acknowledged' : 'refused'] += 1
          if (answer === 'done') acknowledged = Math.max(acknowledged, position)
          if (answer !== expected)
            throw new Fault(false, `${JSON.stringify(change)} was answered ${answer}, and should be ${expected}`)
        }),
      )
    }
    for (const command of list) {
      points += 1
      if (command.kind !== 'crash' && (isPause(command) || underWay.length >= togetherMax)) await settle()
      switch (command.kind) {
        case 'pass':
          shared.clock.nowMs += command.hours * hourMs
          model = modelLater(model, shared.clock.nowMs)
          states = [model]
          break
        case 'purge':
          await shared.store.purge()
          model = modelPurged(model)
          states = [model]
          break
        case 'reopen':
          compare(shared.store, model)
          await shared.reopen()
          figures.restarts += 1
          compare(shared.store, model)
          break
        case 'crash': {
          for (let turn = 0; turn < command.turns; turn++) await new Promise((resolve) => setImmediate(resolve))
          const before = acknowledged
          const possible = states
          await shared.crash(settle)
          const found = told(shared.store, shared.clock.nowMs)
          const match = possible.findIndex((each, at) => at >= before && same(each, found))
          if (match < 0)
            throw new Fault(true, `after a crash with ${before} acknowledged the store has ${JSON.stringify(found)}`)
          model = possible[match] ?? model
          figures.crashes += 1
          states = [model]
          break
        }
        default:
          draws += 1
          ask('draw' in command ? { ...command, draw: draws } : command)
      }
    }
    await settle()
    compare(shared.store, model)
    figures.done += 1
    if (say !== undefined && figures.done % 500 === 0) say(`${figures.done} of ${runs} runs`)
  }
  try {
    const lists = fc.array(commands(), { minLength: 50, maxLength: 50, size: 'max' })
    const { failed, counterexample, errorInstance, seed } = await fc.check(fc.asyncProperty(lists, one), {
      numRuns: runs,
      endOnFailure: true,
    })
    const { acknowledged, refused, restarts, crashes } = figures
    const note = `${acknowledged} acknowledged, ${refused} refused, ${restarts} restarts, ${crashes} crashes`
    const none = { points, lost: 0, wrong: 0, uncaught: 0, notes: [note] }
    if (!failed) return none
    const story = `seed ${seed}: ${String(errorInstance)}, after ${JSON.stringify(counterexample)}`.slice(0, 4_000)
    if (!(errorInstance instanceof Fault)) return { ...none, uncaught: 1, notes: [note, story] }
    return { ...none, [errorInstance.lost ? 'lost' : 'wrong']: 1, notes: [note, story] }
  } finally {
    await shared.close()
    await base.remove()
  }
}

const isPause = ({ kind }: Command): boolean => kind === 'pass' || kind === 'purge' || kind === 'reopen'
