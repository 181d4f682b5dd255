/** The document as bytes: what is written reads back, and what does not fit is refused whole. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { documentCodec, firstDocument } from '../../../daemon/src/document/codec.ts'
import type { Document } from '../../../daemon/src/document/document.ts'
import { issueKey } from '../../../daemon/src/keys/key-steps.ts'
import { drawKeyMaterial } from '../../../daemon/src/keys/material.ts'

const nowMs = Date.UTC(2026, 0, 1)
const context = { nowMs, zone: 'UTC', sealSecret: () => 'sealed' }
const read = (document: unknown): Document => documentCodec.parse(Buffer.from(JSON.stringify(document)))

describe('document codec', () => {
  it('reads back what it wrote, whatever the texts', () => {
    const name = fc.string({
      minLength: 3,
      maxLength: 20,
      unit: fc.constantFrom(...'abcXYZ ÄßéЖ中😀"\\\''.split(/(?:)/u)),
    })
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 5 }), fc.string({ maxLength: 50 }), (names, owner) => {
        let document = firstDocument(nowMs)
        for (const each of names) {
          try {
            document = issueKey({ name: each, owner: owner.replaceAll(/[\p{C}]/gu, '') }, drawKeyMaterial())(
              document,
              context,
            ).document
          } catch {
            // A name that is refused, or taken by another form of itself, is not what this is about.
          }
        }
        const bytes = documentCodec.serialise(document)
        assert.deepEqual(documentCodec.parse(bytes), document)
        assert.deepEqual(JSON.parse(bytes.toString()), document)
      }),
    )
  })

  it('a newer version is refused by name; anything that is no document by an error', () => {
    assert.throws(() => read({ ...firstDocument(nowMs), version: 2 }), {
      code: 'keystore_too_new',
      message: /version 2/,
    })
    for (const wrong of [
      null,
      [],
      'x',
      1,
      {},
      { version: 0 },
      { version: '1' },
      { version: 1.5 },
      { version: 1 },
      { ...firstDocument(nowMs), extra: 1 },
    ])
      assert.throws(() => read(wrong))
    assert.throws(() => documentCodec.parse(Buffer.from('{')))
  })

  it('a record with a field missing, unknown or of another kind is refused', () => {
    const good = issueKey({ name: 'Robot' }, drawKeyMaterial())(firstDocument(nowMs), context).document
    const [key] = Object.values(good.keys)
    assert.ok(key !== undefined)
    for (const change of [
      { name: 1 },
      { extra: 1 },
      { secrets: [] },
      { expiresAt: 'soon' },
      { revision: 0 },
      { reveal: 'maybe' },
      { clientId: undefined },
    ])
      assert.throws(() => read({ ...good, keys: { [key.id]: { ...key, ...change } } }), JSON.stringify(change))
  })
})
