/** Wrong credentials are told to wait by network and by the key they name; nothing that is shared by everybody, and no memory without end. */
import assert from 'node:assert/strict'
import { formatKeyValue } from '@postern/shared'
import type { Presented } from '../../../daemon/src/access/identify.ts'
import { createGuessing } from '../../../daemon/src/limits/guessing.ts'

const startMs = Date.parse('2026-11-21T12:00:00.000Z')
const perMinute = 30
const junk: Presented = { kind: 'value', value: 'junk' }
const naming = (keyId: string): Presented => ({
  kind: 'value',
  value: formatKeyValue({ keyId, secret: '0'.repeat(43) }),
})

describe('guessing', () => {
  const failing = (guessing = createGuessing()) => ({
    guessing,
    fail: (address: string, presented: Presented = junk, nowMs = startMs) =>
      guessing.failed({ address, presented, nowMs, perMinute }),
  })

  it('a network may fail as often as a minute allows at once, then one in two seconds', () => {
    const { fail, guessing } = failing()
    for (let each = 0; each < perMinute; each++) assert.equal(fail('203.0.113.7'), null, String(each))
    assert.equal(guessing.isGuessing({ address: '203.0.113.7', nowMs: startMs, perMinute }), true)
    assert.equal(fail('203.0.113.7'), 2)
    assert.equal(fail('203.0.113.7', junk, startMs + 1_000), 1)
    assert.equal(fail('203.0.113.7', junk, startMs + 2_000), null)
    assert.equal(fail('203.0.113.7', junk, startMs + 2_000), 2)
    for (let each = 0; each < perMinute; each++) assert.equal(fail('203.0.113.7', junk, startMs + 62_000), null)
  })

  it('whoever waits as long as they were told may try again', () => {
    const { fail } = failing()
    let nowMs = startMs
    let tries = 0
    for (let each = 0; each < 200; each++) {
      const wait = fail('203.0.113.7', junk, nowMs)
      if (wait === null) tries += 1
      else {
        nowMs += wait * 1_000
        assert.equal(fail('203.0.113.7', junk, nowMs), null)
      }
    }
    assert.equal(tries, perMinute)
  })

  it('other networks are not told to wait; addresses of one IPv6 network are one', () => {
    const { fail, guessing } = failing()
    for (let each = 0; each < perMinute; each++) fail(`2001:db8::${each.toString(16)}`)
    assert.notEqual(fail('2001:db8::ffff'), null)
    assert.equal(fail('2001:db8:0:1::1'), null)
    assert.equal(fail('203.0.113.7'), null)
    assert.equal(guessing.isGuessing({ address: '203.0.113.8', nowMs: startMs, perMinute }), false)
  })

  it('one key named from everywhere has a bucket of its own, whether there is such a key or not', () => {
    const { fail } = failing()
    const from = (each: number) => `10.0.${each}.1`
    for (let each = 0; each < perMinute; each++) assert.equal(fail(from(each), naming('aaaaaaaa')), null)
    assert.equal(fail(from(200), naming('aaaaaaaa')), 2)
    assert.equal(fail(from(200), naming('bbbbbbbb')), null)
    assert.equal(fail(from(201)), null)
  })

  it('who is told to wait drains nothing, so an attack does not make the wait longer', () => {
    const { fail } = failing()
    for (let each = 0; each < perMinute + 1_000; each++) fail('203.0.113.7', naming('aaaaaaaa'))
    assert.equal(fail('203.0.113.7', junk, startMs + 2_000), null)
    assert.equal(fail('203.0.113.9', naming('aaaaaaaa'), startMs + 2_000), null)
  })

  it('a clock that goes back refills nothing and is not waited for', () => {
    const { fail } = failing()
    for (let each = 0; each < perMinute; each++) fail('203.0.113.7')
    const backMs = startMs - 86_400_000
    assert.equal(fail('203.0.113.7', junk, backMs), 2)
    assert.equal(fail('203.0.113.7', junk, backMs + 2_000), null)
  })

  it('memory is bounded: the least recently drained bucket goes', () => {
    const { fail, guessing } = failing(createGuessing(100))
    for (let each = 0; each < 10_000; each++)
      fail(`10.${each >> 16}.${(each >> 8) & 255}.${each & 255}`, naming(String(each).padStart(8, 'a')))
    assert.equal(guessing.size, 200)
    for (let each = 0; each < perMinute; each++) fail('203.0.113.7')
    for (let each = 0; each < 50; each++) fail(`10.9.0.${each}`)
    assert.notEqual(fail('203.0.113.7'), null, 'it was drained lately')
  })
})
