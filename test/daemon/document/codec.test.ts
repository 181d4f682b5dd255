/** The document as bytes: what is written reads back, and what does not fit is refused whole. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { documentCodec, firstDocument } from '../../../daemon/src/document/codec.ts'
import { documentVersion, type Document } from '../../../daemon/src/document/document.ts'
import { issueKey } from '../../../daemon/src/keys/key-steps.ts'
import { drawKeyMaterial } from '../../../daemon/src/keys/material.ts'

const nowMs = Date.UTC(2026, 0, 1)
const context = { nowMs, zone: 'UTC', sealSecret: () => 'sealed' }
const read = (document: unknown): Document => documentCodec.parse(Buffer.from(JSON.stringify(document)))

describe('document codec', () => {
  it('reads back what it wrote, whatever the texts', () => {
    const name = fc.string({
      minLength: 3,
      maxLength: 20,
      unit: fc.constantFrom(...'abcXYZ ÄßéЖ中😀"\\\''.split(/(?:)/u)),
    })
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 5 }), fc.string({ maxLength: 50 }), (names, owner) => {
        let document = firstDocument(nowMs)
        for (const each of names) {
          try {
            document = issueKey({ name: each, owner: owner.replaceAll(/[\p{C}]/gu, '') }, drawKeyMaterial())(
              document,
              context,
            ).document
          } catch {
            // A name that is refused, or taken by another form of itself, is not what this is about.
          }
        }
        const bytes = documentCodec.serialise(document)
        assert.deepEqual(documentCodec.parse(bytes), document)
        assert.deepEqual(JSON.parse(bytes.toString()), document)
      }),
    )
  })

  it('every shelf reads back, field by field', () => {
    const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value)
    const instant = fc
      .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((at) => at.toISOString())
    const text = fc.string({ unit: 'binary', maxLength: 20 })
    const base = { revision: fc.nat().map((n) => n + 1), createdAt: instant, disabledAt: nullable(instant) }
    const record = { ...base, updatedAt: instant, description: text }
    const refs = nullable(fc.array(text, { maxLength: 3 }))
    const plain = { ...record, name: text }
    const named = { ...plain, project: nullable(text) }
    const addresses = fc.record({ allow: nullable(fc.array(text, { minLength: 1 })), deny: fc.array(text) })
    const secret = fc.record({
      version: fc.nat(),
      origin: fc.constantFrom('drawn', 'imported'),
      verifier: fc.string({ minLength: 43, maxLength: 43 }),
      last4: text,
      sealed: nullable(text),
      createdAt: instant,
      validUntil: nullable(instant),
    })
    const key = fc.record({
      ...base,
      name: text,
      description: text,
      owner: nullable(text),
      subject: nullable(text),
      endpoints: refs,
      methods: nullable(fc.subarray(['GET', 'POST'])),
      addresses,
      policies: fc.array(text),
      grants: nullable(fc.array(fc.record({ tokenId: text, rights: fc.subarray(['view', 'reveal', 'manage']) }))),
      clientId: text,
      collections: refs,
      scopes: fc.subarray(['exports:read']),
      honey: nullable(fc.record({ blockSeconds: fc.nat() })),
      reveal: fc.constantFrom('always', 'once', 'never'),
      secrets: fc.array(secret, { minLength: 1, maxLength: 2 }),
      expiresAt: nullable(instant),
      activeSince: nullable(instant),
      removedAt: nullable(instant),
      quarantinedAt: nullable(instant),
    })
    const endpoint = fc.record({
      ...record,
      collectionId: text,
      method: fc.constantFrom('GET', 'POST', 'ANY'),
      path: text,
      host: nullable(text),
      upstream: nullable(text),
      upstreamCa: nullable(text),
      queryParameter: nullable(text),
      principal: fc.boolean(),
      deprecation: nullable(fc.record({ since: instant, sunset: nullable(instant), link: nullable(text) })),
      bodyBytesMax: fc.nat(),
      connectTimeoutMs: fc.nat(),
      answerTimeoutMs: fc.nat(),
      idleTimeoutMs: fc.nat(),
    })
    const shelf = <T extends object>(prefix: string, each: fc.Arbitrary<T>) =>
      fc
        .array(each, { maxLength: 3 })
        .map((all) => Object.fromEntries(all.map((value, at) => [prefix + at, { id: prefix + at, ...value }])))
    const sealed = fc.record({ sealed: text, version: fc.nat() })
    const signIn = fc.record({
      kind: fc.constantFrom('jwt', 'oidc'),
      algorithms: fc.subarray(['HS256', 'RS256', 'EdDSA'], { minLength: 1 }),
      secret: nullable(sealed),
      publicKey: nullable(text),
      issuer: nullable(text),
      jwksUrl: nullable(text),
      ca: nullable(text),
      allowedIssuers: fc.array(text),
      audience: nullable(text),
      requiredClaims: fc.array(fc.record({ name: text, value: nullable(text) })),
      profileClaim: nullable(text),
      keyId: nullable(text),
    })
    const document = fc.record({
      version: fc.constant(documentVersion),
      keys: shelf('key', key),
      clients: shelf(
        'cl_',
        fc.record({
          ...named,
          email: nullable(text),
          collections: refs,
          addresses,
          policies: fc.array(text),
          accepts: fc.subarray(['key', 'oauth2', 'jwt', 'oidc']),
          signIn: nullable(signIn),
          administrator: fc.boolean(),
        }),
      ),
      collections: shelf('co_', fc.record({ ...named, version: text })),
      endpoints: shelf('ep_', endpoint),
      policies: shelf(
        'po_',
        fc.record({
          ...plain,
          windows: fc.array(fc.record({ per: fc.constantFrom('second', 'month'), calls: fc.integer({ min: 1 }) })),
          concurrent: nullable(fc.integer({ min: 1 })),
        }),
      ),
      adminTokens: shelf(
        'at_',
        fc.record({
          ...plain,
          role: fc.constantFrom('viewer', 'operator', 'administrator'),
          verifier: fc.constant('v'.repeat(43)),
          last4: text,
          expiresAt: nullable(instant),
        }),
      ),
      blocks: shelf('10.0.0.', fc.record({ keyId: text, createdAt: instant, until: instant })),
      settings: fc.record({
        revision: fc.constant(1),
        revealDefault: fc.constantFrom('always', 'once', 'never'),
        socketRequestsPerSecond: fc.nat(),
        channels: fc.record({
          mail: fc.constant(null),
          webhook: nullable(
            fc.record({ url: text, secret: fc.record({ sealed: text, version: fc.nat() }), ca: nullable(text) }),
          ),
          syslog: fc.constant(null),
          system: nullable(fc.record({ name: text })),
        }),
        trailReceiver: nullable(fc.record({ host: text, port: fc.nat(), ca: nullable(text) })),
        calendar: nullable(fc.record({ verifier: fc.constant('v'.repeat(43)), createdAt: instant })),
        confirmedKits: fc.array(fc.record({ slotId: text, at: instant }), { maxLength: 2 }),
        backupSchedule: nullable(fc.record({ cron: text, dir: text, keep: fc.nat() })),
        drillSchedule: nullable(fc.record({ cron: text })),
        credentialHeader: nullable(text),
        importPepper: nullable(fc.constant('p'.repeat(43))),
        adminRequestsPerSecond: fc.nat(),
        wrongCredentialsPerMinute: fc.nat(),
        publicUrl: nullable(text),
        signingKeys: fc.array(
          fc.record({
            id: text,
            publicKey: text,
            privateKey: fc.record({ sealed: text, version: fc.nat() }),
            createdAt: instant,
            signsFrom: instant,
          }),
        ),
      }),
    }) as fc.Arbitrary<Document>
    fc.assert(
      fc.property(document, (drawn) => {
        const bytes = documentCodec.serialise(drawn)
        const back = documentCodec.parse(bytes)
        assert.deepEqual(back, JSON.parse(JSON.stringify(drawn)))
        assert.deepEqual(documentCodec.parse(documentCodec.serialise(back)), back)
        for (const name of ['keys', 'clients', 'collections', 'endpoints', 'blocks'] as const)
          for (const [id, each] of Object.entries(back[name]))
            assert.throws(() => read({ ...back, [name]: { [id]: { ...each, extra: 1 } } }), /extra/)
        assert.throws(() => read({ ...back, settings: { ...back.settings, extra: 1 } }), /extra/)
      }),
      { numRuns: 50 },
    )
  })

  it('a newer version is refused by name; anything that is no document by an error', () => {
    assert.throws(() => read({ ...firstDocument(nowMs), version: documentVersion + 1 }), {
      code: 'keystore_too_new',
      message: new RegExp(`version ${documentVersion + 1}`),
    })
    for (const wrong of [
      null,
      [],
      'x',
      1,
      {},
      { version: 0 },
      { version: '1' },
      { version: 1.5 },
      { version: 1 },
      { ...firstDocument(nowMs), extra: 1 },
    ])
      assert.throws(() => read(wrong))
    assert.throws(() => documentCodec.parse(Buffer.from('{')))
  })

  it('a record with a field missing, unknown or of another kind is refused', () => {
    const good = issueKey({ name: 'Robot' }, drawKeyMaterial())(firstDocument(nowMs), context).document
    const [key] = Object.values(good.keys)
    assert.ok(key !== undefined)
    for (const change of [
      { name: 1 },
      { extra: 1 },
      { secrets: [] },
      { expiresAt: 'soon' },
      { revision: 0 },
      { reveal: 'maybe' },
      { clientId: undefined },
    ])
      assert.throws(() => read({ ...good, keys: { [key.id]: { ...key, ...change } } }), JSON.stringify(change))
  })
})
