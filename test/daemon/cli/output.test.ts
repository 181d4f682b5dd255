/** Tables for spreadsheets, as the command line writes them. */
import assert from 'node:assert/strict'
import { csvOf } from '../../../daemon/src/cli/output.ts'

const cell = (text: string): string => csvOf([{ title: 'X', text: (row: string) => row }], [text])

describe('command line: CSV', () => {
  it('no text begins like a formula, whatever is before it or after it; a number stays a number', () => {
    for (const start of ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
      for (const rest of ['1+1', 'cmd|x', '"a"', '', 'HYPERLINK("http://a";"b")'])
        assert.match(cell(start + rest), /^x\r\n"?'/, JSON.stringify(start + rest))
    for (const number of ['-3', '-3.5', '7', '0']) assert.equal(cell(number), `x\r\n${number}\r\n`)
  })

  it('what has a comma, a quote or a line break is quoted (RFC 4180)', () => {
    assert.equal(cell('a,"b"\r\nc'), 'x\r\n"a,""b""\r\nc"\r\n')
  })
})
