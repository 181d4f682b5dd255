/** The trail: in order, whole, and honest about what never became true. */
import assert from 'node:assert/strict'
import { appendFile, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditEntry } from '@postern/shared'
import {
  notCommitted,
  openAuditTrail,
  type AuditTrail,
  type NewAuditEntry,
} from '../../../daemon/src/audit/audit-trail.ts'
import { temporaryDir } from '../../support/start-postern.ts'

describe('audit trail', () => {
  let dir: string
  let trail: AuditTrail
  const open = async (): Promise<AuditTrail> =>
    (trail = await openAuditTrail({ dir: join(dir, 'audit'), now: () => 0 }))
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
    assert.match(entries[0]?.note ?? '', /1 lines/)
    assert.match(await readFile(path, 'utf8'), /no entry\n/)
  })

  it('at start, intents above the loaded generation are taken back, once', async () => {
    await trail.append([intent('a', 2), intent('b', 3), intent('c', 3), intent('d', 4)])
    await trail.settle(2)
    await trail.settle(2)
    const taken = (await all()).filter(({ outcome }) => outcome === 'not_committed')
    assert.deepEqual(new Set(taken.map(({ generation }) => generation)), new Set([3, 4]))
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
})
