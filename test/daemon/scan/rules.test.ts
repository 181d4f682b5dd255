/** The rules for other scanners carry exactly our pattern. */
import assert from 'node:assert/strict'
import { keyValueInText } from '@postern/shared'
import { ruleFormats, rulesFor } from '../../../daemon/src/scan/rules.ts'
import { plantedKey } from '../../support/planted-keys.ts'

describe('rules for other scanners', () => {
  for (const format of ruleFormats)
    it(`${format}: the pattern is ours, finds a key, and its keyword stands in every key`, () => {
      const rules = rulesFor(format)
      const pattern = /(?:regex = '''|key: ')(.*?)'/.exec(rules)?.[1] ?? ''
      assert.equal(pattern, keyValueInText.source)
      assert.match(plantedKey().value, new RegExp(`^${pattern}$`))
      const keyword = /keywords(?: = \["|:\n +- )(\w+)/.exec(rules)?.[1]
      assert.equal(keyword, 'postern_')
      // A quote inside would end the literal in both languages.
      assert.ok(!pattern.includes("'"))
    })
})
