/** Files of keys for the command line: every fault is told with its row, and nothing of a value is repeated. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readImportFile } from '../../../daemon/src/cli/import-file.ts'

describe('files of keys to import', () => {
  it('whatever the text is, it is read or refused with a sentence, in which no value stands', () => {
    const held = 'S3CRET-of-old-gateway'
    const anyText = fc.string({
      unit: fc.constantFrom('name', 'value', ',', '"', '\n', '{', '[', ']', '}', ':', held),
    })
    fc.assert(
      fc.property(anyText, (text) => {
        try {
          readImportFile(text)
        } catch (error) {
          assert.equal((error as Error).constructor.name, 'UsageError')
          assert.ok(!(error as Error).message.includes(held))
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('what begins like JSON is JSON, with numbers of keys; the rest is a table, with rows', () => {
    const value = 'v'.repeat(20)
    assert.deepEqual(readImportFile(` [{"name":"One","value":"${value}"}]`), [
      { key: { name: 'One', value }, where: 'number 1' },
    ])
    assert.deepEqual(readImportFile(`name,value\n"One\nline",${value}\nTwo,${value}`), [
      { key: { name: 'One\nline', value }, where: 'row 2' },
      { key: { name: 'Two', value }, where: 'row 3' },
    ])
    assert.throws(() => readImportFile(`[{"name":"One","colour":"red"}]`), /number 1: colour: there is no such field/)
    assert.throws(() => readImportFile('[{"name":'), /\n {2}this is not JSON/)
  })

  it('all faults are told at once, as far as they are not too many', () => {
    const rows = Array.from({ length: 30 }, () => 'x,y,z').join('\n')
    assert.throws(
      () => readImportFile(`name,value\n${rows}`),
      (error: Error) => {
        assert.match(error.message, /row 2: more cells[\s\S]*row 21: more cells[\s\S]*and 10 more$/)
        return true
      },
    )
  })

  it('ten thousand rows are read without dawdling', () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => `"Key ${at}",legacy-value-${at},"text, with ""quotes"""`)
    const startedAt = performance.now()
    assert.equal(readImportFile(`name,value,description\n${rows.join('\n')}`).length, 10_000)
    assert.ok(performance.now() - startedAt < 5_000)
  })
})
