import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import fc from 'fast-check'
import { compileNetworks, parseNetwork } from '../../../daemon/src/addresses/networks.ts'

const textOf = (input: string): string => {
  const network = parseNetwork(input)
  if (typeof network === 'string') assert.fail(network)
  return network.text
}
const faultOf = (input: string): string => {
  const fault = parseNetwork(input)
  if (typeof fault !== 'string') assert.fail(`${input} was read`)
  return fault
}

describe('networks', () => {
  it('are kept in one form', () => {
    for (const [input, text] of [
      ['10.0.0.0/8', '10.0.0.0/8'],
      [' 203.0.113.7 ', '203.0.113.7'],
      ['203.0.113.7/32', '203.0.113.7'],
      ['0.0.0.0/0', '0.0.0.0/0'],
      ['2001:DB8::/32', '2001:db8::/32'],
      ['2001:0db8:0:0:0:0:0:1', '2001:db8::1'],
      ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
      ['::1/128', '::1'],
      ['::/0', '::/0'],
      ['fe80::/10', 'fe80::/10'],
      ['64:ff9b::/96', '64:ff9b::/96'],
    ] as const)
      assert.equal(textOf(input), text)
  })

  it('what lenient readers take for an address, what has host bits and what means one machine only is refused, with the fix', () => {
    for (const [input, fix] of [
      ['010.8.8.8', /without leading zeros/],
      ['10.0.0.010', /without leading zeros/],
      ['127.1', /four numbers/],
      ['0x7f.0.0.1', /four numbers/],
      ['2130706433', /four numbers/],
      ['1.2.3.4.5', /four numbers/],
      ['10.0.0.1/8', /for the network write 10\.0\.0\.0\/8, for the one address 10\.0\.0\.1/],
      ['2001:db8::1/32', /for the network write 2001:db8::\/32/],
      ['1.2.3.4/33', /0 to 32/],
      ['1.2.3.4/', /0 to 32/],
      ['1.2.3.0/024', /0 to 32/],
      ['1.2.3.0/+24', /0 to 32/],
      ['1.2.3.0/255.255.255.0', /0 to 32/],
      ['::/129', /0 to 128/],
      ['fe80::1%eth0', /zone/],
      ['::ffff:10.1.2.3', /write it as IPv4, 10\.1\.2\.3/],
      ['::ffff:a01:203', /write it as IPv4, 10\.1\.2\.3/],
      ['::10.0.0.1', /ends in an IPv4 address/],
      ['localhost', /no address/],
      ['', /no address/],
      ['10.0.0.0/8/8', /no address/],
    ] as const) {
      assert.match(faultOf(input), fix)
    }
  })

  it('match their own edges and nothing beyond', () => {
    const list = compileNetworks(['203.0.113.0/24', '10.1.2.3', '2001:db8:1::/48'])
    for (const address of [
      '203.0.113.0',
      '203.0.113.255',
      '10.1.2.3',
      '2001:db8:1::',
      '2001:db8:1:ffff:ffff:ffff:ffff:ffff',
    ])
      assert.equal(list.has(address), true, address)
    for (const address of [
      '203.0.112.255',
      '203.0.114.0',
      '10.1.2.2',
      '10.1.2.4',
      '2001:db8:0:ffff::',
      '2001:db8:2::',
      '',
      'x',
      '203.0.113.1%eth0',
    ])
      assert.equal(list.has(address), false, address)
  })

  it('an IPv4 address that comes mapped into IPv6 is in its IPv4 network', () => {
    const list = compileNetworks(['10.0.0.0/8'])
    assert.equal(list.has('::ffff:10.1.2.3'), true)
    assert.equal(list.has('::ffff:11.1.2.3'), false)
  })

  it('every address is in each network that it begins with, and the text of a network reads back as itself', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6())
    fc.assert(
      fc.property(address, fc.nat(128), (text, length) => {
        const bits = isIP(text) === 4 ? 32 : 128
        const prefix = length % (bits + 1)
        const said = parseNetwork(`${text}/${prefix}`)
        const network = typeof said === 'string' ? /for the network write (\S+),/.exec(said)?.[1] : said.text
        if (network === undefined) return assert.match(faultOf(`${text}/${prefix}`), /IPv4 address/)
        assert.equal(textOf(network), network.replace(new RegExp(`/${bits}$`), ''))
        assert.equal(compileNetworks([textOf(network)]).has(text), true)
      }),
      { numRuns: 500 },
    )
  })

  it('no text makes the reader throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseNetwork(text)))
  })
})
