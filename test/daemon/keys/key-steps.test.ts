/** The life of a key as pure steps: every limit at its edge, and nothing that must not be kept is kept. */
import assert from 'node:assert/strict'
import { defaultClientId, parseKeyValue, stateOf, statusOf } from '@postern/shared'
import { firstDocument } from '../../../daemon/src/document/codec.ts'
import type { Document, KeyRecord } from '../../../daemon/src/document/document.ts'
import type { Step, StepContext } from '../../../daemon/src/document/step.ts'
import { createCollection } from '../../../daemon/src/keys/collection-steps.ts'
import { createClient } from '../../../daemon/src/keys/client-steps.ts'
import {
  disableKey,
  editKey,
  enableKey,
  issueKey,
  purgeRemovedKeys,
  removeKey,
  restoreKey,
  revokeOldSecret,
  rotateKey,
} from '../../../daemon/src/keys/key-steps.ts'
import { drawKeyMaterial, drawSecret } from '../../../daemon/src/keys/material.ts'

const dayMs = 86_400_000
const start = Date.UTC(2026, 2, 1, 12)

/** A document that steps are applied to, one after another, at a time that can be moved. */
class Store {
  document: Document = firstDocument(start)
  nowMs = start
  apply<R>(step: Step<R>) {
    const context: StepContext = {
      nowMs: this.nowMs,
      zone: 'Europe/Berlin',
      sealSecret: (secret, id, version) => `${id}/${version}/${secret}`,
    }
    const stepped = step(this.document, context)
    this.document = stepped.document
    return stepped
  }
  issue(name = 'Robot', more: object = {}) {
    return this.apply(issueKey({ name, ...more }, drawKeyMaterial())).result
  }
  key(id: string): KeyRecord {
    return this.document.keys[id] ?? assert.fail('no such key')
  }
}
const refused = (code: string, message = /./) => ({ code, message })

describe('issuing a key', () => {
  it('gives a value that reads back, one year, active, and a verifier in place of the secret', () => {
    const store = new Store()
    const { key, value } = store.issue()
    const parts = parseKeyValue(value?.reveal() ?? '')
    assert.equal(parts?.keyId, key.id)
    assert.equal(key.expiresAt, '2027-03-01T12:00:00.000Z')
    assert.equal(key.activeSince, '2026-03-01T12:00:00.000Z')
    assert.equal(key.secrets[0]?.sealed, `${key.id}/1/${parts?.secret}`)
    assert.equal(key.secrets[0]?.verifier.length, 43)
  })

  it('name: 3 to 100 characters after NFKC, trimmed; each limit is named', () => {
    const store = new Store()
    for (const name of ['ab', '  ab  ', 'x'.repeat(101), '', '😀😀'])
      assert.throws(() => store.issue(name), refused('field_invalid', /3 to 100/))
    for (const name of ['abc', ' abcd ', 'x'.repeat(100), '😀'.repeat(100), 'ﬁx']) store.issue(name)
    assert.ok(Object.values(store.document.keys).some(({ name }) => name === 'abcd'))
  })

  it('name: a key’s id is no name for another, full width neither; a word that only looks like one is', () => {
    const store = new Store()
    store.apply(issueKey({ name: 'Robot' }, { keyId: 'ab12cd34', secret: drawSecret() }))
    for (const name of ['ab12cd34', 'ａｂ１２ｃｄ３４'])
      assert.throws(() => store.issue(name), refused('field_invalid', /id/))
    store.issue('Invoices')
  })

  it('name: the same name in another case or Unicode form is taken, also by a removed key', () => {
    const store = new Store()
    const { key } = store.issue('Straße Ａ ﬁ')
    for (const name of ['STRASSE A FI', 'straße a fi', 'Strasse Ａ fi'])
      assert.throws(() => store.issue(name), refused('name_taken'))
    store.apply(removeKey(key.id))
    assert.throws(() => store.issue('strasse a fi'), refused('name_taken', /restore/))
    store.nowMs += 7 * dayMs
    store.apply(purgeRemovedKeys(defaultClientId))
    store.issue('strasse a fi')
  })

  it('description: 4000 characters and not one more', () => {
    const store = new Store()
    store.issue('Long enough', { description: '😀'.repeat(4_000) })
    assert.throws(() => store.issue('Too long', { description: 'x'.repeat(4_001) }), refused('field_invalid', /4000/))
    assert.throws(() => store.issue('Control', { description: 'a\u0000' }), refused('field_invalid'))
    store.issue('Lines', { description: 'a\n\tb' })
  })

  it('expiry: days, a date to its last millisecond in the zone, an instant, never; at most five calendar years', () => {
    const store = new Store()
    const expires = (choice: object): string | null =>
      store.issue(`Robot ${Math.random()}`, { expires: choice }).key.expiresAt
    assert.equal(expires({ days: 1 }), '2026-03-02T12:00:00.000Z')
    assert.equal(expires({ at: '2026-03-31' }), '2026-03-31T21:59:59.999Z')
    assert.equal(expires({ at: '2026-03-29' }), '2026-03-29T21:59:59.999Z')
    assert.equal(expires({ at: '2026-10-25' }), '2026-10-25T22:59:59.999Z')
    assert.equal(expires({ at: '2026-12-31' }), '2026-12-31T22:59:59.999Z')
    assert.equal(expires({ at: '2027-01-01T00:00:00+02:00' }), '2026-12-31T22:00:00.000Z')
    assert.equal(expires({ never: true }), null)
    assert.equal(expires({ at: '2031-03-01T12:00:00Z' }), '2031-03-01T12:00:00.000Z')
    for (const choice of [{ at: '2031-03-01T12:00:00.001Z' }, { days: 365 * 5 + 2 }, { at: '2031-03-02' }])
      assert.throws(() => expires(choice), refused('field_invalid', /5 years/))
    for (const choice of [
      { days: 0 },
      { days: -1 },
      { days: 1.5 },
      { days: NaN },
      { at: '2026-02-30' },
      { at: 'soon' },
      { at: '2026-02-30T12:00:00Z' },
      { at: '2026-03-01T11:59:59Z' },
      { at: '' },
    ])
      assert.throws(() => expires(choice), refused('field_invalid'), JSON.stringify(choice))
  })

  it('29 February plus a year is 28 February', () => {
    const store = new Store()
    store.nowMs = Date.UTC(2028, 1, 29)
    assert.equal(store.issue().key.expiresAt, '2029-02-28T00:00:00.000Z')
  })

  it('reveal once keeps no secret; never does not even answer it', () => {
    const store = new Store()
    const once = store.issue('Once', { reveal: 'once' })
    assert.deepEqual([once.key.secrets[0]?.sealed, typeof once.value?.reveal()], [null, 'string'])
    const never = store.issue('Never', { reveal: 'never' })
    assert.deepEqual([never.key.secrets[0]?.sealed, never.value], [null, null])
  })

  it('collections: only what its client was granted', () => {
    const store = new Store()
    store.apply(createCollection({ name: 'Orders' }, 'co_1'))
    store.apply(createClient({ name: 'Sales' }, 'cl_1'))
    assert.deepEqual(store.issue('Any', { collections: ['orders'] }).key.collections, ['co_1'])
    assert.throws(
      () => store.issue('Sales robot', { client: 'Sales', collections: ['Orders'] }),
      refused('field_invalid', /grant it to the client/),
    )
    assert.throws(() => store.issue('Other', { collections: ['None'] }), refused('not_found'))
    assert.throws(() => store.issue('Other', { client: 'Nobody' }), refused('not_found'))
  })

  it('a drawn id that exists is a fault, never a second key', () => {
    const store = new Store()
    const material = drawKeyMaterial()
    store.apply(issueKey({ name: 'One' }, material))
    assert.throws(() => store.apply(issueKey({ name: 'Two' }, material)), /drawn twice/)
  })
})

