/** What needs somebody, from which instant on. */
import assert from 'node:assert/strict'
import type { NoticeView, ReceiptView, SlotView } from '@postern/shared'
import {
  backupTone,
  certificateTone,
  kitFacts,
  newestUndelivered,
} from '../../../../desktop/src/renderer/status/judge.ts'

const nowMs = Date.parse('2026-11-21T12:00:00Z')
const dayMs = 86_400_000
const at = (days: number, ms = 0): string => new Date(nowMs + days * dayMs + ms).toISOString()
const slot = (more: Partial<SlotView>): SlotView => ({
  id: 'sl',
  kind: 'recovery',
  created_at: at(-9),
  this_machine: false,
  health: 'ok',
  confirmed_at: null,
  ...more,
})
const notice = (id: string, state: ReceiptView['state'], attempts: number): NoticeView => ({
  id,
  kind: 'backup',
  severity: 'info',
  at: at(0),
  subject: { kind: 'x', id: 'x', name: 'x' },
  text: '',
  receipts: [{ channel: 'mail', state, attempts, at: null, note: null, next_at: null }],
})

describe('console: what of the status needs somebody', () => {
  for (const [end, tone] of [
    [null, 'fine'],
    [at(30, 1), 'fine'],
    [at(30), 'soon'],
    [at(7, 1), 'soon'],
    [at(7), 'urgent'],
    [at(-1), 'urgent'],
  ] as const)
    it(`a certificate until ${end}: ${tone}`, () => assert.equal(certificateTone(end, nowMs), tone))

  it('a backup is spoken of when there is none, and when it is a week old', () => {
    const of = (days: number, ms = 0) => ({ at: at(days, ms), path: null, generation: 1 })
    assert.equal(backupTone(null, nowMs), 'soon')
    assert.equal(backupTone(of(-7), nowMs), 'soon')
    assert.equal(backupTone(of(-7, 1), nowMs), 'fine')
  })

  it('of the kits the newest trial counts; a damaged kit is none, and a machine is none', () => {
    assert.deepEqual(kitFacts([slot({ kind: 'machine' }), slot({ health: 'damaged', confirmed_at: at(-1) })]), {
      exists: false,
      triedAt: null,
      tone: 'urgent',
    })
    assert.equal(kitFacts([slot({})]).tone, 'soon')
    assert.deepEqual(kitFacts([slot({ confirmed_at: at(-3) }), slot({ confirmed_at: at(-2) }), slot({})]), {
      exists: true,
      triedAt: at(-2),
      tone: 'fine',
    })
  })

  it('a notice counts as not delivered when it was tried in vain, and the newest is named', () => {
    const all = [notice('waits', 'owed', 0), notice('tried', 'owed', 2), notice('given up', 'given_up', 9)]
    assert.equal(newestUndelivered(all)?.notice.id, 'tried')
    assert.equal(newestUndelivered([notice('waits', 'owed', 0), notice('there', 'accepted', 1)]), null)
  })
})
