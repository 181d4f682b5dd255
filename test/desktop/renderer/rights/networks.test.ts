/** Lists of networks as they are typed. */
import assert from 'node:assert/strict'
import { addressesOf, linesOf } from '../../../../desktop/src/renderer/rights/networks.ts'

describe('console: networks, one to a line', () => {
  it('lines, commas and blanks part them; what is not one stays as it was typed, for the daemon to name', () => {
    assert.deepEqual(addressesOf({ allow: ' 10.0.3.0/24\n\n2001:db8::/32, 10.0.4.7\r\n', deny: '010.1.1.1; x' }), {
      allow: ['10.0.3.0/24', '2001:db8::/32', '10.0.4.7'],
      deny: ['010.1.1.1', 'x'],
    })
  })
  it('nothing typed is anywhere, and never an empty list, which would let nothing through', () => {
    for (const allow of ['', ' \n ']) assert.deepEqual(addressesOf({ allow, deny: '' }), { allow: null, deny: [] })
  })
  it('what is shown is read back as it was', () => {
    const allow = ['10.0.0.0/8', '::1']
    assert.deepEqual(addressesOf({ allow: linesOf(allow), deny: linesOf([]) }), { allow, deny: [] })
  })
})
