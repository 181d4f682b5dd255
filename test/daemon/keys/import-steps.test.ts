/** Keys from elsewhere as one pure step: all of them or none, every bad row named, and no value anywhere. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { ImportedKey } from '@postern/shared'
import fc from 'fast-check'
import { documentCodec, firstDocument } from '../../../daemon/src/document/codec.ts'
import type { Document } from '../../../daemon/src/document/document.ts'
import type { Step } from '../../../daemon/src/document/step.ts'
import { importKeys, importedVerifiers } from '../../../daemon/src/keys/import-steps.ts'
import { issueKey, removeKey, rotateKey } from '../../../daemon/src/keys/key-steps.ts'
import { drawKeyIds, drawKeyMaterial, drawSecret } from '../../../daemon/src/keys/material.ts'
import { importedVerifier, sha256Of } from '../../../daemon/src/verifiers/imported.ts'

const start = Date.UTC(2026, 2, 1, 12)
const pepper = Buffer.alloc(32, 5).toString('base64url')
const value = 'legacy-value-0001'
const verifierOf = (text: string): string => importedVerifier(Buffer.alloc(32, 5), sha256Of(text)).toString('base64url')
const sha256 = createHash('sha256').update(value).digest('hex')

class Store {
  document: Document = firstDocument(start)
  apply<R>(step: Step<R>) {
    const stepped = step(this.document, { nowMs: start, zone: 'UTC', sealSecret: () => 'sealed' })
    this.document = stepped.document
    return stepped
  }
  import(rows: readonly ImportedKey[], dryRun = false) {
    return this.apply(importKeys(rows, { keyIds: drawKeyIds(rows.length, this.document.keys), pepper }, { dryRun }))
  }
  problems(...rows: ImportedKey[]) {
    const before = this.document
    const { result, entry } = this.import(rows)
    assert.equal(this.document, before, 'a refused import has changed nothing')
    assert.deepEqual([result.imported, entry], [0, null])
    return result.problems.map(({ at, field, message }) => `${at} ${field}: ${message}`)
  }
}

describe('importing keys', () => {
  it('an imported value is kept as the documented verifier alone, and can never be shown', () => {
    const store = new Store()
    const { result, entry } = store.import([{ name: 'Legacy', value, owner: 'Sales', expires: { days: 30 } }])
    const [key] = Object.values(store.document.keys)
    const verifier = verifierOf(value)
    assert.deepEqual(key?.secrets, [
      {
        version: 1,
        origin: 'imported',
        verifier,
        last4: '0001',
        sealed: null,
        createdAt: '2026-03-01T12:00:00.000Z',
        validUntil: null,
      },
    ])
    assert.deepEqual([key?.reveal, key?.owner, key?.grants], ['never', 'Sales', null])
    assert.equal(store.document.settings.importPepper, pepper)
    assert.deepEqual(result, {
      imported: 1,
      dry_run: false,
      keys: [{ id: key?.id, name: 'Legacy', expires_at: '2026-03-31T12:00:00.000Z' }],
      problems: [],
    })
    assert.deepEqual([entry?.action, entry?.object.id], ['key.import', key?.id])
    const said = JSON.stringify([store.document, result, entry])
    for (const secret of [value, sha256]) assert.ok(!said.includes(secret))
    assert.deepEqual(documentCodec.parse(documentCodec.serialise(store.document)), store.document)
  })

  it('by digest it is the same key, of which not even the last characters are known', () => {
    const store = new Store()
    store.import([{ name: 'Legacy', sha256: sha256.toUpperCase() }])
    const [key] = Object.values(store.document.keys)
    assert.deepEqual([key?.secrets[0]?.verifier, key?.secrets[0]?.last4], [verifierOf(value), ''])
    assert.match(store.problems({ name: 'Again', value })[0] ?? '', /^0 value: a key that is there has the same value/)
  })

  it('the pepper is drawn once for a store', () => {
    const store = new Store()
    store.import([{ name: 'First one', value }])
    const other = Buffer.alloc(32, 6).toString('base64url')
    const rows = [{ name: 'Second one', value: 'legacy-value-0002' }]
    store.apply(importKeys(rows, { keyIds: ['AAAAAAAA'], pepper: other }, { dryRun: false }))
    assert.equal(store.document.settings.importPepper, pepper)
    assert.equal(store.document.keys['AAAAAAAA']?.secrets[0]?.verifier, verifierOf('legacy-value-0002'))
  })

  it('a trial says the same and changes nothing', () => {
    const store = new Store()
    const before = store.document
    const { result, entry } = store.import([{ name: 'Legacy', value }], true)
    assert.equal(store.document, before)
    assert.equal(entry, null)
    assert.deepEqual(
      [result.imported, result.dry_run, result.keys.map(({ id, name }) => [id, name]), result.problems],
      [0, true, [[null, 'Legacy']], []],
    )
  })

  it('every bad row is named with its field and what would be right; nothing is imported', () => {
    const store = new Store()
    store.apply(issueKey({ name: 'Taken' }, drawKeyMaterial()))
    const gone = store.apply(issueKey({ name: 'Gone' }, drawKeyMaterial())).result.key
    store.apply(removeKey(gone.id))
    assert.deepEqual(
      store
        .problems(
          { name: 'Good one', value },
          { name: 'ab', value: 'legacy-value-0002' },
          { name: 'TAKEN', value: 'legacy-value-0003' },
          { name: 'gone', value: 'legacy-value-0004' },
          { name: 'good ONE', value: 'legacy-value-0005' },
          { name: 'Same value', sha256 },
          { name: 'Neither' },
          { name: 'Both', value, sha256 },
          { name: 'No digest', sha256: sha256.slice(1) },
          { name: 'Nobody’s', value: 'legacy-value-0006', client: 'nobody' },
          { name: 'Nowhere', value: 'legacy-value-0007', collections: ['nowhere'] },
          { name: 'Ended', value: 'legacy-value-0008', expires: { at: '2020-01-01' } },
          { name: 'Two wrongs', value: 'short', owner: 'x'.repeat(300), expires: { days: 0 } },
        )
        .map((text) =>
          text.replace(
            /^(\d+ [\w.]+): (.*)$/,
            (_, where: string, message: string) => `${where}: ${message.slice(0, 24)}`,
          ),
        ),
      [
        '1 name: a name has 3 to 100 char',
        '2 name: already in use',
        '3 name: a removed key still has ',
        '4 name: the same as that of numb',
        '5 sha256: the same as that of numb',
        '6 value: give either value or sha',
        '7 value: give either value or sha',
        '8 sha256: 64 hexadecimal digits',
        '9 client: There is no client with ',
        '10 collections: There is no collection w',
        '11 expires: this is in the past; giv',
        '12 value: 16 to 512 characters; th',
        '12 owner: at most 200 characters; ',
        '12 expires.days: a whole number of days, ',
      ],
    )
  })

  it('what is no secret, or would be read as something else, is refused without being repeated', () => {
    const store = new Store()
    const { key, value: own } = store.apply(issueKey({ name: 'Own' }, drawKeyMaterial())).result
    for (const [bad, why] of [
      ['x'.repeat(15), /16 to 512/],
      ['xy'.repeat(257), /16 to 512/],
      ['x'.repeat(16), /over and over/],
      ['with a space in it', /visible ASCII/],
      ['schlüssel-nummer-1', /visible ASCII/],
      ['tab\tin-the-middle-1', /visible ASCII/],
      [own?.reveal() ?? '', /looks like a key of Postern/],
      [`POSTERN_${key.id}-something`, /looks like a key of Postern/],
      ['posternadm_something', /looks like a key of Postern/],
    ] as const) {
      const [problem = ''] = store.problems({ name: 'Bad value', value: bad })
      assert.match(problem, why)
      assert.ok(!problem.includes(bad))
    }
    for (const field of ['name', 'description', 'owner'] as const)
      assert.match(
        store.problems({ name: 'Told', value, [field]: `it is ${value}` })[0] ?? '',
        new RegExp(`^0 ${field}: this holds the value`),
      )
    for (const size of [16, 512])
      assert.equal(store.import([{ name: `Size ${size}`, value: 'ab'.repeat(size / 2) }]).result.imported, 1)
  })

  it('a rotation gives a value that can be shown as those of new keys are, unless it says otherwise', () => {
    const store = new Store()
    store.import([
      { name: 'Plain', value },
      { name: 'Secret', value: 'legacy-value-0002' },
    ])
    const plain = store.apply(rotateKey('Plain', {}, drawSecret())).result
    assert.deepEqual([plain.key.reveal, plain.key.secrets.length], [store.document.settings.revealDefault, 1])
    assert.match(plain.value?.reveal() ?? '', /^postern_/)
    assert.equal(store.apply(rotateKey('Secret', { reveal: 'never' }, drawSecret())).result.value, null)
  })

  it('a value that a removed key has, or one in its overlap, is no other key’s', () => {
    const store = new Store()
    store.import([
      { name: 'Removed', value },
      { name: 'Rotated', value: 'legacy-value-0002' },
    ])
    store.apply(removeKey('Removed'))
    const { key } = store.apply(rotateKey('Rotated', { overlap_seconds: 60 }, drawSecret())).result
    assert.deepEqual(
      key.secrets.map(({ origin, version, validUntil }) => [origin, version, validUntil]),
      [
        ['drawn', 2, null],
        ['imported', 1, '2026-03-01T12:01:00.000Z'],
      ],
    )
    for (const taken of [value, 'legacy-value-0002'])
      assert.match(store.problems({ name: 'Another', value: taken })[0] ?? '', /same value, perhaps a removed one/)
  })

  it('however rows come together, no two keys have the same name or value, and it is all of them or none', () => {
    const row = fc.record({
      name: fc.constantFrom('one', 'One', 'two', 'three', 'x', 'four'),
      value: fc.constantFrom(...['1', '2', '3', '4', '5', ''].map((end) => `legacy-value-${end}`)),
    })
    fc.assert(
      fc.property(fc.array(fc.array(row, { minLength: 1, maxLength: 4 }), { maxLength: 4 }), (imports) => {
        const store = new Store()
        for (const rows of imports) {
          const before = Object.keys(store.document.keys).length
          const { result } = store.import(rows)
          const after = Object.keys(store.document.keys).length
          assert.equal(after - before, result.problems.length === 0 ? rows.length : 0)
          assert.equal(result.imported, after - before)
          assert.equal(importedVerifiers(store.document).size, after)
          const names = Object.values(store.document.keys).map(({ name }) => name.toLowerCase())
          assert.equal(new Set(names).size, names.length)
        }
      }),
    )
  })
})
