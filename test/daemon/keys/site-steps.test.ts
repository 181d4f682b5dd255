/** What a site sets once: the receiver of the trail, the calendar, the kits that were tried. */
import assert from 'node:assert/strict'
import { firstDocument } from '../../../daemon/src/document/codec.ts'
import type { Document } from '../../../daemon/src/document/document.ts'
import type { Step } from '../../../daemon/src/document/step.ts'
import { setSystemLog } from '../../../daemon/src/keys/channel-steps.ts'
import { confirmKit, setCalendar, setTrailReceiver, verifierOfToken } from '../../../daemon/src/keys/site-steps.ts'
import { Secret } from '../../../daemon/src/problem.ts'

const context = { nowMs: Date.UTC(2026, 10, 21), zone: 'UTC', sealSecret: () => 'sealed' }

describe('settings of a site', () => {
  let document: Document
  beforeEach(() => {
    document = firstDocument(0)
  })
  const take = <R>(step: Step<R>) => {
    const stepped = step(document, context)
    document = stepped.document
    return stepped
  }

  it('the trail goes to one receiver, or nowhere', () => {
    const set = take(setTrailReceiver({ host: 'logs.example.com' }))
    assert.deepEqual(set.result.trailReceiver, { host: 'logs.example.com', port: 6514, ca: null })
    assert.deepEqual([set.entry?.action, set.entry?.note], ['trail.receiver', 'logs.example.com:6514'])
    assert.equal(take(setTrailReceiver(null)).result.trailReceiver, null)
    assert.throws(() => take(setTrailReceiver(null)), { code: 'not_found' })
    assert.throws(() => take(setTrailReceiver({ host: 'a b' })), { message: /host: / })
    assert.throws(() => take(setTrailReceiver({ host: 'x', ca: 'none' })), { message: /ca: / })
  })

  it('a calendar keeps what its token is checked by, and never the token', () => {
    take(setCalendar(new Secret('first token')))
    const { result } = take(setCalendar(new Secret('second token')))
    assert.equal(result.calendar?.verifier, verifierOfToken('second token'))
    assert.doesNotMatch(JSON.stringify(document), /token"|first|second/)
    assert.equal(take(setCalendar(null)).result.calendar, null)
    assert.throws(() => take(setCalendar(null)), { code: 'not_found' })
  })

  it('a kit that was tried again is remembered once, with its last time', () => {
    take(confirmKit('aa'))
    take(confirmKit('bb'))
    const again = confirmKit('aa')(document, { ...context, nowMs: context.nowMs + 1 })
    assert.deepEqual(again.result.confirmedKits, [
      { slotId: 'bb', at: '2026-11-21T00:00:00.000Z' },
      { slotId: 'aa', at: '2026-11-21T00:00:00.001Z' },
    ])
    assert.deepEqual(again.entry?.object, { kind: 'slot', id: 'aa' })
  })

  it('the system’s log is written to under a plain name', () => {
    assert.deepEqual(take(setSystemLog({})).result.channels.system, { name: 'postern' })
    for (const name of ['', 'a b', '-'.repeat(33), 'x\n'])
      assert.throws(() => take(setSystemLog({ name })), { message: /name: / }, name)
  })
})
