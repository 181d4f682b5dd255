/** Told at the right instant, once, and never of what nobody uses. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { noticeThresholds, statusOf } from '@postern/shared'
import { dueNotices, type WatchedKey } from '../../../daemon/src/notices/watch.ts'

const dayMs = 86_400_000
const expiresMs = Date.UTC(2026, 11, 24, 12)
const key = (more: Partial<WatchedKey> = {}): WatchedKey => ({
  id: 'AAAAAAAA',
  name: 'Robot',
  owner: null,
  expiresAt: new Date(expiresMs).toISOString(),
  disabledAt: null,
  removedAt: null,
  honey: null,
  usedAfterExpiryAt: null,
  ...more,
})
const told = (nowMs: number, more: Partial<WatchedKey> = {}) =>
  dueNotices(
    {
      keys: [key(more)],
      certificateNotAfter: null,
      untriedKit: null,
      backup: null,
      diskFreeBytes: null,
      clockBackMs: 0,
    },
    nowMs,
  )
const named = (nowMs: number): string | undefined => told(nowMs)[0]?.id.split(':').at(-1)

describe('watch', () => {
  it('each threshold holds from its instant on, to the millisecond, in step with the colours', () => {
    for (const { name, beforeMs } of noticeThresholds) {
      assert.equal(named(expiresMs - beforeMs), name)
      assert.notEqual(named(expiresMs - beforeMs - 1), name)
    }
    assert.deepEqual(told(expiresMs - 14 * dayMs - 1), [])
    const at = (days: number) => [named(expiresMs - days * dayMs), statusOf(key(), expiresMs - days * dayMs)]
    assert.deepEqual(
      [at(14), at(3), at(0)],
      [
        ['14d', 'orange'],
        ['3d', 'red'],
        ['expired', 'red'],
      ],
    )
  })

  it('after a long silence only the last threshold is told; an edited date begins anew', () => {
    assert.equal(told(expiresMs + 30 * dayMs).length, 1)
    const later = new Date(expiresMs + 365 * dayMs).toISOString()
    const ids = new Set(
      [...told(expiresMs), ...told(expiresMs + 365 * dayMs, { expiresAt: later })].map(({ id }) => id),
    )
    assert.equal(ids.size, 2)
  })

  it('a key that never expires, is disabled, removed or a trap tells nothing; one in use after its end is urgent', () => {
    const then = new Date(expiresMs).toISOString()
    for (const more of [{ honey: { blockSeconds: 0 } }, { expiresAt: null }, { disabledAt: then }, { removedAt: then }])
      assert.deepEqual(told(expiresMs + 1, { ...more, usedAfterExpiryAt: then }), [])
    assert.deepEqual(
      told(expiresMs + 1, { usedAfterExpiryAt: then }).map(({ kind, severity }) => [kind, severity]),
      [
        ['key_expiry', 'urgent'],
        ['key_used_after_expiry', 'urgent'],
      ],
    )
    assert.deepEqual(told(expiresMs - dayMs, { usedAfterExpiryAt: then })[0]?.severity, 'warning')
  })

  it('nothing is ever due before the instant it names', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40 * dayMs, max: 40 * dayMs }), (offset) => {
        for (const { at, due_at: dueAt } of told(expiresMs + offset))
          for (const each of [at, dueAt ?? at]) assert.ok(Date.parse(each) <= expiresMs + offset)
      }),
    )
  })

  it('a recovery kit that nobody has tried is spoken of after a week, a month and half a year', () => {
    const untriedKit = { slotId: 'aa', createdAt: new Date(expiresMs).toISOString() }
    const after = (days: number, kit: typeof untriedKit | null = untriedKit) =>
      dueNotices(
        { keys: [], certificateNotAfter: null, untriedKit: kit, backup: null, diskFreeBytes: null, clockBackMs: 0 },
        expiresMs + days * dayMs,
      ).map(({ id }) => id)
    assert.deepEqual(
      [after(6.99), after(7), after(30), after(200), after(200, null)],
      [[], ['recovery_kit:aa:7d'], ['recovery_kit:aa:30d'], ['recovery_kit:aa:180d'], []],
    )
  })

  it('certificate, disk and clock are told, and only when something is known', () => {
    const of = (more: object, nowMs = expiresMs) =>
      dueNotices(
        {
          keys: [],
          certificateNotAfter: null,
          untriedKit: null,
          backup: null,
          diskFreeBytes: null,
          clockBackMs: 0,
          ...more,
        },
        nowMs,
      ).map(({ id }) => id)
    const notAfter = new Date(expiresMs).toISOString()
    assert.deepEqual(of({}), [])
    assert.deepEqual(of({ certificateNotAfter: notAfter }, expiresMs - 31 * dayMs), [])
    assert.deepEqual(of({ certificateNotAfter: notAfter }, expiresMs - 7 * dayMs), [`certificate:${notAfter}:7d`])
    assert.deepEqual(of({ diskFreeBytes: 1e9, clockBackMs: 59_999 }), [])
    assert.deepEqual(of({ diskFreeBytes: 1e8, clockBackMs: 60_000 }), ['disk:2026-12-24', 'clock:2026-12-24'])
  })
})
