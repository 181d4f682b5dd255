import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parseForm } from '../../../daemon/src/gateway/form-body.ts'

describe('forms that callers post', () => {
  it('what a program writes as a form is read back, whatever is in it', () => {
    const name = fc.stringMatching(/^[a-z_]{1,20}$/)
    fc.assert(
      fc.property(fc.dictionary(name, fc.string({ unit: 'grapheme' })), (fields) => {
        const wellFormed = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, value.toWellFormed()]))
        const form = parseForm(new URLSearchParams(wellFormed).toString())
        const said = Object.entries(wellFormed).filter(([, value]) => value !== '')
        assert.deepEqual(form, new Map(said))
      }),
    )
  })

  it('what has no value is as if it were not there, and stands twice all the same', () => {
    assert.deepEqual(parseForm('grant_type=&scope=a'), new Map([['scope', 'a']]))
    assert.equal(parseForm('scope=&scope=a'), 'scope stands twice')
  })

  it('a name that stands twice is refused, and one that nobody knows is not repeated', () => {
    assert.equal(parseForm('token=a&token=b'), 'token stands twice')
    assert.equal(parseForm('%3Cscript%3E=a&%3Cscript%3E=b'), 'a parameter stands twice')
  })
})
