/** A table is read as spreadsheets write it, whatever is in its cells; what cannot be read is told by its row. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readCsv } from '../../shared/src/read-csv.ts'

const rowsOf = (text: string) => readCsv(text).rows.map(({ cells }) => cells)

describe('reading a table', () => {
  for (const [what, text, expected] of [
    [
      'LF',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'CR LF',
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'CR',
      'a,b\rc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a byte order mark', '\uFEFFa,b', [['a', 'b']]],
    [
      'quotes around commas and line ends',
      '"a,1","b\r\n2"\nc,d',
      [
        ['a,1', 'b\r\n2'],
        ['c', 'd'],
      ],
    ],
    ['doubled quotes', '"a ""b""",""', [['a "b"', '']]],
    ['a cell of nothing but a quote', '"""",x', [['"', 'x']]],
    ['empty cells at either end', ',a,', [['', 'a', '']]],
    ['rows without anything', 'a\n\n ,\nb\n', [['a'], ['b']]],
    ['no text', '', []],
  ] as const)
    it(what, () => {
      assert.deepEqual(rowsOf(text), expected)
      assert.deepEqual(readCsv(text).faults, [])
    })

  for (const [what, text, fault, rows] of [
    ['a quote inside of a cell', 'a,b\nc"d,e\nf,g', { row: 2, why: 'quote' }, [1, 3]],
    ['text after the closing quote', 'a,b\n"c"d,e\nf,g', { row: 2, why: 'quote' }, [1, 3]],
    ['a quote that nothing closes', 'a,b\nc,"d\ne,f', { row: 2, why: 'unclosed' }, [1]],
  ] as const)
    it(`${what} is told of its row, which is left out`, () => {
      const read = readCsv(text)
      assert.deepEqual(read.faults, [fault])
      assert.deepEqual(
        read.rows.map(({ row }) => row),
        rows,
      )
    })

  it('whatever cells are written quoted, with whatever line ends, are read as they were', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ';', ' ', 'é') })
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        (rows, lineEnd) => {
          const text = rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')).join(lineEnd)
          const full = rows.filter((row) => row.some((each) => each.trim() !== ''))
          assert.deepEqual(readCsv(text), {
            rows: rows.flatMap((cells, at) => (full.includes(cells) ? [{ row: at + 1, cells }] : [])),
            faults: [],
          })
        },
      ),
    )
  })

  it('any text at all is read to its end', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r') }), (text) => {
        const { rows, faults } = readCsv(text)
        const told = [...rows, ...faults].map(({ row }) => row)
        assert.equal(new Set(told).size, told.length)
      }),
    )
  })
})
