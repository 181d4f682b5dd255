/** Refusals are told, but nobody fills the disk by being refused. */
import assert from 'node:assert/strict'
import { createRefusalFold, elsewhere } from '../../../daemon/src/audit/refusals.ts'

const call = (callerAddress: string, atMs: number, reason = 'credential_invalid', keyId: string | null = null) => ({
  atMs,
  reason,
  callerAddress,
  keyId,
})

describe('refusals', () => {
  it('fold by caller, key, reason and minute, and are handed over once their minute is past', () => {
    const fold = createRefusalFold()
    for (let at = 0; at < 500; at++) fold.note(call('192.0.2.1', at * 200))
    fold.note(call('192.0.2.1', 10, 'credential_expired', 'AAAAAAAA'))
    fold.note(call('192.0.2.2', 10))
    const first = fold.take(60_000)
    assert.deepEqual(
      first.map(({ actor, object, count }) => [actor.name, object, count]),
      [
        ['192.0.2.1', { kind: 'address', id: '192.0.2.1' }, 300],
        ['192.0.2.1', { kind: 'key', id: 'AAAAAAAA' }, 1],
        ['192.0.2.2', { kind: 'address', id: '192.0.2.2' }, 1],
      ],
    )
    assert.match(first[1]?.note ?? '', /^credential_expired, in the minute from 1970-01-01T00:00:00.000Z$/)
    assert.deepEqual(fold.take(61_000), [])
    assert.deepEqual(
      fold.take().map(({ count }) => count),
      [200],
    )
  })

  it('past the bound, callers are counted together and no call is lost', () => {
    const fold = createRefusalFold(10)
    for (let at = 0; at < 1_000; at++) fold.note(call(`192.0.2.${at % 250}`, 0, at % 2 === 0 ? 'a' : 'b'))
    const entries = fold.take()
    assert.equal(entries.length, 12)
    assert.equal(
      entries.reduce((sum, { count = 0 }) => sum + count, 0),
      1_000,
    )
    assert.equal(entries.filter(({ actor }) => actor.name === elsewhere).length, 2)
  })

  it('while nothing can be written memory stays bounded and the counts stay whole', () => {
    const fold = createRefusalFold(10)
    for (let minute = 0; minute < 50; minute++) {
      for (let at = 0; at < 30; at++) fold.note(call(`192.0.2.${at}`, minute * 60_000, at % 2 === 0 ? 'a' : 'b'))
      fold.giveBack(fold.take())
    }
    const entries = fold.take()
    assert.equal(entries.length, 22)
    assert.equal(
      entries.reduce((sum, { count = 0 }) => sum + count, 0),
      1_500,
    )
    assert.match(entries[0]?.note ?? '', /^a, in the minute from 1970-01-01T00:00/)
    assert.match(entries.at(-1)?.note ?? '', /^b, in the minutes from 1970-01-01T00:0\d:00.000Z to 1970-01-01T00:49/)
  })

  it('what could not be written is handed over again, before what came since', () => {
    const fold = createRefusalFold()
    fold.note(call('192.0.2.1', 0))
    fold.giveBack(fold.take())
    fold.note(call('192.0.2.2', 0))
    assert.deepEqual(
      fold.take().map(({ actor }) => actor.name),
      ['192.0.2.1', '192.0.2.2'],
    )
  })

  it('what lies ahead, because the clock was set back since, is handed over too; only the present minute waits', () => {
    const fold = createRefusalFold()
    for (const minute of [10, 11, 500])
      fold.note({ atMs: minute * 60_000, reason: 'r', callerAddress: 'a', keyId: null })
    assert.equal(fold.take(11 * 60_000).length, 2)
    assert.equal(fold.take(12 * 60_000).length, 1)
  })
})
