/** An upstream that trusts no header checks who calls by the published keys; through the real daemon. */
import assert from 'node:assert/strict'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { startUpstream } from '../support/fake-upstream.ts'
import { call } from '../support/call.ts'
import { startTestPostern } from '../support/start-postern.ts'

describe('a signed word of who calls', () => {
  it('reaches the upstream that asked for it, whatever a caller sends by that name, and no other', async () => {
    const upstream = await startUpstream()
    const postern = await startTestPostern()
    try {
      await postern.admin.call('collections.create', { body: { name: 'ERP' } })
      for (const [path, principal] of [
        ['/signed', true],
        ['/plain', false],
      ] as const)
        await postern.admin.call('endpoints.create', {
          body: { collection: 'ERP', path, upstream: `${upstream.origin}${path}`, principal },
        })
      const { value, id } = await postern.admin.call('keys.create', { body: { name: 'Robot', subject: 'anna' } })
      const headers = {
        authorization: `Bearer ${value}`,
        'x-postern-principal': 'forged',
        X_Postern_Principal: 'forged',
      }
      assert.equal((await call(`${postern.http}/signed`, { headers })).status, 200)
      const given = upstream.received.at(-1)?.rawHeaders ?? []
      const words = given.filter((_, at) => /^x.postern.principal$/i.test(given[at - 1] ?? ''))
      assert.equal(words.length, 1)
      const jwks = JSON.parse((await call(`${postern.http}/.well-known/jwks.json`)).body) as JSONWebKeySet
      const { payload } = await jwtVerify(words[0] ?? '', createLocalJWKSet(jwks), { audience: upstream.origin })
      assert.equal(payload.sub, 'anna')
      assert.equal(payload['key_id'], id)
      assert.equal((await call(`${postern.http}/plain`, { headers })).status, 200)
      assert.equal(JSON.stringify(upstream.received.at(-1)?.headers).includes('principal'), false)
    } finally {
      await postern.stop()
      await upstream.close()
    }
  })
})
