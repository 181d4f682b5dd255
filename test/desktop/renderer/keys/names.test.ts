/** A form says of a name what the daemon would say, and no more. */
import assert from 'node:assert/strict'
import { nameFault } from '../../../../desktop/src/renderer/keys/names.ts'
import { snippetFor, snippetKinds } from '../../../../desktop/src/renderer/keys/snippet.ts'
import { fakeKey } from '../../../support/fake-console.ts'

describe('console: names and snippets', () => {
  const keys = [fakeKey(1, 1, { name: 'Straße' }), fakeKey(2, 1, { name: 'Robot' })]
  for (const [name, fault, own] of [
    ['ab', 'short', undefined],
    ['  ab  ', 'short', undefined],
    ['abc', null, undefined],
    ['😀😀😀', null, undefined],
    ['x'.repeat(100), null, undefined],
    ['x'.repeat(101), 'long', undefined],
    ['robot', 'taken', undefined],
    ['ＲＯＢＯＴ', 'taken', undefined],
    ['STRASSE', 'taken', undefined],
    ['robot', null, 'k0000002'],
  ] as const)
    it(`"${name.slice(0, 12)}" ${own === undefined ? '' : 'of itself '}is ${fault ?? 'fine'}`, () =>
      assert.equal(nameFault(name, keys, own), fault))

  it('snippets read the value from the environment', () => {
    for (const kind of snippetKinds) {
      assert.match(snippetFor(kind, 'https://gateway:8443'), /https:\/\/gateway:8443\//)
      assert.match(
        snippetFor(kind, 'https://gateway:8443'),
        /\$POSTERN_KEY|\$env:POSTERN_KEY|process\.env\.POSTERN_KEY/,
      )
    }
  })
})
