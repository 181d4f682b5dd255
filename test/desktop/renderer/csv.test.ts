/** Files for spreadsheets hold what was shown, and run nothing. */
import assert from 'node:assert/strict'
import { csvOf } from '../../../desktop/src/renderer/csv.ts'

describe('console: CSV', () => {
  it('lines end with CR LF, and what has a comma, a quote or a line break is quoted (RFC 4180)', () => {
    assert.equal(
      csvOf(
        ['name', 'calls'],
        [
          ['a,b', 1],
          ['say "x"', 2],
          ['two\r\nlines', 3],
        ],
      ),
      'name,calls\r\n"a,b",1\r\n"say ""x""",2\r\n"two\r\nlines",3\r\n',
    )
    assert.equal(csvOf(['name'], []), 'name\r\n')
  })

  it('no text begins like a formula; a number stays a number', () => {
    for (const start of ['=', '+', '-', '@', '\t', '\r', '＝'])
      assert.match(csvOf(['x'], [[`${start}1+1`]]), /^x\r\n"?'/, JSON.stringify(start))
    assert.equal(csvOf(['x'], [[-3]]), 'x\r\n-3\r\n')
    assert.equal(csvOf(['x'], [['=HYPERLINK("a")']]), 'x\r\n"\'=HYPERLINK(""a"")"\r\n')
  })
})
