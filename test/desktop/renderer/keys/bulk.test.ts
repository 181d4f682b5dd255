/** One change to many keys: in order, paced, stoppable, retried, obedient, and taken back as one. */
import assert from 'node:assert/strict'
import { Refusal } from '../../../../desktop/src/bridge.ts'
import { concerns } from '../../../../desktop/src/renderer/keys/bulk-changes.ts'
import { createBulk, type Bulk, type Run, type Task } from '../../../../desktop/src/renderer/keys/bulk.ts'
import { dayMs, fakeKey } from '../../../support/fake-console.ts'

const keys = Array.from({ length: 12 }, (_, at) => fakeKey(at, 100))

const bed = (pause: (ms: number) => Promise<void> = () => Promise.resolve(), everyMs = 0) => {
  let clockMs = 0
  const clock = {
    nowMs: () => clockMs,
    pause: (ms: number) => {
      clockMs += ms
      return pause(ms)
    },
  }
  const bulk = createBulk(everyMs, clock)
  const begun: boolean[] = []
  const on = new Set<string>()
  const refused = new Map<string, Refusal>()
  const asked: string[] = []
  let end: (run: Run) => void
  let ended = new Promise<Run>((resolve) => (end = resolve))
  const tasks: Task[] = keys.map((key) => ({
    key,
    run: () => {
      asked.push(key.id)
      const refusal = refused.get(key.id)
      if (refusal !== undefined) return Promise.reject(refusal)
      on.add(key.id)
      const use = { name: key.name, calls: asked.length % 4 === 0 ? asked.length : 0, days: 30 }
      return Promise.resolve({ use, back: () => Promise.resolve(void on.delete(key.id)) })
    },
  }))
  const next = async (go: (bulk: Bulk) => void): Promise<Run> => {
    ended = new Promise<Run>((resolve) => (end = resolve))
    go(bulk)
    return ended
  }
  const hear = (run: Run): void => {
    if (run.state === 'ended') end(run)
    else begun.push(run.isUndo)
  }
  const start = (): Promise<Run> => next(() => bulk.start('disable', tasks, hear))
  return { bulk, on, refused, asked, begun, start, next, nowMs: clock.nowMs, pass: (ms: number) => (clockMs += ms) }
}
const full = new Refusal('store_unavailable', 'The disk is full.')

