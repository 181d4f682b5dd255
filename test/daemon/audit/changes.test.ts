/** What the trail says was changed, for those it concerns: in order, only what came true, and no traps for their finders. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { AuditEntry, ChangesAsked, ToldChange } from '@postern/shared'
import { toldChanges } from '../../../daemon/src/audit/changes.ts'

const entry = (seq: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  seq,
  ts: new Date(seq * 1_000).toISOString(),
  actor: { kind: 'local', name: 'ann', proof: 'file' },
  action: 'key.edit',
  object: { kind: 'key', id: `k${seq}` },
  outcome: 'intent',
  generation: seq,
  request_id: null,
  ...more,
})
const everything: ChangesAsked = { fromMs: 0, toMs: Infinity, after: 0, clientId: null }
const read = async (
  entries: readonly AuditEntry[],
  { asked = {}, generation = Infinity }: { asked?: Partial<ChangesAsked>; generation?: number } = {},
) => {
  async function* trail() {
    yield* entries
  }
  const about = { generation, ownerOf: (id: string) => (id === 'k1' ? 'cl_old' : undefined) }
  const told: ToldChange[] = []
  for await (const each of toldChanges(trail(), { ...everything, ...asked }, about)) told.push(each)
  return told
}
const seqs = async (...args: Parameters<typeof read>) => (await read(...args)).map(({ seq }) => seq)

describe('changes in the trail', () => {
  it('what was taken back is left out, what may still fail waits, and nothing after it is told before it', async () => {
    const entries = [
      entry(1, { generation: 5 }),
      entry(2, { generation: 5 }),
      entry(3, { outcome: 'not_committed', generation: 5 }),
      entry(4, { generation: 5 }),
      entry(5, { outcome: 'done', action: 'key.reveal', generation: null }),
      entry(6, { outcome: 'refused', action: 'call.refused', generation: null }),
      entry(7, { outcome: 'done', action: 'slot.add', generation: null }),
      entry(8, { generation: 6 }),
      entry(9, { outcome: 'done', action: 'slot.remove', generation: null }),
    ]
    assert.deepEqual(await seqs(entries), [4, 7, 8, 9])
    assert.deepEqual(await seqs(entries, { generation: 5 }), [4, 7])
    assert.deepEqual(await seqs(entries.slice(0, 7), { generation: 4 }), [])
  })

  it('however often writes fail, just the changes that came true are told, in order', async () => {
    const batch = fc.record({ changes: fc.integer({ min: 1, max: 3 }), fails: fc.boolean(), looks: fc.nat(2) })
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { maxLength: 12 }), fc.nat(40), async (batches, after) => {
        const entries: AuditEntry[] = []
        const wanted: number[] = []
        let generation = 1
        for (const { changes, fails, looks } of batches) {
          for (let at = 0; at < changes; at++) {
            if (!fails) wanted.push(entries.length + 1)
            entries.push(entry(entries.length + 1, { generation }))
          }
          for (let at = 0; at < looks; at++)
            entries.push(entry(entries.length + 1, { outcome: 'done', action: 'key.reveal', generation: null }))
          if (fails) entries.push(entry(entries.length + 1, { outcome: 'not_committed', generation }))
          // A number whose write failed is not used again, except after a start that did not know of it.
          else generation += 1
        }
        assert.deepEqual(
          await seqs(entries, { asked: { after } }),
          wanted.filter((seq) => seq > after),
        )
      }),
    )
  })

  it('a window holds its first instant and not its last', async () => {
    assert.deepEqual(await seqs([entry(1), entry(2), entry(3)], { asked: { fromMs: 2_000, toMs: 3_000 } }), [2])
  })

  it('a client sees itself and what it owns, also in records from before they named it', async () => {
    const entries = [
      entry(1),
      entry(2, { client: 'cl_old' }),
      entry(3, { client: 'cl_other' }),
      entry(4, { object: { kind: 'client', id: 'cl_old' }, action: 'client.edit' }),
      entry(5, { object: { kind: 'settings', id: 'settings' }, action: 'settings.edit' }),
    ]
    assert.deepEqual(await seqs(entries, { asked: { clientId: 'cl_old' } }), [1, 2, 4])
    assert.deepEqual(await seqs(entries), [1, 2, 3, 4, 5])
  })

  it('who did it, notes, and which key is a trap are for administrators', async () => {
    const edited = entry(1, { client: 'cl_old', fields: ['name', 'honey'], note: 'internal' })
    const [own] = await read([edited], { asked: { clientId: 'cl_old' } })
    assert.deepEqual(own?.change.fields, ['name'])
    assert.ok(!('actor' in (own?.change ?? {})) && !JSON.stringify(own).includes('internal'))
    const [all] = await read([edited])
    assert.deepEqual([all?.change.fields, all?.change.actor?.name], [['name', 'honey'], 'ann'])
  })
})
