/** A client's callers come with tokens of a real issuer: through the gateway to a service, and stopped at once with their key. */
import assert from 'node:assert/strict'
import { bearer, call } from '../support/call.ts'
import { startUpstream } from '../support/fake-upstream.ts'
import { startIssuer } from '../support/real-issuer.ts'
import { prepareKey, startTestPostern } from '../support/start-postern.ts'

describe('tokens of an issuer, end to end', () => {
  it('a call with one has the rights of the client’s key, tells the service as whom, and stops with the key', async () => {
    const [upstream, issuer, postern] = await Promise.all([startUpstream(), startIssuer(), startTestPostern()])
    try {
      const { id, value } = await prepareKey(postern.admin, upstream.origin)
      const ask = (token: string) => call(`${postern.http}/erp/orders`, { headers: bearer(token) })
      const token = await issuer.token()
      assert.equal((await ask(token)).status, 401)
      const { etag } = await postern.admin.call('clients.get', { params: { client: 'default' } })
      await postern.admin.call('clients.edit', {
        params: { client: 'default' },
        ifMatch: etag,
        body: {
          accepts: ['oidc'],
          sign_in: { kind: 'oidc', issuer: issuer.issuer, ca: issuer.ca, audience: 'urn:postern', key: id },
        },
      })
      assert.equal((await ask(value)).status, 401, 'keys are not accepted any more')
      for (let at = 0; at < 2; at++) assert.equal((await ask(token)).status, 200)
      const { headers } = upstream.received.at(-1) ?? assert.fail('nothing arrived')
      assert.deepEqual([headers['x-postern-key-id'], headers['x-postern-subject']], [id, 'erp'])
      assert.equal(JSON.stringify(headers).includes(token), false)
      assert.equal((await ask(await issuer.token('urn:other'))).status, 401)
      assert.equal((await ask(`${token.slice(0, -4)}AAAA`)).status, 401)
      issuer.away = true
      assert.equal((await ask(token)).status, 200)
      await postern.admin.call('keys.disable', { params: { key: id } })
      const refused = await ask(token)
      assert.deepEqual([refused.status, refused.problem().code], [403, 'credential_disabled'])
      await postern.admin.call('keys.enable', { params: { key: id } })
      assert.equal((await ask(token)).status, 200)
      await postern.admin.call('keys.remove', { params: { key: id } })
      assert.equal((await ask(token)).status, 401)
      assert.equal(postern.logged.join('\n').includes(token), false)
    } finally {
      await postern.stop()
      await upstream.close()
      issuer.close()
    }
  })
})
