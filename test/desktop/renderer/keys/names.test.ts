/** A form says of a name what the daemon would say, and no more. */
import assert from 'node:assert/strict'
import { snippetFor, snippetKinds } from '@postern/shared'
import { nameFault } from '../../../../desktop/src/renderer/keys/names.ts'
import { fakeKey } from '../../../support/fake-console.ts'

describe('console: names and snippets', () => {
  const keys = [fakeKey(1, 1, { name: 'Straße' }), fakeKey(2, 1, { name: 'Robot' })]
  for (const [name, fault, own] of [
    ['ab', 'short', undefined],
    ['  ab  ', 'short', undefined],
    ['abc', null, undefined],
    ['😀😀😀', null, undefined],
    ['x'.repeat(100), null, undefined],
    ['x'.repeat(101), 'long', undefined],
    ['robot', 'taken', undefined],
    ['ＲＯＢＯＴ', 'taken', undefined],
    ['STRASSE', 'taken', undefined],
    ['robot', null, 'k0000002'],
  ] as const)
    it(`"${name.slice(0, 12)}" ${own === undefined ? '' : 'of itself '}is ${fault ?? 'fine'}`, () =>
      assert.equal(nameFault(name, keys, own), fault))

  it('snippets read the value from the environment', () => {
    const gateway = { url: 'https://gateway:8443', caFile: null }
    for (const kind of snippetKinds) {
      assert.match(snippetFor(kind, gateway), /https:\/\/gateway:8443\//)
      assert.match(snippetFor(kind, gateway), /\$POSTERN_KEY|\$env:POSTERN_KEY|process\.env\.POSTERN_KEY/)
    }
  })

  for (const [file, kind, text] of [
    ['/srv/p/ca.crt', 'curl', "curl --cacert '/srv/p/ca.crt' 'https://g/your/path' "],
    ["/srv/it's/ca.crt", 'curl', String.raw`curl --cacert '/srv/it'\''s/ca.crt' `],
    ['/srv/p/ca.crt', 'node', "// Start it so: NODE_EXTRA_CA_CERTS='/srv/p/ca.crt' node call.mjs\nawait fetch("],
    [
      'C:\\p\\ca.crt',
      'node',
      "// Start it so: $env:NODE_EXTRA_CA_CERTS = 'C:\\p\\ca.crt'; node call.mjs\nawait fetch(",
    ],
    [
      'C:\\p\\ca.crt',
      'powershell',
      "Import-Certificate -FilePath 'C:\\p\\ca.crt' -CertStoreLocation Cert:\\CurrentUser\\Root\nInvoke-RestMethod ",
    ],
  ] as const)
    it(`${kind}: an authority of the gateway's own is trusted by ${file}`, () => {
      assert.ok(snippetFor(kind, { url: 'https://g', caFile: file }).startsWith(text))
      assert.ok(!snippetFor(kind, { url: 'http://g', caFile: file }).includes('ca.crt'))
    })
})
