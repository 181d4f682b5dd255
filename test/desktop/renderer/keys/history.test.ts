/** The trail in words: each action on a key has a sentence, and an action of a later Postern is named as it is. */
import assert from 'node:assert/strict'
import { auditActions, type AuditView } from '@postern/shared'
import { creation, historySentence, lastEdit } from '../../../../desktop/src/renderer/keys/history.ts'
import { englishTexts } from '../../../../desktop/src/renderer/texts/english.ts'

const entry = (action: string, more: Partial<AuditView> = {}): AuditView => ({
  seq: 1,
  ts: '2026-11-20T10:00:00.000Z',
  actor: { kind: 'local', name: 'anna', proof: 'file' },
  action,
  object: { kind: 'key', id: 'k' },
  outcome: 'intent',
  came_true: true,
  generation: 1,
  request_id: null,
  ...more,
})
const said = (action: string, more: Partial<AuditView> = {}): string =>
  historySentence(entry(action, more), englishTexts)

describe('console: the history of a key', () => {
  it('has a sentence for every action on a key', () => {
    // A purged key has no details that could show it.
    const actions = auditActions.filter((action) => action.startsWith('key.') && action !== 'key.purge')
    assert.ok(actions.length >= 9)
    for (const action of actions) assert.match(said(action), /^anna [a-z ]+\.$/, action)
  })
  it('names what was edited, also a field it does not know', () => {
    assert.equal(said('key.edit', { fields: ['name', 'colour'] }), 'anna changed the name and colour.')
    assert.equal(said('key.edit'), 'anna changed it.')
  })
  it('names actions it does not know, and is not misled by the names of its own texts', () => {
    assert.equal(said('key.blessed'), 'anna: key.blessed')
    assert.equal(said('fields'), 'anna: fields')
    assert.equal(said('toString'), 'anna: toString')
  })
  it('tells who made it and who edited it last, as far as that came true', () => {
    const entries = [
      entry('key.edit', { seq: 4, came_true: false }),
      entry('key.disable', { seq: 3 }),
      entry('key.edit', { seq: 2 }),
      entry('key.issue', { seq: 1 }),
    ]
    assert.deepEqual([lastEdit(entries)?.seq, creation(entries)?.seq, lastEdit([])], [2, 1, null])
  })
})
