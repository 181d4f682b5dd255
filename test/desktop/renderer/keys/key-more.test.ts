/** What is sent of the rest of the form: what is another now, and nothing else. */
import assert from 'node:assert/strict'
import { expiresOf, type ExpiryValue } from '../../../../desktop/src/renderer/keys/expiry-choice.ts'
import { changedMore, grantable, moreOf, revealsFor } from '../../../../desktop/src/renderer/keys/key-more.ts'
import { evidenceSaid } from '../../../../desktop/src/renderer/keys/evidence-said.ts'
import { createDates } from '../../../../desktop/src/renderer/dates.ts'
import { englishTexts } from '../../../../desktop/src/renderer/texts/english.ts'
import { fakeKey } from '../../../support/fake-console.ts'

const dayMs = 86_400_000

describe('console: the rest of the key form', () => {
  const of = (...ids: string[]) => ids.map((id) => ({ id, name: id }))
  it('untouched it sends nothing, of a new key and of an edited one', () => {
    for (const key of [null, fakeKey(1, 1), fakeKey(1, 1, { collections: of('a', 'b'), reveal: 'once' })])
      assert.deepEqual(changedMore(moreOf(key), moreOf(key)), {})
  })
  it('collections are compared as sets, and null is everything', () => {
    const was = moreOf(fakeKey(1, 1, { collections: of('a', 'b') }))
    assert.deepEqual(changedMore({ ...was, collections: ['b', 'a'] }, was), {})
    assert.deepEqual(changedMore({ ...was, collections: ['b'] }, was), { collections: ['b'] })
    assert.deepEqual(changedMore({ ...was, collections: null }, was), { collections: null })
  })
  it('a reveal policy is only ever tightened', () => {
    assert.deepEqual(revealsFor(null), ['always', 'once', 'never'])
    assert.deepEqual(revealsFor(fakeKey(1, 1, { reveal: 'once' })), ['once', 'never'])
  })
  it('only what its client is granted is offered', () => {
    const all = of('a', 'b')
    assert.deepEqual(
      [grantable(null, all), grantable([{ id: 'b' }], all), grantable([], all)].map((each) => each.map(({ id }) => id)),
      [['a', 'b'], ['b'], []],
    )
  })
})

describe('console: when a key ends', () => {
  const value = (more: Partial<ExpiryValue>): ExpiryValue => ({
    choice: 'custom',
    date: '2027-01-31',
    days: '30',
    ...more,
  })
  it('each choice is sent as what it says', () => {
    assert.deepEqual(expiresOf(value({ choice: 'keep' })), undefined)
    assert.deepEqual(expiresOf(value({ choice: 'never' })), { never: true })
    assert.deepEqual(expiresOf(value({ choice: '90d' })), { at: '2027-01-31' })
    assert.equal(expiresOf(value({ date: '' })), null)
  })
  it('days are whole, at least one, and at most five years', () => {
    const days = ['1', ' 12 ', '1825', '1826', '0', '', '1.5', '-3', '1e3', 'x'].map((each) =>
      expiresOf(value({ choice: 'days', days: each })),
    )
    assert.deepEqual(days, [{ days: 1 }, { days: 12 }, { days: 1_825 }, ...Array<null>(7).fill(null)])
  })
})

describe('console: who is hit by a change', () => {
  const nowMs = Date.parse('2026-11-21T12:00:00.000Z')
  const said = (calls: number, usedAt: string | null): string =>
    evidenceSaid(
      {
        calls,
        days: 30,
        callers_count: 2,
        callers: calls === 0 ? [] : [{ address: '10.0.3.7', calls, last_hour: '' }],
        last_used_at: usedAt,
      },
      { texts: englishTexts, dates: createDates('UTC', 'en'), nowMs },
    )
  it('is said in one sentence, and of an unused key too', () => {
    assert.equal(
      said(266, new Date(nowMs - dayMs / 6).toISOString()),
      '266 calls in 30 days from 2 addresses, latest 4 hours ago, most from 10.0.3.7.',
    )
    assert.equal(said(0, null), 'Not used in the last 30 days.')
  })
})
