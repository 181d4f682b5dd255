/** The search box finds what its words and operators say, and says what it does not understand. */
import assert from 'node:assert/strict'
import { chips, inChip, matches, parseSearch } from '../../../../desktop/src/renderer/keys/search.ts'
import { fakeKey } from '../../../support/fake-console.ts'

const nowMs = Date.now()
const ago = (days: number): string => new Date(nowMs - days * 86_400_000).toISOString()

const keys = [
  fakeKey(1, -1, { name: 'Payroll', owner: 'Anna Bauer', last_used_at: ago(1) }),
  fakeKey(2, 2, {
    name: 'Invoices',
    owner: 'Ben',
    last_used_at: ago(100),
    description: 'SAP import',
    client: { id: 'cl_x', name: 'Nintex' },
  }),
  fakeKey(3, 10, { name: 'Fleet ＡＢＣ', owner: null, last_used_at: null }),
  fakeKey(4, null, { name: 'Never ends', owner: 'anna', last_used_at: ago(10), state: 'disabled' }),
  fakeKey(5, 400, { name: 'A trap', owner: 'ben', last_used_at: null, honey: { block_seconds: 0 } }),
]
const found = (text: string): string[] =>
  keys.filter((key) => matches(key, parseSearch(text), nowMs)).map(({ id }) => id.slice(-1))

describe('console: search', () => {
  for (const [text, expected] of [
    ['', '12345'],
    ['   ', '12345'],
    ['payroll', '1'],
    ['PAY ROLL', '1'],
    ['sap', '2'],
    ['fleet abc', '3'],
    ['anna', '14'],
    ['k0000002', '2'],
    ['nothing', ''],
    ['is:expired', '1'],
    ['IS:Expired', '1'],
    ['is:urgent', '2'],
    ['is:red', '2'],
    ['is:soon', '3'],
    ['is:active', '5'],
    ['is:disabled', '4'],
    ['is:never', '35'],
    ['is:trap', '5'],
    ['owner:anna', '14'],
    ['owner:"anna b"', '1'],
    ['client:nintex', '2'],
    ['client:CL_000000000000', '1345'],
    ['client:cl_0', ''],
    ['unused>90d', '235'],
    ['unused>5', '2345'],
    ['expires<3d', '2'],
    ['expires<30d', '23'],
    ['expires<30d owner:ben', '2'],
    ['is:active is:expired', ''],
  ] as const)
    it(`"${text}" finds ${expected === '' ? 'none' : expected}`, () => assert.equal(found(text).join(''), expected))

  it('an operator that is not understood is named and leaves the rest as it is', () => {
    for (const text of ['is:purple', 'unused>soon', 'expires>3d', 'owner:', 'client:', 'unused<3d']) {
      assert.deepEqual(parseSearch(`${text} robot`).unknown, [text])
      assert.deepEqual(parseSearch(`${text} robot`).words, ['robot'])
    }
  })

  it('the chips hold what their words say; within 14 days holds what is within 3', () => {
    const held = chips.map((chip) =>
      keys
        .filter((key) => inChip(key, chip, nowMs))
        .map(({ id }) => id.slice(-1))
        .join(''),
    )
    assert.deepEqual(held, ['12345', '1', '2', '23', '35', '4'])
  })
})
