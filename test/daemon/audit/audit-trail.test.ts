/** The trail: in order, whole, and honest about what never became true. */
import assert from 'node:assert/strict'
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditEntry } from '@postern/shared'
import {
  notCommitted,
  openAuditTrail,
  type AuditTrail,
  type NewAuditEntry,
} from '../../../daemon/src/audit/audit-trail.ts'
import { trailKeyOf } from '../../../daemon/src/keystore/trail-key.ts'
import { temporaryDir } from '../../support/start-postern.ts'

const signer = trailKeyOf(Buffer.alloc(32, 7), 'the-store')

describe('audit trail', () => {
  let dir: string
  let trail: AuditTrail
  let nowMs = 0
  let limits = {}
  const alarms: string[] = []
  let writeErrors = 0
  const open = async (): Promise<AuditTrail> =>
    (trail = await openAuditTrail({
      dir: join(dir, 'audit'),
      machineDir: dir,
      signer,
      now: () => nowMs,
      onAlarm: (message) => alarms.push(message),
      onWriteError: () => (writeErrors += 1),
      ...limits,
    }))
  const intent = (id: string, generation: number): NewAuditEntry => ({
    actor: { kind: 'local', name: 'tester', proof: 'file' },
    action: 'key.issue',
    object: { kind: 'key', id, name: `name of ${id}` },
    outcome: 'intent',
    generation,
    request_id: null,
  })
  const all = async (object?: string): Promise<AuditEntry[]> =>
    (await trail.page({ page: 1, perPage: 500, ...(object === undefined ? {} : { object }) })).data

  beforeEach(async () => {
    dir = await temporaryDir()
    nowMs = 0
    limits = {}
    alarms.length = 0
    writeErrors = 0
    await open()
  })
  afterEach(async () => {
    await trail.close()
    await rm(dir, { recursive: true, force: true })
  })

  it('pages newest first, counts, filters by id or name, and goes on counting after opening again', async () => {
    await trail.append([intent('a', 2), intent('b', 3)])
    await trail.close()
    await open()
    await trail.append([intent('c', 4)])
    assert.deepEqual(
      (await all()).map(({ seq, object }) => [seq, object.id]),
      [
        [3, 'c'],
        [2, 'b'],
        [1, 'a'],
      ],
    )
    assert.deepEqual(
      (await trail.page({ page: 2, perPage: 2 })).data.map(({ seq }) => seq),
      [1],
    )
    assert.equal((await trail.page({ page: 9, perPage: 2 })).count, 3)
    assert.deepEqual(
      (await all('b')).map(({ seq }) => seq),
      [2],
    )
    assert.deepEqual(
      (await all('name of a')).map(({ seq }) => seq),
      [1],
    )
  })

  it('a torn end is cut and said, and nothing before it is lost', async () => {
    await trail.append([intent('a', 2)])
    await trail.close()
    const path = join(dir, 'audit', '00000001.jsonl')
    await appendFile(path, '{"seq":2,"torn')
    await open()
    const entries = await all()
    assert.deepEqual(
      entries.map(({ outcome }) => outcome),
      ['gap', 'intent'],
    )
    assert.match(entries[0]?.note ?? '', /14 bytes/)
    for (const line of (await readFile(path, 'utf8')).trim().split('\n')) JSON.parse(line)
  })

  it('no entry is lost or out of order, however many come at once and however often it is opened', async () => {
    let asked = 0
    for (const size of [1, 30, 5]) {
      const batches = Array.from({ length: size }, () =>
        Array.from({ length: 3 }, () => intent(`key ${(asked += 1)}`, asked)),
      )
      await Promise.all(batches.map((batch) => trail.append(batch)))
      await trail.close()
      await open()
    }
    const { data, count } = await trail.page({ page: 1, perPage: 500 })
    assert.equal(count, asked)
    assert.deepEqual(
      data.toReversed().map(({ seq, object }) => [seq, object.id]),
      Array.from({ length: asked }, (_, at) => [at + 1, `key ${at + 1}`]),
    )
    const paged: AuditEntry[] = []
    for (let page = 1; page <= 11; page++) paged.push(...(await trail.page({ page, perPage: 10 })).data)
    assert.deepEqual(paged, data)
  })

  it('a crash in the middle of an entry: the end is cut, then the intents that were written are taken back', async () => {
    await trail.append([intent('a', 2)])
    await trail.append([intent('b', 3)])
    await trail.append([{ ...intent('c', 3), action: 'key.reveal', outcome: 'done', generation: null }])
    await trail.close()
    await appendFile(join(dir, 'audit', '00000001.jsonl'), '{"seq":4,"ts":"1970')
    await open()
    await trail.settle(2)
    await trail.close()
    await open()
    await trail.settle(2)
    assert.deepEqual(
      (await all()).map(({ seq, outcome, generation }) => [seq, outcome, generation]),
      [
        [5, 'not_committed', 3],
        [4, 'gap', null],
        [3, 'done', null],
        [2, 'intent', 3],
        [1, 'intent', 2],
      ],
    )
  })

  it('a damaged line keeps nobody from starting, is said once, and the others are read', async () => {
    await trail.append([intent('a', 2)])
    await trail.close()
    const path = join(dir, 'audit', '00000001.jsonl')
    await appendFile(path, 'no entry\n')
    await open()
    await trail.close()
    await open()
    await trail.settle(2)
    const entries = await all()
    assert.deepEqual(
      entries.map(({ seq, outcome }) => [seq, outcome]),
      [
        [2, 'gap'],
        [1, 'intent'],
      ],
    )
    assert.match(entries[0]?.note ?? '', /9 bytes/)
    const aside = (await readdir(join(dir, 'audit'))).find((name) => name.endsWith('.torn')) ?? ''
    assert.equal(await readFile(join(dir, 'audit', aside), 'utf8'), 'no entry\n')
  })

  it('at start, intents above the loaded generation are taken back, once', async () => {
    await trail.append([intent('a', 2), intent('b', 3), intent('c', 3), intent('d', 4)])
    await trail.settle(2)
    await trail.settle(2)
    const taken = (await all()).filter(({ outcome }) => outcome === 'not_committed')
    assert.deepEqual(new Set(taken.map(({ generation }) => generation)), new Set([3, 4]))
    const told = (await trail.page({ page: 1, perPage: 500 })).data.filter(({ outcome }) => outcome === 'intent')
    assert.deepEqual(
      told.map(({ object, came_true: cameTrue }) => [object.id, cameTrue]),
      [
        ['d', false],
        ['c', false],
        ['b', false],
        ['a', true],
      ],
    )
    assert.equal((await trail.page({ page: 1, perPage: 500, object: 'c' })).data[0]?.came_true, false)
    await trail.append([intent('e', 5)])
    await trail.settle(5)
    assert.equal((await all()).length, 7)
  })

  it('what was taken back already is not taken back again', async () => {
    await trail.append([intent('a', 3)])
    await trail.append([notCommitted(3, 'the disk was full')])
    await trail.settle(2)
    assert.equal((await all()).length, 2)
  })

  it('an append that a crash left without its seal is set aside whole, not sealed by the next one', async () => {
    await trail.append([intent('a', 2)])
    await trail.append([intent('b', 3), intent('c', 3)])
    await trail.close()
    const path = join(dir, 'audit', '00000001.jsonl')
    const text = await readFile(path, 'utf8')
    const unsealed = text.split('\n').slice(0, 2).join('\n') + '\n'
    await writeFile(path, unsealed)
    await rm(join(dir, 'audit-head-0000000000000003.json'))
    await open()
    assert.deepEqual(
      (await all()).map(({ object, outcome }) => [object.id, outcome]),
      [
        ['trail', 'gap'],
        ['a', 'intent'],
      ],
    )
    assert.equal((await trail.verify()).ok, true)
  })

  it('an end that was cut off is noticed at the next start, said by a sealed record, and numbers are not used twice', async () => {
    await trail.append([intent('a', 2)])
    await trail.append([intent('b', 3)])
    await trail.append([intent('c', 4)])
    await trail.close()
    const path = join(dir, 'audit', '00000001.jsonl')
    await writeFile(path, `${(await readFile(path, 'utf8')).split('\n')[0]}\n`)
    await open()
    assert.match(alarms.join(), /records 2 to 3 were written/)
    assert.deepEqual((await all())[0]?.missing, { from: 2, to: 3 })
    await trail.append([intent('d', 5)])
    const { ok, gaps, last_seq } = await trail.verify()
    assert.deepEqual([ok, gaps, last_seq], [true, [{ seq: 4, from: 2, to: 3 }], 5])
  })

  it('records from before the chain are kept, counted, and chained to', async () => {
    await trail.close()
    const old = JSON.stringify({ seq: 1, ts: '2026-01-01T00:00:00.000Z', ...intent('old', 2) })
    await writeFile(join(dir, 'audit', '00000001.jsonl'), `${old}\n`)
    await open()
    await trail.append([intent('new', 3)])
    const { ok, unchained, entries } = await trail.verify()
    assert.deepEqual([ok, unchained, entries], [true, 1, 2])
    await trail.close()
    const path = join(dir, 'audit', '00000001.jsonl')
    await writeFile(path, (await readFile(path, 'utf8')).replace('name of old', 'name of odd'))
    await open()
    assert.deepEqual((await trail.verify()).bad?.seq, 2)
  })

  it('a new day begins a new segment; old segments go after a sealed record has said so', async () => {
    limits = { keepDays: 10 }
    for (let day = 0; day < 20; day++) {
      nowMs = day * 86_400_000
      if (day % 5 === 0) {
        await trail.close()
        await open()
      }
      await trail.append([intent(`day ${day}`, day + 2)])
      assert.equal((await trail.verify()).ok, true)
    }
    await trail.prune()
    await trail.prune()
    const names = (await readdir(join(dir, 'audit'))).toSorted()
    assert.deepEqual([names.at(0), names.length], ['00000010.jsonl', 11])
    const { ok, first_seq, last_seq } = await trail.verify()
    assert.deepEqual([ok, first_seq, last_seq], [true, 10, 21])
    await rm(join(dir, 'audit', '00000010.jsonl'))
    assert.deepEqual((await trail.verify()).bad, { seq: 10, reason: 'records 1 to 10 are missing' })
  })

  it('what one segment holds is bounded, and size lets the oldest go too', async () => {
    await trail.close()
    limits = { segmentBytesMax: 2_000, keepBytesMax: 10_000 }
    await open()
    for (let at = 0; at < 60; at++) await trail.append([intent(`key ${at}`, at)])
    await trail.prune()
    const { ok, last_seq, first_seq } = await trail.verify()
    assert.deepEqual([ok, last_seq], [true, 61])
    assert.ok((first_seq ?? 0) > 20 && (first_seq ?? 0) < 55, String(first_seq))
  })

  it('an append that failed is told of, and leaves no hole in the numbers', async () => {
    await trail.append([intent('a', 2)])
    await assert.rejects(trail.append([{ ...intent('b', 3), count: 1n as never }]))
    assert.equal(writeErrors, 1)
    await trail.append([intent('c', 3)])
    assert.deepEqual(
      (await all()).map(({ seq, object }) => [seq, object.id]),
      [
        [2, 'c'],
        [1, 'a'],
      ],
    )
    assert.equal((await trail.verify()).ok, true)
  })
})