describe('changing a key', () => {
  it('an edit changes what it names and nothing else, least of all the date', () => {
    const store = new Store()
    const { key } = store.issue('Robot', { expires: { days: 3 } })
    store.nowMs += dayMs
    const { result, entry } = store.apply(editKey('robot', '"1"', { description: 'new', owner: ' Zoë ' }))
    assert.deepEqual(result, { ...key, description: 'new', owner: 'Zoë', revision: 2 })
    assert.deepEqual(entry?.fields, ['description', 'owner'])
    assert.deepEqual(store.apply(editKey(key.id, '*', { owner: '' })).result.owner, null)
    assert.equal(store.apply(editKey(key.id, '*', {})).entry, null)
  })

  it('an edit based on something older is refused', () => {
    const store = new Store()
    const { key } = store.issue()
    store.apply(editKey(key.id, '"1"', { description: 'a' }))
    assert.throws(() => store.apply(editKey(key.id, '"1"', { description: 'b' })), refused('precondition_failed'))
    store.apply(editKey(key.id, '"7", "2"', { description: 'b' }))
  })

  it('a new date on an expired key makes it active at once; a past date ends it at once', () => {
    const store = new Store()
    const { key } = store.issue('Robot', { expires: { days: 1 } })
    store.nowMs += 2 * dayMs
    assert.equal(stateOf(store.key(key.id), store.nowMs), 'expired')
    store.apply(editKey(key.id, '*', { expires: { days: 1 } }))
    assert.equal(stateOf(store.key(key.id), store.nowMs), 'active')
    store.apply(editKey(key.id, '*', { expires: { at: 'now' } }))
    assert.equal(stateOf(store.key(key.id), store.nowMs), 'expired')
    assert.equal(statusOf(store.key(key.id), store.nowMs), 'red')
  })

  it('an instant that cannot be written back is refused, so that an edit never makes the document unreadable', () => {
    const store = new Store()
    const { key } = store.issue()
    for (const at of ['0000-01-01T00:00:00+05:00', '0050-01-01', '1999-12-31', '2026-03-01T25:00:00Z'])
      assert.throws(() => store.apply(editKey(key.id, '*', { expires: { at } })), refused('field_invalid'), at)
  })

  it('renaming to its own name in another case is free; to another’s is not', () => {
    const store = new Store()
    const { key } = store.issue('Robot')
    store.issue('Other')
    assert.equal(store.apply(editKey(key.id, '*', { name: 'ROBOT' })).result.name, 'ROBOT')
    assert.throws(() => store.apply(editKey(key.id, '*', { name: 'other' })), refused('name_taken'))
  })

  it('the reveal policy can be tightened, which drops the secret, and loosened only by rotating', () => {
    const store = new Store()
    const { key } = store.issue()
    assert.equal(store.apply(editKey(key.id, '*', { reveal: 'once' })).result.secrets[0]?.sealed, null)
    assert.throws(() => store.apply(editKey(key.id, '*', { reveal: 'always' })), refused('field_invalid', /rotating/))
    const rotated = store.apply(rotateKey(key.id, { reveal: 'always' }, drawSecret())).result
    assert.notEqual(rotated.key.secrets[0]?.sealed, null)
    assert.equal(rotated.key.reveal, 'always')
  })

  it('rotating keeps the id; the old secret lives for the overlap alone and is never revealed again', () => {
    const store = new Store()
    const { key } = store.issue()
    const { result } = store.apply(rotateKey(key.id, { overlap_seconds: 3_600 }, drawSecret()))
    assert.deepEqual(
      result.key.secrets.map(({ version, validUntil, sealed }) => [version, validUntil, sealed === null]),
      [
        [2, null, false],
        [1, '2026-03-01T13:00:00.000Z', true],
      ],
    )
    const third = store.apply(rotateKey(key.id, {}, drawSecret())).result
    assert.deepEqual(
      third.key.secrets.map(({ version }) => version),
      [3],
    )
    for (const overlap_seconds of [-1, 1.5, 30 * 86_400 + 1, NaN])
      assert.throws(
        () => store.apply(rotateKey(key.id, { overlap_seconds }, drawSecret())),
        refused('field_invalid', /30 days/),
      )
    store.apply(rotateKey(key.id, { overlap_seconds: 30 * 86_400, reveal: 'never' }, drawSecret()))
    assert.equal(store.apply(revokeOldSecret(key.id)).result.secrets.length, 1)
    assert.throws(() => store.apply(revokeOldSecret(key.id)), refused('conflict'))
  })

  it('an overlap can be ended in its last millisecond, and then it is over', () => {
    const store = new Store()
    const { key } = store.issue()
    for (const leftMs of [1, 0]) {
      store.apply(rotateKey(key.id, { overlap_seconds: 1 }, drawSecret()))
      store.nowMs += 1_000 - leftMs
      if (leftMs === 0) assert.throws(() => store.apply(revokeOldSecret(key.id)), refused('conflict'))
      else assert.equal(store.apply(revokeOldSecret(key.id)).result.secrets.length, 1)
    }
  })

  it('disabling and enabling say since when; doing either twice changes nothing', () => {
    const store = new Store()
    const { key } = store.issue()
    const disabled = store.apply(disableKey(key.id))
    assert.deepEqual([disabled.result.activeSince, statusOf(disabled.result, store.nowMs)], [null, 'grey'])
    assert.equal(store.apply(disableKey(key.id)).entry, null)
    store.nowMs += dayMs
    assert.equal(store.apply(enableKey(key.id)).result.activeSince, '2026-03-02T12:00:00.000Z')
    assert.equal(store.apply(enableKey(key.id)).entry, null)
  })

  it('a removed key comes back as it was, for exactly 7 days', () => {
    const store = new Store()
    const { key } = store.issue()
    store.apply(disableKey(key.id))
    store.apply(removeKey(key.id))
    for (const step of [
      removeKey(key.id),
      disableKey(key.id),
      rotateKey(key.id, {}, drawSecret()),
      editKey(key.id, '*', { owner: 'x' }),
    ])
      assert.throws(() => store.apply<unknown>(step), refused('not_found', /removed/))
    store.nowMs += 7 * dayMs - 1
    assert.deepEqual(store.apply(purgeRemovedKeys(defaultClientId)).result, [])
    const restored = store.apply(restoreKey(key.id)).result
    assert.equal(stateOf(restored, store.nowMs), 'disabled')
    assert.throws(() => store.apply(restoreKey(key.id)), refused('conflict'))
    store.apply(removeKey(key.id))
    store.nowMs += 7 * dayMs
    assert.throws(() => store.apply(restoreKey(key.id)), refused('not_found', /7 days/))
    assert.deepEqual(store.apply(purgeRemovedKeys(defaultClientId)).result, [key.id])
    assert.deepEqual(store.document.keys, {})
  })

  it('an id beats a name, and what is not there is said', () => {
    const store = new Store()
    assert.throws(() => store.apply(disableKey('nobody')), refused('not_found'))
    assert.throws(() => store.apply(disableKey('__proto__')), refused('not_found'))
  })
})
