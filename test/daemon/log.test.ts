/** What is printed: a key, an admin token or a recovery code is blanked out wherever it stands, and nothing else is. */
import assert from 'node:assert/strict'
import { redact } from '../../daemon/src/log.ts'
import { plantedKey, plantedToken } from '../support/planted-keys.ts'

describe('what is printed', () => {
  it('keys and admin tokens are blanked out, as often as they stand there', () => {
    const [key, token] = [plantedKey(), plantedToken()]
    const said = redact(`{"a":"${key.value}","b":["${token.value}","x${token.value}y ${key.value}"]}`)
    for (const { value } of [key, token]) assert.ok(!said.includes(value.slice(-49, -10)))
    assert.equal(said.split('[redacted]').length, 5)
    assert.match(said, /"posternadm_\[redacted\]"/)
  })

  it('their masks, and what is neither, stay as they are', () => {
    const text = `${plantedKey().masked} ${plantedToken().masked} postern_ posternadm_000000000000_short`
    assert.equal(redact(text), text)
  })
})
