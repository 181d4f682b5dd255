/** Each row of a file is a key or says what is wrong with it; nothing that is said repeats a value. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { importedKey, importKeysMax, readImport } from '@postern/shared'

const value = 'old-gateway-value-1'
const digest = 'a'.repeat(64)
const table = (...lines: string[]) => readImport('table', lines.join('\r\n'))
const json = (given: unknown) => readImport('json', JSON.stringify(given))
const keyIn = (read: ReturnType<typeof readImport>) => {
  assert.deepEqual(read.problems, [])
  return read.keys.map(({ key }) => key)
}
const wrongIn = ({ problems }: ReturnType<typeof readImport>) =>
  problems.map(({ row, field, wrong }) => [row, field, wrong])

describe('reading keys from elsewhere', () => {
  it('a table with every column gives all of each key, and nothing of what is left empty', () => {
    const read = table(
      '\uFEFFName, VALUE ,sha256,description,owner,client,collections,expires_at,days',
      `Robot,${value},,"Reads, and writes",Anna,Nintex,ERP; Warehouse ;,2027-03-31,`,
      `Scanner,,${digest},,,,,,30`,
      `Bell,${value},,,,,,never,`,
    )
    assert.deepEqual(keyIn(read), [
      {
        name: 'Robot',
        value,
        description: 'Reads, and writes',
        owner: 'Anna',
        client: 'Nintex',
        collections: ['ERP', 'Warehouse'],
        expires: { at: '2027-03-31' },
      },
      { name: 'Scanner', sha256: digest, expires: { days: 30 } },
      { name: 'Bell', value, expires: { never: true } },
    ])
    assert.deepEqual(
      read.keys.map(({ row }) => row),
      [2, 3, 4],
    )
  })

  it('JSON gives the same, as a list or under "keys"', () => {
    const given = [
      { name: 'Robot', value, collections: ['ERP'], days: 30 },
      { name: 'Scanner', sha256: digest, collections: 'ERP;Warehouse', expires_at: 'never', owner: null },
      { name: 'Bell', value, collections: [], days: '7' },
    ]
    const expected = [
      { name: 'Robot', value, collections: ['ERP'], expires: { days: 30 } },
      { name: 'Scanner', sha256: digest, collections: ['ERP', 'Warehouse'], expires: { never: true } },
      { name: 'Bell', value, collections: [], expires: { days: 7 } },
    ]
    assert.deepEqual(keyIn(json(given)), expected)
    assert.deepEqual(keyIn(json({ keys: given })), expected)
    const asTheApi = [{ days: 7 }, { at: '2027-01-31' }, { never: true }] as const
    assert.deepEqual(
      keyIn(json(asTheApi.map((expires) => ({ name: 'Robot', value, expires })))),
      asTheApi.map((expires) => ({ name: 'Robot', value, expires })),
    )
  })

  for (const [what, read, expected] of [
    ['an empty file', table(''), [[null, '', 'empty']]],
    ['a head alone', table('name,value'), [[null, '', 'empty']]],
    ['no head', table(`Robot,${value}`), [[null, '', 'noHead']]],
    ['semicolons between the columns', table('name;value', `Robot;${value}`), [[null, '', 'notCommas']]],
    ['an unknown column', table('name,value,colour', 'a,b,c'), [[1, 'colour', 'unknownColumn']]],
    ['a column twice', table('name,value,name', 'a,b,c'), [[1, 'name', 'columnTwice']]],
    ['a missing column of values', table('name,owner', 'Robot,Anna'), [[2, 'value', 'noValue']]],
    ['too many cells', table('name,value', `Robot,${value},x`), [[2, '', 'cells']]],
    ['too few cells', table('name,value', 'Robot'), [[2, 'value', 'noValue']]],
    ['no name', table('name,value', ` ,${value}`), [[2, 'name', 'noName']]],
    ['value and digest', table('name,value,sha256', `a,${value},${digest}`), [[2, 'sha256', 'valueTwice']]],
    ['two ends', table('name,value,expires_at,days', `a,${value},never,3`), [[2, 'days', 'endTwice']]],
    [
      'no number of days',
      table('name,value,days', `a,${value},0`, `b,${value},1.5`),
      [
        [2, 'days', 'days'],
        [3, 'days', 'days'],
      ],
    ],
    ['a stray quote', table('name,value', 'a"b,c', `Robot,${value}`), [[2, '', 'quote']]],
    ['a quote that is not closed', table('name,value', '"a,b'), [[2, '', 'unclosed']]],
    ['no JSON', readImport('json', 'name,value'), [[null, '', 'notJson']]],
    ['JSON that is no list', json({ name: 'a' }), [[null, '', 'notList']]],
    ['an empty list', json([]), [[null, '', 'empty']]],
    [
      'no object',
      json(['a', null]),
      [
        [1, '', 'notObject'],
        [2, '', 'notObject'],
      ],
    ],
    ['ends of both kinds', json([{ name: 'a', value, days: 3, expires: { days: 3 } }]), [[1, 'days', 'endTwice']]],
    ['an end of no kind', json([{ name: 'a', value, expires: { soon: 1 } }]), [[1, 'expires', 'unknownColumn']]],
    ['no text', json([{ name: 7, value }]), [[1, 'name', 'notText']]],
    ['an unknown field', json([{ name: 'a', value, Colour: 'red' }]), [[1, 'Colour', 'unknownColumn']]],
  ] as const)
    it(`${what} is told by its row and field`, () => assert.deepEqual(wrongIn(read), expected))

  it('a row that is wrong keeps none of the others from being read', () => {
    const read = table('name,value', `Robot,${value}`, 'Scanner,', `Bell,${value}`)
    assert.deepEqual(
      read.keys.map(({ key }) => key.name),
      ['Robot', 'Bell'],
    )
    assert.deepEqual(wrongIn(read), [[3, 'value', 'noValue']])
  })

  it('one more than can be imported at once is told of the whole file', () => {
    const lines = Array.from({ length: importKeysMax + 1 }, (_, at) => `Robot ${at},${value}`)
    assert.deepEqual(wrongIn(table('name,value', ...lines)), [[null, '', 'tooMany']])
    assert.equal(table('name,value', ...lines.slice(1)).keys.length, importKeysMax)
  })

  it('a value in the place of a column or field name is not repeated', () => {
    for (const read of [table(`name,${value}`, 'a,b'), json([{ name: 'a', [value]: 'x' }])]) {
      assert.ok(read.problems.length > 0)
      assert.ok(!JSON.stringify(read.problems).includes(value))
    }
  })

  it('whatever is in a file, what is read of it has the shape that is sent, and what is said repeats no long cell', () => {
    const word = fc.string({ unit: fc.constantFrom('a', '1', '"', ',', ';', '\n', ' ', '[', '{', '}', ']', ':') })
    const secret = fc.string({ unit: fc.constantFrom('x', 'y', '7'), minLength: 16, maxLength: 20 })
    fc.assert(
      fc.property(fc.constantFrom('table', 'json'), word, secret, word, (form, before, held, after) => {
        const read = readImport(form, `name,value\n${before}${held}${after}`)
        for (const { key } of read.keys) importedKey.parse(key)
        assert.ok(!JSON.stringify(read.problems).includes(held))
      }),
    )
  })
})
