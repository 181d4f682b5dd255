/** A list of the trail holds what was asked for and nothing else. */
import assert from 'node:assert/strict'
import type { AuditEntry, RecordsAsked } from '@postern/shared'
import { isAsked } from '../../../daemon/src/audit/asked.ts'

const entry: AuditEntry = {
  seq: 7,
  ts: '2026-11-21T12:00:00.000Z',
  actor: { kind: 'local', name: 'Anna Berg', proof: 'file' },
  action: 'key.edit',
  object: { kind: 'key', id: 'ab12cd34', name: 'Invoice robot' },
  outcome: 'intent',
  generation: 9,
  request_id: null,
}
const atMs = Date.parse(entry.ts)

describe('audit: records asked for', () => {
  const asks: readonly [why: string, asked: RecordsAsked, fits: boolean][] = [
    ['nothing asked', {}, true],
    ['its object by id', { object: 'ab12cd34' }, true],
    ['its object by name', { object: 'Invoice robot' }, true],
    ['part of its object', { object: 'Invoice' }, false],
    ['part of its actor, in another case', { actor: 'berg' }, true],
    ['another actor', { actor: 'Bert' }, false],
    ['its action', { action: 'key.edit' }, true],
    ['the beginning of its action', { action: 'key' }, false],
    ['its source', { source: 'local' }, true],
    ['another source', { source: 'caller' }, false],
    ['from its very instant', { fromMs: atMs }, true],
    ['from a millisecond later', { fromMs: atMs + 1 }, false],
    ['to its very instant, which is before it', { toMs: atMs }, false],
    ['to a millisecond later', { toMs: atMs + 1 }, true],
    ['one of two that is not so', { actor: 'berg', action: 'key.issue' }, false],
  ]
  for (const [why, asked, fits] of asks)
    it(`${fits ? 'holds' : 'leaves out'} a record: ${why}`, () => assert.equal(isAsked(entry, asked), fits))
})
