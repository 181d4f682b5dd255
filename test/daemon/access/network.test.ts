/** Which callers count as one, what a blocked one gets, and that a honey key reads like a wrong one. */
import assert from 'node:assert/strict'
import { BlockList } from 'node:net'
import fc from 'fast-check'
import { buildIndex } from '../../../daemon/src/access/build-index.ts'
import { decide, type Verdict } from '../../../daemon/src/access/decide.ts'
import { isLoopbackAddress, networkOf } from '../../../daemon/src/access/network.ts'
import { createUrgentBlocks } from '../../../daemon/src/access/urgent-blocks.ts'
import type { Document } from '../../../daemon/src/document/document.ts'
import { makeDocument, makeEndpoint, makeKey } from '../../support/access-document.ts'

/** The text a socket gives for an address: the longest run of zero groups left out (RFC 5952). */
const written = (groups: readonly number[]): string =>
  new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1)

describe('networks of callers', () => {
  it('an IPv6 network holds just the addresses that share 64 bits, as another reader of them says', () => {
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
    const address = fc.array(group, { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(address, address, fc.boolean(), (one, other, near) => {
        const second = near ? [...one.slice(0, 4), ...other.slice(4)] : other
        const list = new BlockList()
        list.addSubnet(written(one), 64, 'ipv6')
        assert.equal(networkOf(written(one)) === networkOf(written(second)), list.check(written(second), 'ipv6'))
      }),
    )
  })

  it('an IPv4 address stands for itself; zones and mapped addresses are read', () => {
    assert.equal(networkOf('203.0.113.7'), '203.0.113.7')
    assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0::/64')
    assert.equal(networkOf('2001:db8::1'), '2001:db8:0:0::/64')
    assert.equal(networkOf('64:ff9b::192.0.2.1'), '64:ff9b:0:0::/64')
    assert.equal(networkOf('::1'), '0:0:0:0::/64')
    assert.equal(networkOf(networkOf('2001:db8:1:2:3::4').replace('/64', '')), '2001:db8:1:2::/64')
  })

  it('this machine is told from others', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1']) assert.ok(isLoopbackAddress(address))
    for (const address of ['128.0.0.1', '10.127.0.1', '::2', '']) assert.ok(!isLoopbackAddress(address))
  })
})

const at = '2026-01-01T00:00:00.000Z'
const nowMs = Date.parse(at)
const real = makeKey({ name: 'real' })
const trap = makeKey({ name: 'trap', honey: { blockSeconds: 60 } })
const document: Document = {
  ...makeDocument({ keys: [real, trap], endpoints: [makeEndpoint('GET', '/x')] }),
  blocks: {
    '203.0.113.7': { id: '203.0.113.7', keyId: trap.record.id, createdAt: at, until: '2026-01-01T00:01:00.000Z' },
    'fd77::2': { id: 'fd77::2', keyId: trap.record.id, createdAt: at, until: '2026-01-01T00:01:00.000Z' },
  },
}
const judge = (value: string, address: string | null, later = 0): Verdict =>
  decide(
    buildIndex(document, 1),
    { credential: { kind: 'value', value }, nowMs: nowMs + later, address },
    { method: 'GET', host: '', path: '/x' },
  )
const reason = (verdict: Verdict): string => (verdict.allow ? 'allow' : verdict.reason)

describe('refused callers', () => {
  it('a honey key reads like any wrong key, and only the record knows which it was', () => {
    const verdict = judge(trap.value, null)
    assert.ok(!verdict.allow)
    assert.deepEqual(
      [verdict.reason, verdict.key?.id, verdict.detail],
      ['credential_invalid', trap.record.id, undefined],
    )
    const wrong = judge(`${trap.value.slice(0, -1)}?`, null)
    assert.deepEqual([reason(wrong), wrong.allow ? null : wrong.key], ['credential_invalid', null])
  })

  it('a blocked address is refused strictly before the end of the block, and its neighbours are not', () => {
    assert.equal(reason(judge(real.value, '203.0.113.7')), 'forbidden')
    assert.equal(reason(judge(real.value, '203.0.113.7', 59_999)), 'forbidden')
    assert.equal(reason(judge(real.value, '203.0.113.7', 60_000)), 'allow')
    assert.equal(reason(judge(real.value, '203.0.113.8')), 'allow')
    assert.equal(reason(judge(real.value, 'fd77::2')), 'forbidden', 'an IPv6 address by itself')
    assert.equal(reason(judge(real.value, 'fd77::3')), 'allow')
    assert.equal(reason(judge(real.value, null)), 'allow', 'a proxy asks; its own address says nothing')
  })

  it('whoever has no good key learns nothing of the block', () => {
    assert.equal(reason(judge('nothing', '203.0.113.7')), 'credential_invalid')
    assert.equal(reason(judge(trap.value, '203.0.113.7')), 'credential_invalid')
  })

  it('an urgent block holds in every index that is made until the document has it, and past its end refuses nobody', () => {
    const urgent = createUrgentBlocks()
    const index = buildIndex(makeDocument({}), 1)
    assert.equal(urgent.over(index), index)
    urgent.block('203.0.113.9', 5)
    assert.equal(urgent.over(index).blocked.get('203.0.113.9'), 5)
    assert.equal(index.blocked.size, 0)
    urgent.settle('203.0.113.9')
    assert.equal(urgent.over(index), index)
    for (let each = 0; each < 10_001; each++) urgent.block(`n${each}`, 1)
    assert.equal(urgent.over(index).blocked.size, 10_000)
  })
})
