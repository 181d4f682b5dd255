import assert from 'node:assert/strict'
import type { SettingsEdit } from '@postern/shared'
import { firstDocument } from '../../../daemon/src/document/codec.ts'
import { editSettings } from '../../../daemon/src/keys/settings-steps.ts'

const document = firstDocument(0)
const edit = (input: SettingsEdit) =>
  editSettings('*', input)(document, { nowMs: 0, zone: 'UTC', sealSecret: () => 'sealed' }).result

describe('settings of the store', () => {
  it('callers are sent to an https address with nothing but a host and a port', () => {
    for (const [given, kept] of [
      ['https://gateway.example.com', 'https://gateway.example.com'],
      ['https://Gateway.Example.com:8443/', 'https://gateway.example.com:8443'],
      ['https://10.0.0.5:8443', 'https://10.0.0.5:8443'],
      ['https://[2001:db8::1]:8443', 'https://[2001:db8::1]:8443'],
    ] as const)
      assert.equal(edit({ public_url: given }).publicUrl, kept)
    assert.equal(edit({ public_url: null }).publicUrl, null)
    for (const bad of [
      'http://gw',
      'https://gw/path',
      'https://gw?x',
      'https://user@gw',
      "https://gw.example'$(id)",
      'https://gw.example"',
      'javascript:alert(1)',
      'gw',
      '',
    ])
      assert.throws(() => edit({ public_url: bad }), { code: 'field_invalid', message: /^public_url: / }, bad)
  })

  it('a header for keys is one that means nothing else', () => {
    assert.equal(edit({ credential_header: 'Ocp-Apim-Subscription-Key' }).credentialHeader, 'ocp-apim-subscription-key')
    for (const bad of [
      'Authorization',
      'X-Postern-Key-Id',
      'Host',
      'Connection',
      'x y',
      'a',
      'x_key',
      'X-Forwarded-For',
    ])
      assert.throws(() => edit({ credential_header: bad }), { message: /^credential_header: / }, bad)
  })

  it('rates are whole numbers within bounds, and what is not named stays', () => {
    const next = edit({ admin_requests_per_second: 25 })
    assert.deepEqual([next.adminRequestsPerSecond, next.socketRequestsPerSecond], [25, 200])
    for (const field of [
      'admin_requests_per_second',
      'socket_requests_per_second',
      'wrong_credentials_per_minute',
    ] as const)
      for (const bad of [0, -1, 1.5, 10_001])
        assert.throws(() => edit({ [field]: bad }), { message: new RegExp(`^${field}: a whole number`) })
  })
})
