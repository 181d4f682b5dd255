/** Removing a collection reaches every grant of it, and says so in each record it changes. */
import assert from 'node:assert/strict'
import { firstDocument } from '../../../daemon/src/document/codec.ts'
import type { Document } from '../../../daemon/src/document/document.ts'
import type { Step } from '../../../daemon/src/document/step.ts'
import { createClient, editClient } from '../../../daemon/src/keys/client-steps.ts'
import {
  createCollection,
  disableCollection,
  editCollection,
  enableCollection,
  removeCollection,
} from '../../../daemon/src/keys/collection-steps.ts'
import { editKey, issueKey, removeKey, restoreKey } from '../../../daemon/src/keys/key-steps.ts'
import { isProblem } from '../../../daemon/src/problem.ts'

const startMs = Date.UTC(2026, 0, 1)

describe('collections and what is granted', () => {
  let document: Document
  let nowMs: number
  const apply = <R>(step: Step<R>) => {
    const stepped = step(document, { nowMs, zone: 'UTC', sealSecret: () => 'sealed' })
    document = stepped.document
    return stepped
  }
  const issue = (keyId: string, collections: string[] | null) =>
    apply(issueKey({ name: `Key ${keyId}`, client: 'Sales', collections }, { keyId, secret: 's'.repeat(43) }))
  beforeEach(() => {
    document = firstDocument(startMs)
    nowMs = startMs
    apply(createCollection({ name: 'Orders' }, 'co_1'))
    apply(createCollection({ name: 'Stock' }, 'co_2'))
    apply(createClient({ name: 'Sales', collections: ['orders', 'STOCK', 'co_1'] }, 'cl_1'))
  })

  it('a grant named twice, by id and by name, is one', () => {
    assert.deepEqual(document.clients['cl_1']?.collections, ['co_1', 'co_2'])
    issue('key00001', ['co_2', 'Stock'])
    assert.deepEqual(document.keys['key00001']?.collections, ['co_2'])
  })

  it('its grants go from removed keys too, so that one restored later reaches no more than it may', () => {
    issue('key00001', ['Orders', 'Stock'])
    issue('key00002', null)
    apply(removeKey('key00001'))
    const before = document
    const { entry } = apply(removeCollection('Orders'))
    assert.deepEqual(entry, { action: 'collection.remove', object: { kind: 'collection', id: 'co_1', name: 'Orders' } })
    assert.deepEqual(apply(restoreKey('key00001')).result.collections, ['co_2'])
    assert.deepEqual(document.clients['cl_1']?.collections, ['co_2'])
    assert.equal(document.keys['key00002'], before.keys['key00002'])
    assert.equal(document.clients['cl_000000000000'], before.clients['cl_000000000000'])
  })

  it('an edit based on a grant that has gone is refused', () => {
    issue('key00001', ['Orders'])
    apply(removeCollection('Orders'))
    assert.throws(() => apply(editKey('key00001', '"1"', { owner: 'x' })), { code: 'precondition_failed' })
    assert.throws(() => apply(editClient('Sales', '"1"', { email: null })), { code: 'precondition_failed' })
    assert.throws(() => apply(editKey('key00001', '*', { collections: ['Orders'] })), { code: 'not_found' })
  })

  it('off twice or on twice changes nothing, and each change is dated', () => {
    nowMs += 1_000
    const off = apply(disableCollection('Orders'))
    assert.deepEqual(
      [off.result.disabledAt, off.result.updatedAt, off.result.revision, off.entry?.action],
      ['2026-01-01T00:00:01.000Z', '2026-01-01T00:00:01.000Z', 2, 'collection.disable'],
    )
    nowMs += 1_000
    for (const [twice, once] of [
      [disableCollection, enableCollection],
      [enableCollection, disableCollection],
    ] as const) {
      const before = document
      assert.deepEqual(apply(twice('Orders')), { document: before, result: before.collections['co_1'], entry: null })
      assert.notEqual(apply(once('Orders')).entry, null)
    }
  })

  it('name 3 and 100, description 4000, project 100: each edge is held, and named when passed', () => {
    for (const [fields, wrong] of [
      [{ name: 'abc' }, { name: 'ab' }],
      [{ name: 'x'.repeat(100) }, { name: 'x'.repeat(101) }],
      [{ description: '😀'.repeat(4_000) }, { description: 'x'.repeat(4_001) }],
      [{ project: 'x'.repeat(100) }, { project: 'x'.repeat(101) }],
    ] as const) {
      apply(editCollection('co_1', '*', fields))
      assert.throws(
        () => apply(editCollection('co_1', '*', wrong)),
        (error) => isProblem(error, 'field_invalid') && error.errors?.[0]?.field === Object.keys(wrong)[0],
      )
    }
  })
})
