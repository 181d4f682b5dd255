import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compileNetworks } from '../../../daemon/src/addresses/networks.ts'
import { readOrigin } from '../../../daemon/src/gateway/caller-address.ts'

const proxies = compileNetworks(['10.0.0.0/24', '2001:db8:1::/64'])
const isProxy = (address: string): boolean => proxies.has(address)
const addressOf = (socket: string, ...lines: string[]): string | null => {
  const origin = readOrigin(socket, lines, isProxy)
  return typeof origin === 'string' ? 'malformed' : origin.address
}

describe('from where a call comes', () => {
  it('nobody but a configured proxy can say so', () => {
    assert.equal(addressOf('203.0.113.9', '198.51.100.1'), '203.0.113.9')
    assert.equal(addressOf('::ffff:203.0.113.9', '198.51.100.1'), '203.0.113.9')
    assert.equal(addressOf('10.0.1.1', '198.51.100.1'), '10.0.1.1')
    assert.equal(addressOf('10.0.0.5', '198.51.100.1'), '198.51.100.1')
    assert.equal(addressOf('2001:db8:1::9', '198.51.100.1'), '198.51.100.1')
  })

  it('the header is read from the right, up to the first address that is no proxy; the rest is anybody’s', () => {
    assert.equal(addressOf('10.0.0.5', '1.1.1.1, 198.51.100.1, 10.0.0.7'), '198.51.100.1')
    assert.equal(addressOf('10.0.0.5', '1.1.1.1', '198.51.100.1', '10.0.0.7,10.0.0.8'), '198.51.100.1')
    assert.equal(addressOf('10.0.0.5', 'rubbish, <script>, 198.51.100.1'), '198.51.100.1')
    const origin = readOrigin('10.0.0.5', ['6.6.6.6, 198.51.100.1, 10.0.0.7'], isProxy)
    assert.equal(typeof origin === 'string' ? origin : origin.forwardedFor, '198.51.100.1, 10.0.0.7, 10.0.0.5')
  })

  it('ports that some proxies add are left out, mapped addresses are the IPv4 ones', () => {
    assert.equal(addressOf('10.0.0.5', '198.51.100.1:49152'), '198.51.100.1')
    assert.equal(addressOf('10.0.0.5', '[2001:DB8::7]:49152'), '2001:db8::7')
    assert.equal(addressOf('10.0.0.5', '2001:db8::7'), '2001:db8::7')
    assert.equal(addressOf('10.0.0.5', '::ffff:198.51.100.1'), '198.51.100.1')
  })

  it('a proxy that says nothing leaves the caller unknown, and what cannot be read is refused', () => {
    assert.equal(addressOf('10.0.0.5'), null)
    assert.equal(addressOf('10.0.0.5', ' , '), null)
    assert.equal(addressOf('10.0.0.5', '10.0.0.7'), '10.0.0.7')
    for (const entry of ['unknown', '_hidden', '010.0.0.1', '1.2.3', 'fe80::1%eth0', '[::1', '1.2.3.4:port'])
      assert.equal(addressOf('10.0.0.5', `198.51.100.1, ${entry}`), 'malformed', entry)
  })

  it('whatever a caller writes to the left, the address a proxy has seen is the one that counts', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.ipV4(), (left, seen) => {
        fc.pre(!isProxy(seen))
        assert.equal(addressOf('10.0.0.5', [...left, seen].join(',')), seen)
      }),
    )
  })
})
