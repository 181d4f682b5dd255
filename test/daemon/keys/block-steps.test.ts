/** Honey keys, scopes and blocks as steps: a trap stays one, opens nothing, and blocks no more than it says. */
import assert from 'node:assert/strict'
import { defaultClientId, type NewKey } from '@postern/shared'
import { firstDocument } from '../../../daemon/src/document/codec.ts'
import type { Document } from '../../../daemon/src/document/document.ts'
import type { Step } from '../../../daemon/src/document/step.ts'
import { blockNetwork, blocksMax, dropEndedBlocks, liftBlock } from '../../../daemon/src/keys/block-steps.ts'
import { editKey, issueKey } from '../../../daemon/src/keys/key-steps.ts'
import { drawKeyMaterial } from '../../../daemon/src/keys/material.ts'

const context = { nowMs: Date.UTC(2026, 10, 21), zone: 'UTC', sealSecret: () => 'sealed' }

describe('honey keys', () => {
  let document: Document
  let nowMs = context.nowMs
  beforeEach(() => {
    document = firstDocument(0)
    nowMs = context.nowMs
  })
  const take = <R>(step: Step<R>) => {
    const stepped = step(document, { ...context, nowMs })
    document = stepped.document
    return stepped
  }
  const issue = (more: Partial<NewKey>) => take(issueKey({ name: 'Trap', ...more }, drawKeyMaterial())).result

  it('a trap ends only when a date was asked for, and is planted with the value it is issued with', () => {
    const { key, value } = issue({ honey: { block_seconds: 3_600 } })
    assert.deepEqual([key.expiresAt, key.honey, value === null], [null, { blockSeconds: 3_600 }, false])
    assert.notEqual(issue({ name: 'Dated', honey: {}, expires: { days: 1 } }).key.expiresAt, null)
  })

  it('a leaked key can be made a trap, which takes its scopes; a trap is never a key again', () => {
    const { key } = issue({ scopes: ['exports:read', 'exports:read'] })
    assert.deepEqual(key.scopes, ['exports:read'])
    const trapped = take(editKey(key.id, '*', { honey: { block_seconds: 60 } })).result
    assert.deepEqual([trapped.honey, trapped.scopes], [{ blockSeconds: 60 }, []])
    assert.deepEqual(take(editKey(key.id, '*', { description: 'x' })).result.honey, { blockSeconds: 60 })
    for (const scopes of [{ scopes: ['exports:read' as const] }])
      assert.throws(() => take(editKey(key.id, '*', scopes)), { code: 'field_invalid', message: /scopes: / })
  })

  it('how long it blocks is a whole number of seconds within the limit', () => {
    for (const seconds of [-1, 0.5, NaN, 30 * 86_400 + 1])
      assert.throws(() => issue({ honey: { block_seconds: seconds } }), { message: /honey.block_seconds: / })
  })

  it('a block lasts as long as the key says, is prolonged by the minute, lifted, and forgotten after its end', () => {
    const { key } = issue({ honey: { block_seconds: 3_600 } })
    const block = take(blockNetwork('203.0.113.7', key.id))
    assert.deepEqual([block.result?.until, block.entry?.action], ['2026-11-21T01:00:00.000Z', 'block.set'])
    nowMs += 59_000
    assert.equal(take(blockNetwork('203.0.113.7', key.id)).entry, null)
    nowMs += 2_000
    assert.equal(take(blockNetwork('203.0.113.7', key.id)).result?.until, '2026-11-21T01:01:01.000Z')
    take(blockNetwork('203.0.113.8', key.id))
    take(liftBlock('203.0.113.8'))
    assert.throws(() => take(liftBlock('203.0.113.8')), { code: 'not_found' })
    nowMs += 3_600_000 - 1
    take(dropEndedBlocks())
    assert.deepEqual(Object.keys(document.blocks), ['203.0.113.7'])
    nowMs += 1
    assert.equal(take(dropEndedBlocks()).entry, null)
    assert.deepEqual(document.blocks, {})
  })

  it('a key that blocks nobody, is no trap or is gone blocks nobody', () => {
    for (const id of [issue({ honey: {} }).key.id, issue({ name: 'Real' }).key.id, 'nokey000'])
      assert.deepEqual(take(blockNetwork('203.0.113.7', id)), { document, result: null, entry: null })
  })

  it('there are never more blocks than the limit: the one that ends first gives way', () => {
    const { key } = issue({ honey: { block_seconds: 3_600 } })
    const block = (at: number) => ({ id: `n${at}`, keyId: key.id, createdAt: '', until: new Date(at).toISOString() })
    const blocks = Object.fromEntries(Array.from({ length: blocksMax }, (_, at) => [`n${at}`, block(at)]))
    document = { ...document, blocks }
    take(blockNetwork('203.0.113.7', key.id))
    assert.deepEqual([Object.keys(document.blocks).length, 'n0' in document.blocks], [blocksMax, false])
    assert.equal(document.clients[defaultClientId]?.administrator, false)
  })
})
