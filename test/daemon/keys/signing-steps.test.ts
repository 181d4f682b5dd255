import assert from 'node:assert/strict'
import { firstDocument } from '../../../daemon/src/document/codec.ts'
import type { Document } from '../../../daemon/src/document/document.ts'
import type { StepContext } from '../../../daemon/src/document/step.ts'
import { drawSigningMaterial } from '../../../daemon/src/keys/material.ts'
import { drawFirstSigningKey, isSigningDue, turnSigningKeys } from '../../../daemon/src/keys/signing-steps.ts'

const startMs = Date.UTC(2026, 0, 1)
const dayMs = 86_400_000
const contextAt = (nowMs: number): StepContext => ({ nowMs, zone: 'UTC', sealSecret: () => 'sealed' })
const first = (): Document =>
  drawFirstSigningKey(drawSigningMaterial())(firstDocument(startMs), contextAt(startMs)).document
const ids = ({ settings }: Document): string[] => settings.signingKeys.map(({ id }) => id)

describe('signing keys', () => {
  it('the first one signs at once, and is not drawn twice', () => {
    const document = first()
    assert.equal(document.settings.signingKeys.length, 1)
    // Also for what had come in just before it was drawn.
    assert.ok(Date.parse(document.settings.signingKeys[0]?.signsFrom ?? '') < startMs)
    assert.equal(drawFirstSigningKey(drawSigningMaterial())(document, contextAt(startMs)).document, document)
  })

  it('where none was ever needed, none is drawn', () => {
    const empty = firstDocument(startMs)
    assert.equal(isSigningDue(empty, startMs + 1_000 * dayMs), false)
    assert.equal(turnSigningKeys(drawSigningMaterial())(empty, contextAt(startMs)).document, empty)
  })

  it('over two years each key is published a day before it signs and a day after the next one does, and none signs for longer than 91 days', () => {
    let document = first()
    for (let atMs = startMs; atMs < startMs + 730 * dayMs; atMs += dayMs / 4) {
      const before = document.settings.signingKeys
      document = turnSigningKeys(drawSigningMaterial())(document, contextAt(atMs)).document
      const now = document.settings.signingKeys
      const signing = now.findLast(({ signsFrom }) => Date.parse(signsFrom) <= atMs)
      assert.ok(signing !== undefined && atMs - Date.parse(signing.signsFrom) <= 91 * dayMs)
      for (const fresh of now.filter((key) => !before.includes(key)))
        assert.equal(Date.parse(fresh.signsFrom) - atMs, dayMs)
      for (const gone of before.filter((key) => !now.includes(key))) {
        const next = before[before.indexOf(gone) + 1]
        assert.ok(next !== undefined && atMs - Date.parse(next.signsFrom) >= dayMs)
      }
      assert.ok(now.length <= 3)
    }
    assert.equal(ids(document).length, new Set(ids(document)).size)
  })

  it('what has turned names itself in the trail, and nothing secret does', () => {
    const { entry } = turnSigningKeys(drawSigningMaterial())(first(), contextAt(startMs + 90 * dayMs))
    assert.equal(entry?.action, 'signing_key.draw')
    assert.equal(JSON.stringify(first()).includes('MIGH'), false)
  })
})
