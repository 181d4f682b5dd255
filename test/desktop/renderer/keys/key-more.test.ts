/** What is sent of the rest of the form: what is another now, and nothing else. */
import assert from 'node:assert/strict'
import { expiresOf, type ExpiryValue } from '../../../../desktop/src/renderer/keys/expiry-choice.ts'
import {
  changedMore,
  endpointsWithin,
  grantable,
  moreOf,
  revealsFor,
} from '../../../../desktop/src/renderer/keys/key-more.ts'
import { moreFaultsOf } from '../../../../desktop/src/renderer/keys/key-form-faults.ts'
import { rightsAsSent } from '../../../../desktop/src/renderer/keys/rights-as-sent.ts'
import { rightsSaid } from '../../../../desktop/src/renderer/keys/rights-said.ts'
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

describe('console: what a key may do', () => {
  const of = (...ids: string[]) => ids.map((id) => ({ id, name: `name of ${id}` }))
  const narrowed = fakeKey(1, 1, {
    collections: of('c1'),
    endpoints: of('e1', 'e2'),
    methods: ['GET'],
    addresses: { allow: ['10.0.3.0/24'], deny: ['10.0.3.9'] },
    policies: of('p1'),
    subject: 'anna',
    grants: [{ token: { id: 't1', name: 'x' }, rights: ['view', 'manage'] }],
  })
  it('untouched it sends nothing; in another order it is the same', () => {
    const was = moreOf(narrowed)
    assert.deepEqual(changedMore(was, was), {})
    const turned = {
      ...was,
      endpoints: ['e2', 'e1'],
      allow: ` ${was.allow}\n`,
      subject: ' anna ',
      grants: [{ token: 't1', rights: ['manage', 'view'] as const }],
    }
    assert.deepEqual(changedMore(turned, was), {})
  })
  it('each right is sent as the daemon reads it, whole, and none beside it', () => {
    const was = moreOf(narrowed)
    assert.deepEqual(changedMore({ ...was, endpoints: null }, was), { endpoints: null })
    assert.deepEqual(changedMore({ ...was, methods: ['GET', 'POST'] }, was), { methods: ['GET', 'POST'] })
    assert.deepEqual(changedMore({ ...was, allow: '' }, was), { addresses: { allow: null, deny: ['10.0.3.9'] } })
    assert.deepEqual(changedMore({ ...was, policies: [] }, was), { policies: [] })
    assert.deepEqual(changedMore({ ...was, subject: '  ' }, was), { subject: null })
    assert.deepEqual(changedMore({ ...was, grants: [] }, was), { grants: [] })
    assert.deepEqual(changedMore({ ...was, grants: null }, was), { grants: null })
  })
  it('what is sent to take an edit back is every right as it was', () => {
    assert.deepEqual(rightsAsSent(narrowed), {
      subject: 'anna',
      endpoints: ['e1', 'e2'],
      methods: ['GET'],
      addresses: { allow: ['10.0.3.0/24'], deny: ['10.0.3.9'] },
      policies: ['p1'],
      grants: [{ token: 't1', rights: ['view', 'manage'] }],
    })
  })
  it('a list of which nothing is ticked is told before anything is sent, for to the daemon it would be no list', () => {
    const none = { ...moreOf(null), collections: [], endpoints: [], methods: [] }
    assert.deepEqual(Object.keys(moreFaultsOf(none, englishTexts)), ['collections', 'endpoints', 'methods'])
    const limit = { wanted: true, calls: 'many', per: 'minute' } as const
    assert.deepEqual(Object.keys(moreFaultsOf({ ...moreOf(null), limit }, englishTexts)), ['limit'])
    assert.deepEqual(moreFaultsOf({ ...moreOf(null), limit: { ...limit, wanted: false } }, englishTexts), {})
  })
  it('only endpoints of its collections can be ticked', () => {
    const endpoints = ['c1', 'c2', 'c1'].map((id, at) => ({ at, collection: { id } }))
    assert.deepEqual(
      endpointsWithin(endpoints, ['c1']).map(({ at }) => at),
      [0, 2],
    )
  })
  it('what narrows it is said in a few words, and of a plain key nothing', () => {
    assert.equal(rightsSaid(fakeKey(1, 1), englishTexts), '')
    assert.equal(rightsSaid(null, englishTexts), '')
    assert.equal(rightsSaid(narrowed, englishTexts), '1 collection, 2 endpoints, GET, 2 networks, 1 policy, as anna')
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
