/** The life of an admin token as pure steps: nobody gives more than they have, and what goes leaves nothing behind. */
import assert from 'node:assert/strict'
import { parseAdminToken, type NewToken, type Role } from '@postern/shared'
import { firstDocument } from '../../../daemon/src/document/codec.ts'
import type { Document } from '../../../daemon/src/document/document.ts'
import type { Step } from '../../../daemon/src/document/step.ts'
import { editKey, issueKey } from '../../../daemon/src/keys/key-steps.ts'
import { drawId, drawKeyMaterial, drawSecret } from '../../../daemon/src/keys/material.ts'
import {
  disableToken,
  editToken,
  enableToken,
  issueToken,
  keysNaming,
  removeToken,
} from '../../../daemon/src/keys/token-steps.ts'
import { drawnVerifier } from '../../../daemon/src/verifiers/drawn.ts'

const start = Date.UTC(2026, 2, 1, 12)

class Store {
  document: Document = firstDocument(start)
  nowMs = start
  apply<R>(step: Step<R>) {
    const stepped = step(this.document, { nowMs: this.nowMs, zone: 'UTC', sealSecret: () => 'sealed' })
    this.document = stepped.document
    return stepped
  }
  issue(input: Partial<NewToken> = {}, maker: Role = 'administrator') {
    const asked = { name: 'Deploys', role: 'operator' as const, ...input }
    return this.apply(issueToken(asked, { tokenId: drawId('at_'), secret: drawSecret() }, maker)).result
  }
}
const refused = (code: string, message = /./) => ({ code, message })

describe('admin tokens as steps', () => {
  it('a token reads back, ends after 90 days, and only its verifier is kept', () => {
    const store = new Store()
    const { token, value } = store.issue()
    const parts = parseAdminToken(value.reveal())
    assert.equal(parts?.tokenId, token.id)
    assert.equal(token.expiresAt, '2026-05-30T12:00:00.000Z')
    assert.equal(token.verifier, drawnVerifier(token.id, parts?.secret ?? ''))
    assert.equal(token.last4, value.reveal().slice(-4))
    assert.ok(!JSON.stringify(store.document).includes(parts?.secret ?? ''))
  })

  it('it ends within one year, or never when that is said', () => {
    const store = new Store()
    assert.equal(store.issue({ expires: { days: 365 } }).token.expiresAt, '2027-03-01T12:00:00.000Z')
    assert.equal(store.issue({ name: 'Endless', expires: { never: true } }).token.expiresAt, null)
    assert.throws(
      () => store.issue({ name: 'Longer', expires: { days: 366 } }),
      refused('field_invalid', /at most 1 year .* a token without an end/),
    )
    assert.throws(() => store.issue({ name: 'Past', expires: { at: '2026-01-01' } }), refused('field_invalid'))
  })

  it('names are as those of keys: bounded, unique whatever the case, no id and no secret', () => {
    const store = new Store()
    const { token, value } = store.issue()
    assert.throws(() => store.issue({ name: 'DEPLOYS' }), refused('name_taken'))
    assert.throws(() => store.issue({ name: 'ab' }), refused('field_invalid', /3 to 100/))
    assert.throws(() => store.issue({ name: token.id }), refused('field_invalid', /may not be an id/))
    assert.throws(() => store.issue({ name: `x ${value.reveal()}` }), refused('field_invalid', /admin token/))
    assert.throws(() => store.issue({ name: 'Told', description: value.reveal() }), refused('field_invalid'))
  })

  it('nobody makes a token for more than their own role, nor raises one', () => {
    const all = ['viewer', 'operator', 'administrator'] as const
    for (const [has, maker] of all.entries())
      for (const [wants, role] of all.entries()) {
        const store = new Store()
        if (wants > has) assert.throws(() => store.issue({ role }, maker), refused('forbidden', /role/))
        else assert.equal(store.issue({ role }, maker).token.role, role)
        const { token } = store.issue({ name: 'Low', role: 'viewer' }, maker)
        const raise = () => store.apply(editToken(token.id, '*', { role }, maker))
        if (wants > has) assert.throws(raise, refused('forbidden'))
        else assert.equal(raise().result.role, role)
      }
  })

  it('an edit needs the entity tag, moves no date unasked, and may end a token now', () => {
    const store = new Store()
    const { token } = store.issue()
    assert.throws(
      () => store.apply(editToken(token.id, '"9"', { name: 'Other' }, 'administrator')),
      refused('precondition_failed'),
    )
    store.nowMs += 1_000
    const renamed = store.apply(editToken('deploys', '"1"', { name: 'Other' }, 'administrator'))
    assert.deepEqual(
      [renamed.result.revision, renamed.result.expiresAt, renamed.entry?.fields],
      [2, token.expiresAt, ['name']],
    )
    const ended = store.apply(editToken(token.id, '*', { expires: { at: 'now' } }, 'administrator'))
    assert.equal(ended.result.expiresAt, new Date(store.nowMs).toISOString())
  })

  it('off and on; doing either twice changes nothing', () => {
    const store = new Store()
    const { token } = store.issue()
    assert.notEqual(store.apply(disableToken(token.id)).result.disabledAt, null)
    assert.equal(store.apply(disableToken(token.id)).entry, null)
    assert.equal(store.apply(enableToken(token.id)).result.disabledAt, null)
    assert.equal(store.apply(enableToken(token.id)).entry, null)
  })

  it('a removed token stands in no grants any more, and a key that named it alone is for administrators', () => {
    const store = new Store()
    const [one, two] = [store.issue().token, store.issue({ name: 'Second' }).token]
    const key = (name: string, grants: { token: string; rights: ('view' | 'manage')[] }[] | null) =>
      store.apply(issueKey({ name, grants }, drawKeyMaterial())).result.key
    const open = key('Open', null)
    const mine = key('Mine', [{ token: one.id, rights: ['manage'] }])
    const ours = key('Ours', [
      { token: one.name, rights: ['view'] },
      { token: two.name, rights: ['manage'] },
    ])
    assert.deepEqual(
      keysNaming(store.document, one.id).map(({ name }) => name),
      ['Mine', 'Ours'],
    )
    const { entry } = store.apply(removeToken('Deploys'))
    assert.deepEqual(
      [open, mine, ours].map(({ id }) => store.document.keys[id]?.grants),
      [null, [], [{ tokenId: two.id, rights: ['view', 'manage'] }]],
    )
    assert.deepEqual(
      [open, mine, ours].map(({ id }) => store.document.keys[id]?.revision),
      [1, 2, 2],
    )
    assert.deepEqual([entry?.action, entry?.note], ['token.remove', 'taken out of the grants of 2 keys'])
    assert.throws(() => store.apply(removeToken(one.id)), refused('not_found'))
    const grants = [{ token: one.id, rights: ['view' as const] }]
    assert.throws(() => store.apply(editKey(open.id, '*', { grants })), refused('not_found', /admin token/))
  })
})
