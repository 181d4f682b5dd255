/** A short cut of the rig for calls that want to go elsewhere: the known ways, and 1,000 mutations. The long one makes 5,000. */
import assert from 'node:assert/strict'
import { knownBypasses } from '../support/bypass-strings.ts'
import { runAstray } from './astray.ts'
import { foundFault } from './tally.ts'

describe('calls that want to go elsewhere', function () {
  this.timeout(60_000)

  it('more than 300 known ways round proxies and 1,000 mutations: nobody reaches what was not granted', async () => {
    const known = new Set(knownBypasses('127.0.0.1:1', '')).size
    assert.ok(known >= 300, String(known))
    const { wrong, notes } = await runAstray(1_000)
    assert.equal(wrong, 0, notes.join('\n'))
  })

  it('control: a key that was granted too much is found out', async () => {
    assert.ok(foundFault(await runAstray(10, ['co_erp', 'co_other'])))
  })
})
