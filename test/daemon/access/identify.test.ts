/** A key is named by its whole secret and by nothing less. */
import assert from 'node:assert/strict'
import { formatKeyValue } from '@postern/shared'
import { buildIndex } from '../../../daemon/src/access/build-index.ts'
import { identify, identifyProven, type Proven } from '../../../daemon/src/access/identify.ts'
import { makeDocument, makeKey, makeSecret, randomText } from '../../support/access-document.ts'

const nowMs = Date.parse('2026-06-01T00:00:00.000Z')
const later = '2026-06-01T00:00:00.001Z'

describe('identify', () => {
  const key = makeKey()
  const other = makeKey()
  const removed = makeKey({ removedAt: '2026-05-01T00:00:00.000Z' })
  const index = buildIndex(makeDocument({ keys: [key, other, removed] }), 1)
  const byValue = (value: string) => identify(index, { kind: 'value', value }, nowMs)
  const byPair = (keyId: string, secret: string) => identify(index, { kind: 'pair', keyId, secret }, nowMs)

  it('a key value names its key, and so does the pair of id and secret', () => {
    assert.equal(byValue(key.value)?.key.id, key.record.id)
    assert.equal(byPair(key.record.id, key.pairSecret)?.key.id, key.record.id)
    assert.equal(byValue(key.value)?.secret, 'current')
  })

  it('a wrong secret with a right checksum names none', () => {
    assert.equal(byValue(formatKeyValue({ keyId: key.record.id, secret: randomText(43) })), null)
  })

  it('every single changed character names none', () => {
    for (let at = 0; at < key.value.length; at++) {
      const changed = key.value.slice(0, at) + (key.value[at] === 'A' ? 'B' : 'A') + key.value.slice(at + 1)
      assert.equal(byValue(changed), null, `at ${at}`)
    }
  })

  it("one key's secret under another's id, an unknown id and a removed key name none", () => {
    const secret = key.value.slice(17, 60)
    assert.equal(byValue(formatKeyValue({ keyId: other.record.id, secret })), null)
    assert.equal(byValue(formatKeyValue({ keyId: randomText(8), secret })), null)
    assert.equal(byValue(removed.value), null)
    assert.equal(byPair(other.record.id, key.pairSecret), null)
  })

  it('text that is almost a key value names none', () => {
    for (const text of ['', 'postern_', '__proto__', 'constructor', `${key.value} `, ` ${key.value}`, `${key.value}\n`])
      assert.equal(byValue(text), null, JSON.stringify(text))
  })

  it('after a rotation the old secret is good until its overlap ends, and is told apart', () => {
    const id = randomText(8)
    const current = makeSecret(id)
    const old = makeSecret(id, later)
    const rotated = makeKey({ id, secrets: [current.record, old.record] })
    const rotatedIndex = buildIndex(makeDocument({ keys: [rotated] }), 1)
    const ask = (value: string, atMs: number) => identify(rotatedIndex, { kind: 'value', value }, atMs)?.secret ?? null
    assert.equal(ask(current.value, nowMs), 'current')
    assert.equal(ask(old.value, nowMs), 'old')
    assert.equal(ask(old.value, Date.parse(later)), null)
    assert.equal(ask(current.value, Date.parse(later)), 'current')
  })

  it('an overlap whose end cannot be read has ended', () => {
    const id = randomText(8)
    const old = makeSecret(id, 'some day')
    const unclear = buildIndex(
      makeDocument({ keys: [makeKey({ id, secrets: [makeSecret(id).record, old.record] })] }),
      1,
    )
    assert.equal(identify(unclear, { kind: 'value', value: old.value }, nowMs), null)
  })

  it('a verifier that is none admits nobody and breaks nothing', () => {
    const id = randomText(8)
    const secret = makeSecret(id)
    const damaged = makeKey({ id, secrets: [{ ...secret.record, verifier: '' }] })
    const damagedIndex = buildIndex(makeDocument({ keys: [damaged] }), 1)
    assert.equal(identify(damagedIndex, { kind: 'value', value: secret.value }, nowMs), null)
  })

  it('a token goes as far as its client takes such tokens, its secret lasts, and it was said for this very client', () => {
    const id = randomText(8)
    const secrets = [makeSecret(id).record, { ...makeSecret(id, later).record, version: 1 }]
    const made = makeKey({ id, secrets, collections: ['co_erp'], scopes: ['exports:read'] })
    const tokenIndex = buildIndex(makeDocument({ keys: [made] }), 1)
    const proven: Proven = {
      kind: 'proven',
      way: 'oauth2',
      keyId: id,
      clientId: null,
      secretVersion: 2,
      subject: null,
      expiresAtMs: Date.parse(later) + 1_000,
      scope: null,
    }
    const ask = (more: Partial<Proven>, atMs = nowMs) => identifyProven(tokenIndex, { ...proven, ...more }, atMs)
    assert.equal(ask({})?.secret, 'current')
    assert.equal(ask({ secretVersion: 1 })?.secret, 'old')
    assert.equal(ask({ secretVersion: null })?.secret, 'current')
    for (const none of [
      { keyId: 'nobody00' },
      { secretVersion: 7 },
      { way: 'oidc' as const },
      { clientId: 'cl_other' },
    ])
      assert.equal(ask(none), null, JSON.stringify(none))
    assert.equal(ask({ secretVersion: 1 }, Date.parse(later)), null)
    assert.equal(ask({}, proven.expiresAtMs), null)
    const narrowed = ask({ scope: ['co_erp', 'co_else'], subject: 'anna' })
    assert.deepEqual([...(narrowed?.key.collections ?? [])], ['co_erp'])
    assert.deepEqual([narrowed?.key.scopes, narrowed?.key.subject], [[], 'anna'])
    assert.equal(ask({ scope: ['co_erp', 'co_else'], subject: 'anna' })?.key, narrowed?.key)
    assert.deepEqual(ask({ scope: ['exports:read'] })?.key.scopes, ['exports:read'])
  })
})
