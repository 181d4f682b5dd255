/** Where no upstream may be: by each way an address can be written, and nowhere else. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { deniedLiteral, deniedUpstream } from '../../../daemon/src/addresses/denied.ts'

const quad = (high: number, low: number): string => [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
const hex = (group: number): string => group.toString(16)

/** Every way that IPv6 knows to hold an IPv4 address. */
const inIPv6 = (high: number, low: number): string[] => [
  `::ffff:${quad(high, low)}`,
  `::ffff:${hex(high)}:${hex(low)}`,
  `0:0:0:0:0:FFFF:${hex(high)}:${hex(low)}`,
  `::ffff:0:${hex(high)}:${hex(low)}`,
  `64:ff9b::${hex(high)}:${hex(low)}`,
  `64:ff9b::${quad(high, low)}`,
  `2002:${hex(high)}:${hex(low)}::1`,
]

describe('addresses that no upstream may have', () => {
  for (const [what, addresses] of [
    ['the unspecified address', ['0.0.0.0', '0.1.2.3', '::', '0:0:0:0:0:0:0:0']],
    [
      'a cloud metadata address',
      [
        '169.254.169.254',
        '169.254.170.2',
        '169.254.170.23',
        'fd00:ec2::254',
        'FD00:0EC2:0::0254',
        'fd00:ec2::23',
        'fd20:ce::254',
        '168.63.129.16',
        '100.100.100.200',
        '192.0.0.192',
        '169.254.42.42',
        'fd00:42::42',
      ],
    ],
    ['a link-local address', ['169.254.0.1', '169.254.255.255', 'fe80::1', 'fe80::1%eth0', 'febf::1']],
    ['a multicast address', ['224.0.0.1', '239.255.255.255', 'ff02::1']],
    ['the broadcast address', ['255.255.255.255']],
    ['no address', ['', 'localhost', '127.1', '0x7f.1', '2852039166', '0251.0376.0251.0376', '1.2.3.4.5']],
  ] as const)
    it(`${what}: ${addresses.length} of them`, () => {
      for (const address of addresses) assert.equal(deniedUpstream(address), what, address)
    })

  it('any denied IPv4 address is denied in every IPv6 form of it', () => {
    const deniedPair = fc.oneof(
      fc.tuple(fc.constant(0xa9fe), fc.integer({ min: 0, max: 0xffff })),
      fc.tuple(fc.integer({ min: 0xe000, max: 0xefff }), fc.integer({ min: 0, max: 0xffff })),
      fc.constantFrom([0xffff, 0xffff], [0x6464, 0x64c8], [0xc000, 0x00c0], [0xa83f, 0x8110], [0, 0]),
    )
    fc.assert(
      fc.property(deniedPair, ([high = 0, low = 0]) => {
        for (const address of [quad(high, low), ...inIPv6(high, low)]) assert.ok(deniedUpstream(address), address)
      }),
    )
  })

  it('loopback and private networks, and the rest of the world, are not', () => {
    for (const address of ['127.0.0.1', '127.8.9.10', '::1', '10.0.0.5', '172.16.3.4', '192.168.1.1', 'fd12:3456::1'])
      assert.equal(deniedUpstream(address), null, address)
    for (const address of [
      '::ffff:127.0.0.1',
      '::ffff:10.0.0.5',
      '169.253.1.1',
      '8.8.8.8',
      '2001:db8::1',
      '100.64.0.1',
    ])
      assert.equal(deniedUpstream(address), null, address)
  })

  it('a name is not judged before it is resolved; an address in a URL is, in brackets too', () => {
    assert.equal(deniedLiteral('metadata.google.internal'), null)
    assert.equal(deniedLiteral('[::1]'), null)
    assert.equal(deniedLiteral('[::ffff:a9fe:a9fe]'), 'a cloud metadata address')
  })
})
