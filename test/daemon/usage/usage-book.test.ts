/** Usage totals are the calls made: exact over a clean stop, never above, and no more behind than the last flush. */
import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { createSealer } from '../../../daemon/src/keystore/sealer.ts'
import {
  openUsageBook,
  type CountedCall,
  type UsageBook,
  type UsageBookOptions,
} from '../../../daemon/src/usage/usage-book.ts'
import { temporaryDir } from '../../support/start-postern.ts'

const sealer = createSealer(Buffer.alloc(32, 1), 'the-store', 'usage')
const dayMs = 86_400_000
const start = Date.UTC(2026, 0, 1)

describe('usage book', () => {
  let dir: string
  let nowMs: number
  let alarms: string[]
  beforeEach(async () => {
    dir = await temporaryDir()
    nowMs = start
    alarms = []
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))
  const open = (options: Partial<UsageBookOptions> = {}): Promise<UsageBook> =>
    openUsageBook({ dir, sealer, now: () => nowMs, onSetAside: (message) => alarms.push(message), ...options })
  const called = (more: Partial<CountedCall> = {}): CountedCall => ({
    atMs: nowMs,
    keyId: 'AAAAAAAA',
    endpointId: 'ep_1',
    callerAddress: '192.0.2.1',
    outcome: 'allow',
    secret: 'current',
    secretVersion: 1,
    ...more,
  })
  const all = async (book: UsageBook) => book.rows(0, Date.UTC(2100, 0, 1))
  const total = async (book: UsageBook): Promise<number> => (await all(book)).reduce((sum, { calls }) => sum + calls, 0)

  it('counts by key, endpoint, caller, hour, outcome and secret, flushed or not, over openings', async () => {
    let book = await open()
    for (const more of [
      {},
      {},
      { keyId: 'BBBBBBBB' },
      { outcome: 'no_endpoint', endpointId: null },
      { secret: 'old' as const },
    ])
      book.note(called(more))
    nowMs += 3_600_000
    book.note(called())
    const counts = (rows: { calls: number }[]): number[] => rows.map(({ calls }) => calls)
    assert.deepEqual(counts(await all(book)), [2, 1, 1, 1, 1])
    await book.flush()
    book.note(called())
    assert.deepEqual(counts(await all(book)), [2, 1, 1, 1, 2])
    await book.flush()
    book = await open()
    assert.deepEqual(counts(await all(book)), [2, 1, 1, 1, 2])
    assert.deepEqual(counts(await book.rows(start + 3_600_000, start + 7_200_000)), [2])
    assert.deepEqual(alarms, [])
  })

  it('whatever comes in which order, with stops, crashes and roll-ups between, totals are the calls that were flushed', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('call' as const),
        key: fc.integer({ min: 0, max: 3 }),
        caller: fc.integer({ min: 0, max: 3 }),
      }),
      fc.record({
        kind: fc.constant('pass' as const),
        hours: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 500, max: 12_000 })),
      }),
      fc.record({ kind: fc.constantFrom('flush' as const, 'stop' as const, 'crash' as const, 'roll' as const) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        await rm(dir, { recursive: true, force: true })
        nowMs = start
        let book = await open({ monthsKept: 1_000, rowsPerDayMax: 5 })
        const flushed = new Map<string, number>()
        let pending: string[] = []
        const flush = async (): Promise<void> => {
          await book.flush()
          for (const key of pending) flushed.set(key, (flushed.get(key) ?? 0) + 1)
          pending = []
        }
        for (const each of steps) {
          if (each.kind === 'call') {
            book.note(called({ keyId: `key${each.key}`, callerAddress: `192.0.2.${each.caller}` }))
            pending.push(`key${each.key}`)
          } else if (each.kind === 'pass') nowMs += each.hours * 3_600_000
          else if (each.kind === 'roll') await book.rollUp()
          else {
            if (each.kind === 'crash') pending = []
            else await flush()
            if (each.kind !== 'flush') book = await open({ monthsKept: 1_000, rowsPerDayMax: 5 })
          }
        }
        const counted = new Map<string, number>()
        for (const { keyId, calls } of await all(book)) counted.set(keyId, (counted.get(keyId) ?? 0) + calls)
        for (const key of pending) flushed.set(key, (flushed.get(key) ?? 0) + 1)
        assert.deepEqual(counted, flushed)
      }),
      { numRuns: 60 },
    )
    assert.deepEqual(alarms, [])
  }).timeout(30_000)

  it('hours become days, days months, and old months go; a crash between a month and its days counts nothing twice', async () => {
    let book = await open({ monthsKept: 3 })
    for (let day = 0; day < 59; day++) {
      nowMs = start + day * dayMs
      for (let call = 0; call < 3; call++) book.note(called({ callerAddress: `192.0.2.${call}` }))
      await book.flush()
    }
    await book.rollUp()
    const spans = (await all(book)).map(({ span }) => span)
    assert.deepEqual([spans.filter((span) => span === 'hour').length, spans.length], [9, 177])
    const days = await readdir(dir)
    nowMs = start + 460 * dayMs
    await book.rollUp()
    assert.deepEqual(await readdir(dir), ['usage-2026-01-0000000001.puu', 'usage-2026-02-0000000001.puu'])
    assert.deepEqual(
      (await all(book)).map(({ span, address, calls }) => [span, address, calls]),
      [
        ['month', '*', 93],
        ['month', '*', 84],
      ],
    )
    // As after a crash: the month is there, and so are its days.
    for (const name of days) await writeFile(join(dir, name), 'a day that is void')
    book = await open()
    assert.deepEqual([await total(book), (await readdir(dir)).length, alarms], [177, 2, []])
    book.note(called({ atMs: start }))
    await book.flush()
    assert.equal(await total(book), 178)
    nowMs = start + 700 * dayMs
    await (await open({ monthsKept: 1 })).rollUp()
    assert.deepEqual((await readdir(dir)).length, 1)
  })

  it('too many callers share a row, then endpoints do, and no call is lost', async () => {
    const book = await open({ rowsPerDayMax: 10 })
    for (let at = 0; at < 200; at++) book.note(called({ callerAddress: `caller ${at}`, endpointId: `ep_${at % 50}` }))
    const rows = await all(book)
    assert.ok(rows.length <= 22, String(rows.length))
    assert.equal(await total(book), 200)
    assert.ok(rows.some(({ address, endpointId }) => address === '*' && endpointId === '*'))
  })

  it('a damaged file is set aside, said, and takes no other day with it', async () => {
    let book = await open()
    book.note(called())
    nowMs += dayMs
    book.note(called())
    await book.flush()
    const [first = ''] = await readdir(dir)
    const text = await readFile(join(dir, first), 'utf8')
    await writeFile(join(dir, first), text.slice(0, -4))
    book = await open()
    assert.equal(await total(book), 1)
    assert.match(alarms.join(), /2026-01-01 could not be read and is kept as/)
    assert.ok((await readdir(dir)).some((name) => name.endsWith('.bad')))
  })

  it('what could not be written is counted with the next flush', async () => {
    const book = await open()
    book.note(called())
    await rm(dir, { recursive: true })
    await assert.rejects(book.flush())
    await mkdir(dir)
    book.note(called())
    await book.flush()
    assert.equal(await total(await open()), 2)
  })
})