describe('console: a change to many keys', () => {
  it('takes one after the other, and is gone when all is done', async () => {
    const { bulk, on, asked, start } = bed()
    const run = await start()
    assert.deepEqual([run.done, run.count, run.failed.length], [12, 12, 0])
    assert.deepEqual(
      asked,
      keys.map(({ id }) => id),
    )
    assert.equal(on.size, 12)
    assert.equal(bulk.get(), null)
  })

  it('what fails is named with its reason, and a retry asks for that alone; the undo takes back all', async () => {
    const { bulk, on, refused, asked, start, next } = bed()
    for (const at of [2, 5, 7]) refused.set(keys[at]?.id ?? '', full)
    const run = await start()
    assert.deepEqual([run.done, run.state, run.failed.map(({ why }) => why)], [9, 'ended', Array(3).fill(full.message)])
    refused.delete(keys[5]?.id ?? '')
    asked.length = 0
    const again = await next((it) => it.retry())
    assert.deepEqual([again.done, again.count, again.failed.length, asked.length], [10, 12, 2, 3])
    refused.clear()
    assert.equal((await next((it) => it.retry())).done, 12)
    const back = await next((it) => it.undo())
    assert.deepEqual([back.isUndo, back.done, on.size, bulk.get()], [true, 12, 0, null])
  })

  it('stops between two keys; what was not come to can be gone on with', async () => {
    const { bulk, on, start, next } = bed()
    const stop = bulk.subscribe(() => {
      if (bulk.get()?.done === 5) bulk.stop()
    })
    const run = await start()
    stop()
    assert.deepEqual([run.done, run.failed.length, on.size], [5, 0, 5])
    assert.equal(bulk.get()?.state, 'ended')
    assert.equal((await next((it) => it.retry())).done, 12)
    assert.equal(on.size, 12)
  })

  it('being asked to slow down is no failure: it waits and asks again', async () => {
    const pauses: number[] = []
    const told: (boolean | undefined)[] = []
    const { bulk, refused, start } = bed((ms) => {
      pauses.push(ms)
      told.push(bulk.get()?.isSlowed)
      if (pauses.length === 3) refused.clear()
      return Promise.resolve()
    })
    refused.set(keys[4]?.id ?? '', new Refusal('rate_limited', 'Too many requests'))
    const run = await start()
    assert.deepEqual([run.done, run.failed.length, pauses.length], [12, 0, 3])
    assert.deepEqual([told, run.isSlowed], [[true, true, true], false])
  })

  it('leaves room between two keys, and catches up where a timer came late, but not with a crowd', async () => {
    const { start, nowMs } = bed(undefined, 100)
    await start()
    assert.equal(nowMs(), 1_100)
    const pauses: number[] = []
    const late = bed((ms) => {
      pauses.push(ms)
      if (pauses.length === 1) late.pass(450)
      return Promise.resolve()
    }, 100)
    await late.start()
    // The first waits; four are caught up with; the others wait again.
    assert.deepEqual(pauses, [100, 50, 100, 100, 100, 100, 100])
  })

  it('tells who was hit, and that it has begun each time it does, also to be tried again and to be taken back', async () => {
    const { begun, refused, start, next } = bed()
    refused.set(keys[5]?.id ?? '', full)
    const run = await start()
    assert.deepEqual(
      run.uses.filter(({ calls }) => calls > 0).map(({ calls }) => calls),
      [4, 8, 12],
    )
    refused.clear()
    assert.equal((await next((it) => it.retry())).uses.length, 12)
    assert.deepEqual((await next((it) => it.undo())).uses, [])
    assert.deepEqual(begun, [false, false, true])
  })

  it('where the next would be refused for the same reason nothing more is asked', async () => {
    for (const code of ['daemon_unreachable', 'forbidden', 'keystore_locked'] as const) {
      const { refused, asked, start } = bed()
      refused.set(keys[3]?.id ?? '', new Refusal(code, 'no'))
      const run = await start()
      assert.deepEqual([run.done, run.failed.length, asked.length], [3, 9, 4], code)
    }
  })

  it('a second one does not begin while one is under way', async () => {
    const { bulk, start } = bed()
    const first = start()
    bulk.start('enable', [{ key: keys[0] ?? fakeKey(0, 1), run: () => assert.fail('it began') }], () => undefined)
    assert.equal((await first).kind, 'disable')
  })
})

describe('console: which keys a change concerns', () => {
  const nowMs = Date.now()
  it('those that are not so already; extending never shortens, and leaves alone what never ends', () => {
    const active = fakeKey(1, 10, { owner: 'Anna' })
    const off = fakeKey(2, 10, { state: 'disabled' })
    const byClient = fakeKey(3, 10, { state: 'disabled', client_disabled: true })
    assert.deepEqual(
      [active, off, byClient].map((key) => [concerns({ kind: 'disable' }, key), concerns({ kind: 'enable' }, key)]),
      [
        [true, false],
        [false, true],
        [false, false],
      ],
    )
    assert.equal(concerns({ kind: 'owner', owner: 'Anna' }, active), false)
    assert.equal(concerns({ kind: 'owner', owner: null }, active), true)
    const extend = { kind: 'expiry', date: '', endMs: nowMs + 30 * dayMs } as const
    assert.deepEqual(
      [fakeKey(4, 29), fakeKey(5, 31), fakeKey(6, -5), fakeKey(7, null)].map((key) => concerns(extend, key)),
      [true, false, true, false],
    )
  })
})
