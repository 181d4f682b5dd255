/** No two things are done by one key, and a press is found however the keyboard writes its sign. */
import assert from 'node:assert/strict'
import { anywhere, chordOf, inTable, shortcutOf } from '../../../../desktop/src/renderer/help/shortcuts.ts'

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

describe('console: the table of shortcuts', () => {
  it('each key is there once', () => {
    for (const table of [anywhere, inTable]) {
      const keys = Object.values(table).flatMap((row): readonly string[] => row.keys)
      assert.equal(new Set(keys).size, keys.length)
    }
  })

  for (const [chord, pressed] of [
    ['Ctrl+K', { ...none, key: 'k', ctrlKey: true }],
    ['Ctrl+K', { ...none, key: 'K', metaKey: true }],
    ['Ctrl+Shift+K', { ...none, key: 'K', ctrlKey: true, shiftKey: true }],
    ['?', { ...none, key: '?', shiftKey: true }],
    ['Shift+F6', { ...none, key: 'F6', shiftKey: true }],
    ['Alt+Left', { ...none, key: 'ArrowLeft', altKey: true }],
    ['Ctrl+Alt+,', { ...none, key: ',', ctrlKey: true, altKey: true }],
  ] as const)
    it(`${chord} is how ${JSON.stringify(pressed)} is written`, () => assert.equal(chordOf(pressed), chord))

  it('what is in the table is found, and what is not is left alone', () => {
    assert.deepEqual(shortcutOf({ ...none, key: 'F6', shiftKey: true }), { name: 'region', at: 1 })
    assert.equal(shortcutOf({ ...none, key: 'k' }), null)
    assert.equal(shortcutOf({ ...none, key: 'F5', ctrlKey: true }), null)
  })
})
