/** A policy always limits something, within bounds that are named, and none goes while somebody is under it. */
import assert from 'node:assert/strict'
import { accessLimits, type PolicyEdit } from '@postern/shared'
import { firstDocument } from '../../../daemon/src/document/codec.ts'
import type { Document } from '../../../daemon/src/document/document.ts'
import type { Step } from '../../../daemon/src/document/step.ts'
import { createClient, editClient } from '../../../daemon/src/keys/client-steps.ts'
import { editKey, issueKey, removeKey } from '../../../daemon/src/keys/key-steps.ts'
import {
  createPolicy,
  disablePolicy,
  editPolicy,
  enablePolicy,
  removePolicy,
} from '../../../daemon/src/keys/policy-steps.ts'

const nowMs = Date.UTC(2026, 0, 1)
const minute = { per: 'minute', calls: 5 } as const
const day = { per: 'day', calls: 1000 } as const

describe('policies', () => {
  let document: Document
  const apply = <R>(step: Step<R>) => {
    const stepped = step(document, { nowMs, zone: 'UTC', sealSecret: () => 'sealed' })
    document = stepped.document
    return stepped
  }
  beforeEach(() => {
    document = firstDocument(nowMs)
    apply(createPolicy({ name: 'Small', windows: [day, minute], concurrent: 4 }, 'po_1'))
  })

  it('windows stand shortest first, whatever the order they were given in', () => {
    assert.deepEqual(document.policies['po_1']?.windows, [minute, day])
    const { result, entry } = apply(editPolicy('small', '"1"', { windows: [day], concurrent: null }))
    assert.deepEqual([result.windows, result.concurrent, result.revision], [[day], null, 2])
    assert.deepEqual(entry?.fields, ['windows', 'concurrent'])
  })

  for (const [what, edit, field] of [
    ['a unit twice', { windows: [minute, { per: 'minute', calls: 6 }] }, 'windows'],
    ['no calls', { windows: [{ per: 'day', calls: 0 }] }, 'windows.0.calls'],
    ['half a call', { windows: [minute, { per: 'day', calls: 1.5 }] }, 'windows.1.calls'],
    ['too many calls', { windows: [{ per: 'day', calls: accessLimits.limitCallsMax + 1 }] }, 'windows.0.calls'],
    ['nothing at once', { concurrent: 0 }, 'concurrent'],
    ['too many at once', { concurrent: accessLimits.concurrentMax + 1 }, 'concurrent'],
    ['no limit at all', { windows: [], concurrent: null }, 'windows'],
    ['a name too short', { name: 'ab' }, 'name'],
    ['a name that is an id', { name: 'po_aaaaaaaaaaaa' }, 'name'],
  ] satisfies [string, PolicyEdit, string][])
    it(`${what} is refused, in a new policy and in an edit, and the field is named`, () => {
      for (const step of [
        createPolicy({ name: 'Other', windows: [minute], ...edit }, 'po_2'),
        editPolicy('po_1', '*', edit),
      ])
        assert.throws(
          () => apply(step),
          (error: { code: string; errors: { field: string; message: string }[] }) => {
            assert.deepEqual([error.code, error.errors[0]?.field], ['field_invalid', field])
            return (error.errors[0]?.message.length ?? 0) > 10
          },
        )
    })

  it('a name is unique whatever its case, and an edit of something older is refused', () => {
    assert.throws(() => apply(createPolicy({ name: 'SMALL', windows: [day] }, 'po_2')), { code: 'name_taken' })
    apply(editPolicy('Small', '"1"', { description: 'x' }))
    assert.throws(() => apply(editPolicy('Small', '"1"', { description: 'y' })), { code: 'precondition_failed' })
    assert.equal(apply(editPolicy('Small', '"2"', {})).entry, null)
  })

  it('one that somebody is under is not removed; removed keys that can come back count too', () => {
    apply(issueKey({ name: 'Robot', policies: ['small'] }, { keyId: 'aaaaaaaa', secret: 's'.repeat(43) }))
    apply(issueKey({ name: 'Other', policies: ['po_1'] }, { keyId: 'bbbbbbbb', secret: 's'.repeat(43) }))
    apply(createClient({ name: 'Sales', policies: ['Small'] }, 'cl_1'))
    apply(removeKey('Other'))
    const refused = (detail: RegExp): void =>
      assert.throws(
        () => apply(removePolicy('Small')),
        (error: { code: string; detail: string }) => {
          assert.equal(error.code, 'in_use')
          assert.match(error.detail, detail)
          return true
        },
      )
    refused(/^2 keys \(1 of them removed and still restorable\) and 1 client are under this policy/)
    apply(editKey('Robot', '*', { policies: [] }))
    apply(editClient('Sales', '*', { policies: [] }))
    refused(/^1 key \(1 of them removed and still restorable\) and 0 clients/)
    document = { ...document, keys: {} }
    assert.equal(apply(removePolicy('Small')).entry?.action, 'policy.remove')
    assert.deepEqual(document.policies, {})
  })

  it('disabling and enabling say so once', () => {
    assert.equal(apply(disablePolicy('Small')).entry?.action, 'policy.disable')
    assert.equal(apply(disablePolicy('Small')).entry, null)
    assert.equal(apply(enablePolicy('Small')).entry?.action, 'policy.enable')
    assert.equal(document.policies['po_1']?.disabledAt, null)
  })
})
