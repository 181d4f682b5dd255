/** The files of a kit by what they are for: every one is offered, once. */
import assert from 'node:assert/strict'
import { kitFormats, type KitFile } from '@postern/shared'
import { kitCommand, kitGroups, kitOfText, textOfKit } from '../../../../desktop/src/renderer/kit/kit-groups.ts'

const files: KitFile[] = kitFormats.flatMap((format) =>
  [1, 2].map((at) => ({ format, name: `${format}-${at}`, media_type: 'text/plain', content: '' })),
)

describe('console: the connector kit', () => {
  it('offers every file of every format once', () =>
    assert.deepEqual(
      kitGroups(files)
        .flatMap((group) => group.files.map(({ name }) => name))
        .toSorted(),
      files.map(({ name }) => name).toSorted(),
    ))

  it('what was not made has no place; scripts can be copied, documents cannot', () => {
    const groups = kitGroups(files.filter(({ format }) => format === 'curl' || format === 'openapi'))
    assert.deepEqual(
      groups.map(({ format, isSnippet }) => [format, isSnippet]),
      [
        ['openapi', false],
        ['curl', true],
      ],
    )
  })

  it('a choice is read as it was written; what is none is nothing', () => {
    for (const each of [null, { kind: 'client', id: 'cl_1' }, { kind: 'collection', id: 'co_1' }] as const)
      assert.deepEqual(kitOfText(textOfKit(each)), each)
    assert.deepEqual(['client:', 'key:k1', 'client'].map(kitOfText), [null, null, null])
  })

  it('the command is for the same', () =>
    assert.deepEqual(kitCommand({ kind: 'collection', id: 'co_1' }), ['kit', '--collection', 'co_1', '--out', 'kit']))
})
