/** Every action of the trail has words, a place in the filter, and a line in a file. */
import assert from 'node:assert/strict'
import { auditActions, type AuditView } from '@postern/shared'
import { queryOf, noFilter } from '../../../../desktop/src/renderer/audit/trail-filter.ts'
import {
  actionGroups,
  actorText,
  asideText,
  objectText,
  outcomeText,
  recordsCsv,
  sourceText,
} from '../../../../desktop/src/renderer/audit/in-words.ts'
import { englishTexts as texts } from '../../../../desktop/src/renderer/texts/english.ts'

const record: AuditView = {
  seq: 7,
  ts: '2026-11-21T12:00:00.000Z',
  actor: { kind: 'local', name: '=anna', proof: 'claimed' },
  action: 'key.edit',
  object: { kind: 'key', id: 'ab12cd34', name: 'Invoice robot' },
  outcome: 'intent',
  came_true: true,
  generation: 9,
  request_id: 'r-1',
  fields: ['name', 'expires'],
}
const refused: AuditView = {
  ...record,
  actor: { kind: 'caller', name: '10.0.3.7', proof: 'none' },
  action: 'call.refused',
  object: { kind: 'address', id: '10.0.3.7' },
  outcome: 'refused',
  count: 266,
}

describe('console: the trail in words', () => {
  it('each action can be chosen in the filter, once', () => {
    const offered = actionGroups(texts).flatMap(({ actions }) => actions)
    assert.deepEqual(offered.toSorted(), [...auditActions].toSorted())
  })

  it('says who, what, and from where', () => {
    assert.equal(actorText(record, texts), '=anna (claimed)')
    assert.equal(sourceText(record, texts), 'This machine')
    assert.equal(objectText(record, texts), 'Key Invoice robot')
    assert.equal(asideText(record, texts), 'changed: name, expires')
    assert.deepEqual([actorText(refused, texts), sourceText(refused, texts)], ['A caller', '10.0.3.7'])
    assert.match(asideText(refused, texts), /^266 calls/)
  })

  it('what was taken back is not told as done', () => {
    const back = { ...record, came_true: false }
    assert.match(asideText(back, texts), /^not done/)
    assert.match(outcomeText(back, texts), /^Not done/)
    assert.equal(outcomeText(record, texts), 'Done')
  })

  it('a file names actors without letting one of them be a formula', () => {
    const [, line] = recordsCsv([record]).split('\r\n')
    assert.equal(
      line,
      "7,2026-11-21T12:00:00.000Z,'=anna,local,claimed,key.edit,key,ab12cd34,Invoice robot,intent,true,,name expires,,9,r-1",
    )
  })

  it('a filter asks for what was entered alone, and for whole days of the gateway’s zone', () => {
    assert.deepEqual(queryOf(noFilter, 'Europe/Berlin'), {})
    const filter = { ...noFilter, actor: ' anna ', from: '2026-11-20', to: '2026-11-21' }
    assert.deepEqual(queryOf(filter, 'Europe/Berlin'), {
      actor: 'anna',
      from: '2026-11-19T23:00:00.000Z',
      to: '2026-11-21T23:00:00.000Z',
    })
  })
})
