/** Files of keys to import: what is written reads back exactly, lines are counted right, and nothing of a value is repeated. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readImport, splitCsv } from '../../../daemon/src/cli/import-file.ts'

const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`
const field = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r', ' ', ';', '😀'), maxLength: 8 })

describe('files of keys to import', () => {
  it('any fields that are written as RFC 4180 has it read back as they were, each record with its line', () => {
    const records = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 5 })
    fc.assert(
      fc.property(records, fc.constantFrom('\n', '\r\n'), fc.boolean(), (rows, end, last) => {
        const written = rows.map((row) => row.map(quoted).join(','))
        const text = written.join(end) + (last && rows.length > 0 ? end : '')
        const read = splitCsv(text)
        assert.deepEqual(
          read.map(({ fields }) => fields),
          rows,
        )
        let line = 1
        for (const [at, each] of written.entries()) {
          assert.equal(read[at]?.line, line)
          line += each.split('\n').length
        }
      }),
    )
  })

  it('whatever the text is, it is read or refused with a sentence, in which no value stands', () => {
    const anyText = fc.string({
      unit: fc.constantFrom('name', 'value', ',', '"', '\n', '{', '[', ']', '}', ':', 'S3CRET'),
    })
    fc.assert(
      fc.property(anyText, (text) => {
        try {
          readImport(text)
        } catch (error) {
          assert.equal((error as Error).constructor.name, 'UsageError')
          assert.ok(!(error as Error).message.includes('S3CRET'))
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('an empty cell says nothing; collections are divided by semicolons; an end is a date, a number of days or never', () => {
    const text = [
      'name,value,collections,expires_at,days,owner',
      'One,v1,ERP; CRM,,30,',
      'Two,v2,,2027-01-01,,Sales',
      'Three,v3,,never,,',
    ].join('\n')
    assert.deepEqual(
      readImport(text).map(({ key }) => key),
      [
        { name: 'One', value: 'v1', collections: ['ERP', 'CRM'], expires: { days: 30 } },
        { name: 'Two', value: 'v2', owner: 'Sales', expires: { at: '2027-01-01' } },
        { name: 'Three', value: 'v3', expires: { never: true } },
      ],
    )
    assert.throws(() => readImport('name,value,expires_at,days\nOne,v1,2027-01-01,30'), /line 2: give one of/)
    assert.throws(() => readImport('name,name,value\nOne,Two,v1'), /a column stands twice/)
  })

  it('JSON says an end as a table does, or as the API does; a field that there is not is named unless it could be a value', () => {
    const keys = [
      { name: 'One', value: 'v'.repeat(20), days: 30 },
      { name: 'Two', value: 'w'.repeat(20), expires_at: '2027-01-31' },
      { name: 'Three', value: 'x'.repeat(20), expires_at: 'never' },
      { name: 'Four', value: 'y'.repeat(20), expires: { days: 7 } },
    ]
    assert.deepEqual(
      readImport(JSON.stringify(keys)).map(({ key }) => key.expires),
      [{ days: 30 }, { at: '2027-01-31' }, { never: true }, { days: 7 }],
    )
    const refused = (key: object) => () => readImport(JSON.stringify([{ name: 'One', value: 'v'.repeat(20), ...key }]))
    assert.throws(refused({ colour: 'red' }), /number 1: .*there is no field colour/)
    assert.throws(refused({ ['s'.repeat(30)]: 1 }), /a field of another name/)
    assert.throws(refused({ days: 1, expires_at: 'never' }), /expires/)
  })

  it('all faults are told at once, as far as they are not too many', () => {
    const rows = Array.from({ length: 30 }, () => 'x,y,z').join('\n')
    assert.throws(
      () => readImport(`name,value\n${rows}`),
      (error: Error) => {
        assert.match(error.message, /line 2: 3 fields[\s\S]*line 21: 3 fields[\s\S]*and 10 more$/)
        return true
      },
    )
  })

  it('ten thousand rows are read without dawdling', () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => `"Key ${at}",legacy-value-${at},"text, with ""quotes"""`)
    const startedAt = performance.now()
    assert.equal(readImport(`name,value,description\n${rows.join('\n')}`).length, 10_000)
    assert.ok(performance.now() - startedAt < 5_000)
  })
})
