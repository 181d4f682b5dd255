/** Of the settings only what was changed is sent, and taken back. */
import assert from 'node:assert/strict'
import { settingsEdit, type SettingsView } from '@postern/shared'
import {
  editOf,
  onlyChanged,
  rateMax,
  textOf,
  wasOf,
  wrongRates,
} from '../../../../desktop/src/renderer/settings/settings-draft.ts'

const settings: SettingsView = {
  reveal_default: 'always',
  socket_requests_per_second: 200,
  admin_requests_per_second: 10,
  wrong_credentials_per_minute: 60,
  credential_header: null,
  public_url: null,
  etag: '"1"',
}

describe('console: settings that are being changed', () => {
  it('what is as it was before is no change', () => {
    assert.equal(onlyChanged({ of: settings, reveal: 'always', typed: { credential_header: '' } }), null)
    assert.equal(onlyChanged({ of: settings, typed: { admin_requests_per_second: '10' } }), null)
    assert.equal(textOf(settings, 'credential_header'), '')
  })

  it('what has changed is sent, and what it was is sent to take it back', () => {
    const typed = { credential_header: 'apikey', wrong_credentials_per_minute: '20', admin_requests_per_second: '10' }
    const draft = onlyChanged({ of: settings, reveal: 'once', typed })
    const edit = editOf(draft ?? assert.fail())
    assert.deepEqual(settingsEdit.parse(edit), {
      reveal_default: 'once',
      credential_header: 'apikey',
      wrong_credentials_per_minute: 20,
    })
    assert.deepEqual(settingsEdit.parse(wasOf(settings, edit)), {
      reveal_default: 'always',
      credential_header: null,
      wrong_credentials_per_minute: 60,
    })
  })

  it('a public address is sent as it was typed, and an emptied one is none', () => {
    const typed = (text: string) => ({
      of: { ...settings, public_url: 'https://a.example' },
      typed: { public_url: text },
    })
    assert.deepEqual(editOf(typed('https://b.example')), { public_url: 'https://b.example' })
    assert.deepEqual(editOf(typed('')), { public_url: null })
  })

  it('an emptied header is none', () => {
    const of = { ...settings, credential_header: 'apikey' }
    assert.deepEqual(editOf(onlyChanged({ of, typed: { credential_header: '' } }) ?? assert.fail()), {
      credential_header: null,
    })
  })

  for (const text of ['0', '', String(rateMax + 1), '1.5', '-1', 'many'])
    it(`“${text}” is no rate`, () => {
      const typed = { admin_requests_per_second: text, wrong_credentials_per_minute: '1' }
      assert.deepEqual(wrongRates({ of: settings, typed }), ['admin_requests_per_second'])
    })
})
