/** Links are good once and for a minute; sessions end by the clock; neither is kept in a form that opens anything. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import {
  createPageSessions,
  idleForMs,
  linkForMs,
  openMax,
  sessionForMs,
} from '../../../daemon/src/admin/page-sessions.ts'
import type { Caller } from '../../../daemon/src/admin/door.ts'
import { isProblem } from '../../../daemon/src/problem.ts'

const alice: Caller = { role: 'administrator', actor: { kind: 'local', name: 'alice', proof: 'file' } }
const bob: Caller = { role: 'viewer', actor: { kind: 'local', name: 'bob', proof: 'claimed' } }

const bed = () => {
  const clock = { nowMs: 1_000_000 }
  const sessions = createPageSessions(() => clock.nowMs)
  const link = (caller = alice): string => sessions.issueLink(caller).code.reveal()
  const enter = (caller = alice): string => sessions.redeem(link(caller))?.token.reveal() ?? ''
  return { clock, sessions, link, enter }
}

describe('admin: links and sessions of pages', () => {
  it('a link is traded once, for a session that acts as the one who asked for it', () => {
    const { sessions, link } = bed()
    const [first, second] = [link(alice), link(bob)]
    assert.deepEqual(sessions.match(sessions.redeem(second)?.token.reveal() ?? '', { isUse: true })?.caller, bob)
    assert.deepEqual(sessions.match(sessions.redeem(first)?.token.reveal() ?? '', { isUse: true })?.caller, alice)
    for (const code of [first, second, '', 'x', `${first} `]) assert.equal(sessions.redeem(code), undefined, code)
  })

  it('codes and tokens carry 256 random bits, and one is not good as the other', () => {
    const { sessions, link, enter } = bed()
    const seen = [...Array.from({ length: 20 }, () => link()), ...Array.from({ length: 20 }, () => enter())]
    assert.equal(new Set(seen).size, 40)
    for (const each of seen) assert.equal(Buffer.from(each, 'base64url').length, 32)
    assert.equal(sessions.match(seen[0] ?? '', { isUse: true }), undefined)
    assert.equal(sessions.redeem(seen[20] ?? ''), undefined)
  })

  it('a link ends at its instant', () => {
    for (const [ms, good] of [
      [linkForMs - 1, true],
      [linkForMs, false],
    ] as const) {
      const { clock, sessions, link } = bed()
      const code = link()
      clock.nowMs += ms
      assert.equal(sessions.redeem(code) !== undefined, good, String(ms))
    }
  })

  it('a session ends after a quarter of an hour without a request, and not while there are some', () => {
    const { clock, sessions, enter } = bed()
    const token = enter()
    for (let at = 0; at < 5; at++) {
      clock.nowMs += idleForMs - 1
      assert.ok(sessions.match(token, { isUse: true }), String(at))
    }
    clock.nowMs += idleForMs
    assert.equal(sessions.match(token, { isUse: true }), undefined)
  })

  it('a session ends after twelve hours, however busy it is', () => {
    const { clock, sessions, enter } = bed()
    const token = enter()
    const endsMs = clock.nowMs + sessionForMs
    for (; clock.nowMs < endsMs; clock.nowMs += idleForMs / 2) assert.ok(sessions.match(token, { isUse: true }))
    assert.equal(clock.nowMs, endsMs)
    assert.equal(sessions.match(token, { isUse: true }), undefined)
  })

  it('an ended session is ended, and no other', () => {
    const { sessions, enter } = bed()
    const [one, two] = [enter(), enter()]
    const session = sessions.match(one, { isUse: true })
    assert.ok(session)
    sessions.end(session)
    assert.deepEqual(
      [sessions.match(one, { isUse: true }), sessions.match(two, { isUse: true }) !== undefined],
      [undefined, true],
    )
  })

  it('there are at most so many links and sessions; what has ended makes room, and a refused code is not spent', () => {
    const { clock, sessions, link, enter } = bed()
    const overloaded = (act: () => unknown): void => assert.throws(act, (error) => isProblem(error, 'overloaded'))
    for (let at = 0; at < openMax; at++) link()
    overloaded(() => link())
    clock.nowMs += linkForMs
    for (let at = 0; at < openMax; at++) enter()
    const code = link()
    overloaded(() => sessions.redeem(code))
    clock.nowMs += idleForMs
    for (let at = 0; at < openMax - 1; at++) enter()
    const late = link()
    assert.ok(sessions.redeem(late))
    const waiting = link()
    overloaded(() => sessions.redeem(waiting))
    const some = sessions.match(late, { isUse: true })
    assert.equal(some, undefined)
  })

  it('it is empty when no link and no session is left', () => {
    const { clock, sessions, link, enter } = bed()
    assert.equal(sessions.isEmpty(), true)
    link()
    assert.equal(sessions.isEmpty(), false)
    clock.nowMs += linkForMs
    assert.equal(sessions.isEmpty(), true)
    enter()
    assert.equal(sessions.isEmpty(), false)
    clock.nowMs += idleForMs
    assert.equal(sessions.isEmpty(), true)
  })

  it('what is kept and what could be printed holds neither code nor token', () => {
    const { sessions } = bed()
    const issued = sessions.issueLink(alice)
    const opened = sessions.redeem(issued.code.reveal())
    const printed = inspect([issued, opened], { depth: 9 }) + JSON.stringify([issued, opened])
    for (const secret of [issued.code.reveal(), opened?.token.reveal() ?? '']) assert.ok(!printed.includes(secret))
  })
})
