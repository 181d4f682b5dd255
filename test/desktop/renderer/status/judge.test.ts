/** What needs somebody, from which instant on. */
import assert from 'node:assert/strict'
import type { BackupsView, NoticeView, ReceiptView, SlotView } from '@postern/shared'
import {
  backupFacts,
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

  describe('backups: the most urgent is said, with what helps', () => {
    const made = (days: number, ms = 0) => ({ at: at(days, ms), path: '/mnt/a', generation: 1 })
    const proven = (days: number, ms = 0) => ({ ...made(days, ms), backup_at: at(days, ms), keys: 3 })
    const schedule = { cron: '0 2 * * *', next_at: null, failed: null, dir: '/mnt', keep: 3 }
    const failed = { at: at(-1), problem: 'x', path: null }
    const all: BackupsView = {
      last: made(-1),
      proven: proven(-1),
      drill_failed: null,
      schedule,
      drill_schedule: null,
      running: null,
    }
    for (const [title, more, tone, concern, step] of [
      ['all is well', {}, 'fine', null, null],
      ['none, though something else failed too', { last: null, drill_failed: failed }, 'soon', 'none', 'create'],
      ['a week old', { last: made(-7) }, 'soon', 'old', 'create'],
      ['not yet a week old', { last: made(-7, 1) }, 'fine', null, null],
      ['a proof failed', { last: made(-2), drill_failed: failed }, 'urgent', 'drill_failed', 'create'],
      ['a new one after it failed', { last: made(0), drill_failed: failed }, 'urgent', 'drill_failed', 'prove'],
      ['a scheduled one failed', { schedule: { ...schedule, failed } }, 'soon', 'backup_failed', 'create'],
      ['never proven', { proven: null }, 'soon', 'unproven', 'prove'],
      ['proven a month ago', { proven: proven(-31) }, 'soon', 'proof_old', 'prove'],
      ['proven not yet a month ago', { proven: proven(-31, 1) }, 'fine', null, null],
      ['no schedule', { schedule: null }, 'fine', 'unscheduled', 'schedule'],
      ['another program makes them', { schedule: null, last: { ...made(-1), path: null } }, 'fine', null, null],
    ] as const)
      it(title, () => assert.deepEqual(backupFacts({ ...all, ...more }, nowMs), { tone, concern, step }))
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
