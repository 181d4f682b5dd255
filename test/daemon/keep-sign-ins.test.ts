/** Clients’ own tokens against a real issuer and the document as it is now: whose rights, for how long, through outages. */
import assert from 'node:assert/strict'
import type { ClientEdit, SignInInput } from '@postern/shared'
import type { Document, SealedSecret } from '../../daemon/src/document/document.ts'
import type { Step } from '../../daemon/src/document/step.ts'
import { keepSignIns, type KeptSignIns } from '../../daemon/src/keep-sign-ins.ts'
import { disableClient, editClient } from '../../daemon/src/keys/client-steps.ts'
import { editKey, removeKey } from '../../daemon/src/keys/key-steps.ts'
import { Secret } from '../../daemon/src/problem.ts'
import { makeClient, makeDocument, makeKey } from '../support/access-document.ts'
import { startIssuer, type RealIssuer } from '../support/real-issuer.ts'
import { hmac, token } from '../support/tokens.ts'

const minuteMs = 60_000

describe('clients that bring their own tokens', () => {
  let issuer: RealIssuer
  let document: Document
  let nowMs: number
  let opened: string[]
  let said: string[]
  let signIns: KeptSignIns
  before(async function () {
    this.timeout(60_000)
    issuer = await startIssuer({ key: 'Robot' })
  })
  after(() => issuer.close())
  beforeEach(() => {
    document = makeDocument({
      clients: [makeClient(), makeClient({ id: 'cl_other', name: 'Other' })],
      keys: [
        makeKey({ id: 'robotkey', name: 'Robot' }),
        makeKey({ id: 'secondky', name: 'Second' }),
        makeKey({ id: 'foreignk', name: 'Foreign', clientId: 'cl_other' }),
      ],
    })
    nowMs = Date.now()
    opened = []
    said = []
    const sealedBy = (sealed: SealedSecret, id: string): Secret => {
      opened.push(id)
      if (!sealed.sealed.startsWith(`${id}/`)) throw new Error('sealed for something else')
      return new Secret(sealed.sealed.slice(id.length + 1))
    }
    signIns = keepSignIns({
      document: () => document,
      openSecret: sealedBy,
      onAlarm: (kind, message) => said.push(`${kind}: ${message}`),
      onAlarmEnd: (kind) => said.push(`over: ${kind}`),
    })
  })
  const take = <R>(step: Step<R>): R => {
    const stepped = step(document, { nowMs, zone: 'UTC', sealSecret: (secret, id) => `${id}/${secret}` })
    document = stepped.document
    return stepped.result
  }
  const edit = (input: ClientEdit, client = 'default') => take(editClient(client, '*', input))
  const useIssuer = (more: Partial<SignInInput> = {}, client = 'default') =>
    edit(
      {
        accepts: ['key', 'oidc'],
        sign_in: {
          kind: 'oidc',
          issuer: issuer.issuer,
          ca: issuer.ca,
          audience: 'urn:postern',
          key: 'robotkey',
          ...more,
        },
      },
      client,
    )
  const keyOf = async (text: string): Promise<string | null> => (await signIns.verify(text, nowMs))?.keyId ?? null
  const secret = 'a secret of more than thirty-two bytes'
  const own = (claims: object): string =>
    token({ alg: 'HS256' }, { exp: nowMs / 1000 + 3_600, ...claims }, hmac(secret))
  const useSecret = (more: Partial<SignInInput> = {}) =>
    edit({ accepts: ['jwt'], sign_in: { kind: 'jwt', secret, key: 'Robot', ...more } })

  it('a token of a real issuer, found by discovery, has the rights of the client’s key, until it ends', async () => {
    useIssuer({ required_claims: [{ name: 'scope', value: 'orders' }] })
    const text = await issuer.token()
    const found = await signIns.verify(text, nowMs)
    assert.deepEqual(
      [found?.clientId, found?.way, found?.keyId, found?.subject],
      [makeClient().id, 'oidc', 'robotkey', 'erp'],
    )
    assert.deepEqual(signIns.known(text, nowMs + minuteMs), found)
    assert.equal(signIns.known(text, found?.expiresAtMs ?? 0), null)
    assert.equal(await signIns.verify(text, (found?.expiresAtMs ?? 0) + 1), null)
    assert.equal(await keyOf(await issuer.token('urn:somebody-else')), null)
    assert.deepEqual(said, [])
  })

  it('the claim that names a key names one of this client’s, by name or id; another’s, and a change since, refuse', async () => {
    useIssuer({ profile_claim: 'key', key: 'Second' })
    const text = await issuer.token()
    assert.equal(await keyOf(text), 'robotkey')
    take(editKey('Robot', '*', { name: 'Renamed' }))
    assert.equal(signIns.known(text, nowMs), null)
    assert.equal(await keyOf(text), null)
    take(editKey('Second', '*', { name: 'Robot' }))
    assert.equal(signIns.known(text, nowMs)?.keyId, 'secondky')
    take(removeKey('Robot'))
    assert.equal(signIns.known(text, nowMs), null)
    const { keys } = document
    const foreign = keys['foreignk']
    assert.ok(foreign)
    document = { ...document, keys: { ...keys, foreignk: { ...foreign, name: 'Robot' } } }
    assert.equal(await keyOf(text), null)
    document = {
      ...document,
      keys: {
        ...keys,
        Robot: { ...foreign, id: 'Robot', name: 'Any' },
        renamed1: { ...foreign, clientId: makeClient().id, name: 'Robot' },
      },
    }
    assert.equal(await keyOf(text), null, 'an id comes before a name')
  })

  it('the fixed key that was removed, or given to another client, lets nobody in any more', async () => {
    useSecret()
    const text = own({})
    assert.equal(await keyOf(text), 'robotkey')
    const robot = document.keys['robotkey']
    assert.ok(robot)
    document = { ...document, keys: { ...document.keys, robotkey: { ...robot, clientId: 'cl_other' } } }
    assert.deepEqual([signIns.known(text, nowMs), await keyOf(text)], [null, null])
    document = { ...document, keys: { ...document.keys, robotkey: robot } }
    assert.equal(signIns.known(text, nowMs)?.keyId, 'robotkey')
    take(removeKey('Robot'))
    assert.deepEqual([signIns.known(text, nowMs), await keyOf(text)], [null, null])
  })

  it('a secret is opened once, and anew only for other settings; then old tokens end at once', async () => {
    useSecret()
    const text = own({})
    assert.equal(await keyOf(text), 'robotkey')
    edit({ description: 'x' })
    take(editKey('Second', '*', { description: 'x' }))
    assert.equal(signIns.known(text, nowMs)?.keyId, 'robotkey')
    assert.equal(opened.length, 1)
    useSecret({ secret: `${secret} and another` })
    assert.deepEqual([signIns.known(text, nowMs), await keyOf(text)], [null, null])
    assert.equal(opened.length, 2)
    edit({ accepts: ['key'], sign_in: null })
    assert.equal(await keyOf(text), null)
  })

  it('a disabled client’s tokens still say whose they are, for its key to be refused as disabled', async () => {
    useSecret()
    take(disableClient('default'))
    assert.equal(await keyOf(own({})), 'robotkey')
  })

  it('a secret that does not open lets nobody in, is said once, and stops no other client', async () => {
    useIssuer({ key: 'Foreign' }, 'Other')
    useSecret()
    const client = document.clients[makeClient().id]
    assert.ok(client?.signIn)
    const signIn = { ...client.signIn, secret: { sealed: 'damaged', version: 1 } }
    document = { ...document, clients: { ...document.clients, [client.id]: { ...client, signIn } } }
    assert.equal(await keyOf(own({})), null)
    document = { ...document, clients: { ...document.clients } }
    assert.equal(await keyOf(await issuer.token()), 'foreignk')
    assert.equal(said.length, 1)
    assert.match(said[0] ?? '', /sign_in cl_0+: .* cannot be opened/)
    document = { ...document, clients: { ...document.clients, [client.id]: client } }
    assert.equal(await keyOf(own({})), 'robotkey')
    assert.deepEqual(said.slice(1), [`over: sign_in ${client.id}`])
    assert.ok(!said.join().includes(secret))
  })

  it('keys that the issuer turns are known with the first token by them', async () => {
    useIssuer()
    assert.equal(await keyOf(await issuer.token()), 'robotkey')
    issuer.turnKeys()
    const text = await issuer.token()
    assert.equal(await keyOf(text), null, 'asked a moment ago')
    nowMs += minuteMs / 2
    assert.equal(await keyOf(text), 'robotkey')
  })

  it('while the issuer is away known tokens and known keys go on, it is said once, and 10,000 forged tokens ask it once', async () => {
    useIssuer()
    useIssuer({ key: 'Foreign', audience: 'urn:other' }, 'Other')
    const [text, later, others] = [await issuer.token(), await issuer.token(), await issuer.token('urn:other')]
    assert.equal(await keyOf(text), 'robotkey')
    issuer.away = true
    try {
      nowMs += 40 * minuteMs
      assert.equal(await keyOf(text), 'robotkey')
      assert.equal(await keyOf(later), 'robotkey', 'by a key that was known')
      assert.equal(await keyOf(others), 'foreignk', 'clients share what is known of an issuer')
      assert.equal(signIns.known(text, nowMs + minuteMs)?.keyId, 'robotkey')
      nowMs += minuteMs
      issuer.asked.length = 0
      const [, claims = '', signature = ''] = text.split('.')
      const forged = Array.from({ length: 10_000 }, (_, at) => {
        const head = Buffer.from(JSON.stringify({ alg: 'RS256', kid: `forged ${at}` })).toString('base64url')
        return signIns.verify(`${head}.${claims}.${signature}`, nowMs)
      })
      assert.deepEqual(new Set(await Promise.all(forged)), new Set([null]))
      assert.equal(issuer.asked.length, 1)
      assert.equal(said.length, 1)
      assert.match(said[0] ?? '', /^sign_in_keys https:.* cannot be had \(it answered 503\)/)
    } finally {
      issuer.away = false
    }
    nowMs += minuteMs
    issuer.turnKeys()
    const text2 = await issuer.token()
    assert.equal(await keyOf(text2), 'robotkey')
    assert.deepEqual(said.slice(1), [`over: sign_in_keys ${issuer.issuer}`])
  })

  it('an issuer that is away and that nobody signs in by any more is no alarm', async () => {
    useIssuer()
    issuer.away = true
    try {
      assert.equal(await keyOf(own({ iss: issuer.issuer, aud: 'urn:postern' })), null)
      assert.equal(said.length, 0, 'what no client takes asks nobody')
      const [, claims] = own({ iss: issuer.issuer, aud: 'urn:postern' }).split('.')
      const head = Buffer.from('{"alg":"RS256"}').toString('base64url')
      assert.equal(await keyOf(`${head}.${claims}.AAAA`), null)
      assert.equal(said.length, 1)
      edit({ accepts: ['key'], sign_in: null })
      signIns.settle()
      assert.deepEqual(said.slice(1), [`over: sign_in_keys ${issuer.issuer}`])
    } finally {
      issuer.away = false
    }
  })

  it('an issuer that is not trusted, or says it is another, lets nobody in', async () => {
    const text = await issuer.token()
    useIssuer({ ca: null })
    assert.equal(await keyOf(text), null)
    useIssuer({ issuer: `${issuer.issuer}/`, allowed_issuers: [issuer.issuer] })
    assert.equal(await keyOf(text), null)
    assert.match(said.join('\n'), /self-signed|SELF_SIGNED/)
    assert.match(said.join('\n'), /metadata is of another issuer/)
    useIssuer({ issuer: null, jwks_url: `${issuer.issuer}/jwks`, allowed_issuers: [issuer.issuer] })
    assert.equal(await keyOf(text), 'robotkey')
  })
})
