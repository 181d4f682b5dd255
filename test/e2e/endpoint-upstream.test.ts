/** An endpoint never names an upstream by an address where no upstream may be, however it is spelled. */
import assert from 'node:assert/strict'
import { firstDocument } from '../../daemon/src/document/codec.ts'
import type { Document } from '../../daemon/src/document/document.ts'
import type { Step } from '../../daemon/src/document/step.ts'
import { createCollection } from '../../daemon/src/keys/collection-steps.ts'
import { createEndpoint, editEndpoint } from '../../daemon/src/keys/endpoint-steps.ts'
import { Problem } from '../../daemon/src/problem.ts'

const nowMs = Date.UTC(2026, 0, 1)
const apply = <R>(document: Document, step: Step<R>) => step(document, { nowMs, zone: 'UTC', sealSecret: () => '' })
const withCollection = apply(firstDocument(nowMs), createCollection({ name: 'Orders' }, 'co_1')).document
const create = (upstream: string) =>
  apply(withCollection, createEndpoint({ collection: 'Orders', path: '/a', upstream }, 'ep_000000000001'))

const denied = [
  'http://169.254.169.254/latest/meta-data',
  'http://169.254.169.254:80',
  'https://169.254.1.1/x',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://0251.0376.0251.0376/',
  'http://169.254.43518/',
  'http://169.254.169.254./',
  'http://１６９.254.169.254/',
  'http://169。254。169。254/',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[0:0:0:0:0:ffff:a9fe:a9fe]:8080/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[2002:a9fe:a9fe::]/',
  'http://[fd00:ec2::254]/latest',
  'http://[FD00:EC2:0:0:0:0:0:254]/',
  'http://[fe80::1]/',
  'http://[::]/',
  'http://0/',
  'http://0.0.0.0:9000/',
  'http://100.100.100.200/',
  'http://192.0.0.192/',
  'http://168.63.129.16/',
  'http://224.0.0.251/',
  'http://[ff02::1]/',
  'http://255.255.255.255/',
]

const says = (error: unknown): boolean =>
  error instanceof Problem &&
  error.code === 'field_invalid' &&
  error.errors?.[0]?.field === 'upstream' &&
  /where no upstream may be; name the service's own address/.test(error.errors[0].message)

describe('the upstream of an endpoint', () => {
  it(`is refused at creation, naming the field, at each of ${denied.length} spellings of denied addresses`, () => {
    for (const upstream of denied) assert.throws(() => create(upstream), says, upstream)
  })

  it('is refused by an edit just so', () => {
    const { document, result } = create('http://127.0.0.1:9000')
    for (const upstream of denied)
      assert.throws(() => apply(document, editEndpoint(result.id, '*', { upstream })), says, upstream)
  })

  it('loopback, private networks and names stay possible', () => {
    for (const upstream of ['http://127.0.0.1:9', 'http://[::1]:9', 'http://10.1.2.3', 'https://erp.example.com/v1'])
      assert.equal(create(upstream).result.upstream, upstream)
  })
})
