/** Names and texts: each limit at its edge, in code points, and one name whatever it is written in. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { firstDocument } from '../../../daemon/src/document/codec.ts'
import { meansAnId } from '../../../daemon/src/keys/find.ts'
import { assertNameFree, foldName, parseLabel, parseName, parseText } from '../../../daemon/src/keys/names.ts'
import { isProblem } from '../../../daemon/src/problem.ts'
import { plantedKey } from '../../support/planted-keys.ts'

const name = (text: string): string => parseName(text, meansAnId(firstDocument(0)))
const refused = { code: 'field_invalid' }

describe('names', () => {
  it('length is counted in code points after NFKC: what shrinks or grows there is judged by what it becomes', () => {
    assert.equal([...'e\u0301'.repeat(100)].length, 200)
    name('e\u0301'.repeat(100))
    assert.throws(() => name('e\u0301'.repeat(101)), { ...refused, message: /has 101/ })
    name('ﬃ')
    assert.throws(() => name('ab'), { ...refused, message: /has 2/ })
    name('ﬃ'.repeat(33))
    assert.throws(() => name('ﬃ'.repeat(34)), { ...refused, message: /has 102/ })
    name('😀'.repeat(3))
    assert.throws(() => name('e\u0301a'), { ...refused, message: /has 2/ })
  })

  it('no text that is shown to many holds the value of a key; one that names its shape does', () => {
    const { value } = plantedKey()
    // Asked twice: nothing is remembered from one text to the next.
    for (let time = 0; time < 2; time++) {
      assert.throws(() => name(`Robot ${value}`), { ...refused, message: /value of a key/ })
      assert.throws(() => parseText('description', `its value is ${value}.`, 500), refused)
      assert.throws(() => parseLabel('owner', value, 100), refused)
    }
    parseText('description', 'postern_ab12cd34_…wxyz, in postern_… form', 500)
  })

  it('is kept as it was written, but for the space around it', () => {
    assert.equal(name('\t Straße ﬁ  Ａ \n'), 'Straße ﬁ  Ａ')
  })

  it('no control, format, private, unassigned or line-separating character stands inside', () => {
    const ranges: [number, number][] = [
      [0x00, 0x1f],
      [0x7f, 0x9f],
      [0xad, 0xad],
      [0x061c, 0x061c],
      [0x200b, 0x200f],
      [0x2028, 0x202e],
      [0x2060, 0x2069],
      [0xd800, 0xd800],
      [0xdfff, 0xdfff],
      [0xe000, 0xe000],
      [0xfeff, 0xfeff],
      [0xffff, 0xffff],
      [0xe0001, 0xe0001],
      [0xe0020, 0xe007f],
      [0x10fffd, 0x10fffd],
    ]
    for (const [from, to] of ranges)
      for (let point = from; point <= to; point++)
        assert.throws(() => name(`ab${String.fromCodePoint(point)}cd`), refused, `U+${point.toString(16)}`)
  })

  it('a name is never in the form of an id of a client, collection, endpoint or policy', () => {
    for (const text of ['cl_000000000000', 'co_abcdefghijkl', 'ep_ABCDEFGHIJKL', 'po_a1b2c3d4e5f6'])
      assert.throws(() => name(text), { ...refused, message: /may not be an id/ }, text)
    for (const text of ['abcdefgh', 'Invoices', '12345678', 'cl_00000000000', 'cl_0000000000000', 'xx_000000000000'])
      assert.equal(name(text), text)
  })

  it('any text is a name or refused with its field, never anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          const read = name(text)
          assert.equal(read, read.trim())
          assert.ok(read.isWellFormed())
        } catch (error) {
          assert.ok(isProblem(error, 'field_invalid'))
          assert.equal(error.errors?.[0]?.field, 'name')
        }
      }),
    )
  })

  it('one name however it is written: ß and SS, ligatures, full width, accents put together or apart, sigmas', () => {
    for (const [one, other] of [
      ['Straße', 'STRASSE'],
      ['Straße', 'strasse'],
      ['ﬁnance', 'FINANCE'],
      ['oﬃce', 'office'],
      ['Ｏｒｄｅｒｓ', 'orders'],
      ['Zoë', 'ZOE\u0308'],
      ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
      ['ΣΊΣΥΦΟΣ', 'σίσυφοσ'],
      ['Ⅳ th', 'iv TH'],
      ['①st', '1ST'],
    ] as const)
      assert.equal(foldName(one), foldName(other), `${one} / ${other}`)
    assert.equal(foldName('STRAẞE'), foldName('Straße'))
    assert.notEqual(foldName('Orders'), foldName('0rders'))
    assert.notEqual(foldName('Zoë'), foldName('Zoe'))
  })

  it('whoever is asked about an accent, upper case or width gives the same fold', () => {
    const letters = fc.string({
      unit: fc.constantFrom(...'aZ9 éßÄøŁжЖσΣςﬁＡ中😀ｶﾞǆŉİı'.split(/(?:)/u)),
      maxLength: 30,
    })
    fc.assert(
      fc.property(letters, (text) => {
        const fold = foldName(text)
        assert.equal(foldName(fold), fold)
        for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const) assert.equal(foldName(text.normalize(form)), fold)
        assert.equal(foldName(text.toUpperCase()), fold)
      }),
      { numRuns: 500 },
    )
  })

  it('a name is free for the record that has it, and for no other', () => {
    const records = { a: { id: 'a', name: 'Straße' }, b: { id: 'b', name: 'Other', removedAt: null } }
    assertNameFree(records, 'STRASSE', 'a')
    assert.throws(() => assertNameFree(records, 'STRASSE', 'b'), { code: 'name_taken', message: /choose another/ })
    assert.throws(() => assertNameFree(records, 'OTHER'), { code: 'name_taken', message: /whatever the case/ })
    assertNameFree(records, 'Strasse 2')
  })
})

describe('texts', () => {
  it('a text has its most characters in code points, line breaks and tabs, and no other control character', () => {
    const text = '😀\r\n\t\u202e'
    assert.equal(parseText('description', text, 5), text)
    assert.throws(() => parseText('description', text, 4), { ...refused, message: /description: at most 4 .* has 5/ })
    for (const control of ['\u0000', '\u0008', '\u000b', '\u001b', '\u007f', '\u0085', '\ud800'])
      assert.throws(() => parseText('description', control, 5), { ...refused, message: /control/ })
  })

  it('a label is one line, trimmed, and nothing at all when empty', () => {
    assert.deepEqual(
      [' a b ', '', '  ', null].map((input) => parseLabel('owner', input, 3)),
      ['a b', null, null, null],
    )
    assert.throws(() => parseLabel('owner', 'abcd', 3), { ...refused, message: /owner/ })
    for (const text of ['a\nb', 'a\u202eb', 'a\u200bb']) assert.throws(() => parseLabel('owner', text, 9), refused)
  })
})
