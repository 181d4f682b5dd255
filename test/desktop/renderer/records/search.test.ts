/** The search boxes of records, and the search that leads from a client to its keys. */
import assert from 'node:assert/strict'
import type { ClientView } from '@postern/shared'
import { matches, parseSearch } from '../../../../desktop/src/renderer/keys/search.ts'
import { holdsWords, keysSearchFor, wordsOf } from '../../../../desktop/src/renderer/records/search.ts'
import { fakeKey } from '../../../support/fake-console.ts'

const client = (id: string, name: string): ClientView => ({ id, name }) as ClientView
const clients = [
  client('cl_1', 'ERP'),
  client('cl_2', 'erp test'),
  client('cl_3', 'The "best" one'),
  client('cl_4', 'Nintex flows'),
]
const keys = clients.map(({ id, name }, at) => fakeKey(at, 100, { client: { id, name } }))

describe('console: search for records', () => {
  it('every word must be somewhere, whatever the case and Unicode form; an id only whole', () => {
    assert.ok(holdsWords(wordsOf('ＯＲＤＥＲＳ get'), 'ep_1a', 'GET', null, '/erp/orders'))
    assert.ok(!holdsWords(wordsOf('orders post'), 'ep_1a', 'GET', '/erp/orders'))
    assert.ok(holdsWords(wordsOf('EP_1A'), 'ep_1a', 'GET'))
    assert.ok(!holdsWords(wordsOf('1a'), 'ep_1a', 'GET'))
  })

  for (const each of clients)
    it(`the search for the keys of ${each.name} finds its own and no other`, () => {
      const search = parseSearch(keysSearchFor(each, clients))
      assert.deepEqual(search.unknown, [])
      assert.deepEqual(
        keys.filter((key) => matches(key, search, Date.now())).map((key) => key.client.id),
        [each.id],
      )
    })
})
