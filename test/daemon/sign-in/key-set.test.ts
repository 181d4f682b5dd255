/** However many tokens name keys that nobody knows, an issuer is asked seldom; when it cannot be, what was known holds. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createKeySet, freshMs, metadataUrl, pauseMs, type IssuerAddress } from '../../../daemon/src/sign-in/key-set.ts'
import { ecPair, jwk } from '../../support/tokens.ts'

const issuer = 'https://login.example.com/tenant'
const keysAt = 'https://keys.example.com/jwks'
const metadata = { issuer, jwks_uri: keysAt }
const [one, two] = [ecPair().publicKey, ecPair().publicKey]

/** An issuer that says what it is told to. */
const bed = (at: Partial<IssuerAddress> = {}) => {
  const state = {
    metadata: metadata as unknown,
    keys: [jwk(one, { kid: 'one' })],
    down: null as string | null,
    asked: [] as string[],
    cas: new Set<string | null>(),
    said: [] as string[],
  }
  const fetchJson = async (url: string, ca: string | null): Promise<unknown> => {
    state.asked.push(url)
    state.cas.add(ca)
    await Promise.resolve()
    if (state.down !== null) throw new Error(state.down)
    return url === keysAt ? { keys: state.keys } : state.metadata
  }
  const set = createKeySet(
    { issuer, jwksUrl: null, ca: null, ...at },
    {
      fetchJson,
      onOutage: (_, why) => state.said.push(why),
      onOutageEnd: () => state.said.push('over'),
    },
  )
  const finds = async (kid: string | undefined, nowMs: number): Promise<boolean> =>
    (await set.find({ alg: 'ES256', kid }, nowMs)).length > 0
  const jwksAsked = (): number => state.asked.filter((url) => url === keysAt).length
  return Object.assign(state, { set, finds, jwksAsked })
}

describe('the keys of an issuer', () => {
  it('are found by its metadata, or at the address given, with the certificates given', async () => {
    const by = bed()
    assert.equal(await by.finds('one', 0), true)
    assert.deepEqual(by.asked, [`${issuer}/.well-known/openid-configuration`, keysAt])
    const direct = bed({ issuer: null, jwksUrl: keysAt, ca: 'PEM' })
    assert.equal(await direct.finds('one', 0), true)
    assert.deepEqual([direct.asked, [...direct.cas]], [[keysAt], ['PEM']])
    assert.equal(metadataUrl('https://a.example/'), 'https://a.example/.well-known/openid-configuration')
  })

  it('10,000 forged or stale names of keys cause one question in 30 seconds, at once or one by one', async () => {
    const by = bed()
    await by.finds('one', 0)
    const many = Array.from({ length: 10_000 }, (_, at) => by.finds(`forged ${at}`, pauseMs))
    assert.deepEqual(new Set(await Promise.all(many)), new Set([false]))
    assert.equal(by.jwksAsked(), 2)
    for (let at = 0; at < 10_000; at++) await by.finds(`forged ${at}`, pauseMs + at * 2)
    assert.equal(by.jwksAsked(), 2)
    await by.finds('forged', 2 * pauseMs)
    assert.equal(by.jwksAsked(), 3)
    // Where the keys are is not asked each time.
    assert.equal(by.asked.length, 4)
  })

  it('a new key is known within 30 seconds of the first token by it, a withdrawn one is gone within 10 minutes', async () => {
    const by = bed()
    await by.finds('one', 0)
    by.keys = [jwk(two, { kid: 'two' })]
    assert.equal(await by.finds('two', pauseMs - 1), false)
    assert.equal(await by.finds('one', pauseMs - 1), true)
    assert.equal(await by.finds('two', pauseMs), true)
    assert.equal(await by.finds('one', pauseMs), false)
    by.keys = []
    assert.equal(await by.finds('two', pauseMs + freshMs - 1), true)
    assert.equal(await by.finds('two', pauseMs + freshMs), false)
  })

  it('hold through an outage for as long as it lasts; it is said once, and so is its end', async () => {
    const by = bed()
    await by.finds('one', 0)
    by.down = 'it answered 503'
    const outage = 100 * freshMs
    for (let at = freshMs; at < outage; at += freshMs / 4) assert.equal(await by.finds('one', at), true)
    assert.equal(await by.finds('two', outage), false)
    assert.deepEqual(by.said, ['it answered 503'])
    by.down = null
    by.keys.push(jwk(two, { kid: 'two' }))
    assert.equal(await by.finds('two', outage + pauseMs), true)
    assert.deepEqual(by.said, ['it answered 503', 'over'])
  })

  it('during an outage nobody with a known key waits for an answer that does not come', async () => {
    let count = 0
    const never = createKeySet(
      { issuer: null, jwksUrl: keysAt, ca: null },
      {
        fetchJson: () => {
          count += 1
          if (count === 1) return Promise.resolve({ keys: [jwk(one, { kid: 'one' })] })
          return count === 2 ? Promise.reject(new Error('down')) : new Promise(() => undefined)
        },
        onOutage: () => undefined,
        onOutageEnd: () => undefined,
      },
    )
    const wanted = { alg: 'ES256', kid: 'one' } as const
    assert.equal((await never.find(wanted, 0)).length, 1)
    assert.equal((await never.find(wanted, freshMs)).length, 1)
    assert.equal((await never.find(wanted, freshMs + pauseMs)).length, 1)
  })

  it('none are taken from metadata of another issuer, or from an address that is not https', async () => {
    for (const bad of [
      { ...metadata, issuer: `${issuer}/` },
      { ...metadata, issuer: 'https://evil.example' },
      { jwks_uri: keysAt },
      { issuer },
      { ...metadata, jwks_uri: 'http://keys.example.com/jwks' },
      { ...metadata, jwks_uri: 'file:///etc/passwd' },
      { ...metadata, jwks_uri: 'https://169.254.169.254/jwks' },
      { ...metadata, jwks_uri: ['https://keys.example.com/jwks'] },
      null,
      [],
      'text',
    ]) {
      const by = bed()
      by.metadata = bad
      assert.equal(await by.finds('one', 0), false, JSON.stringify(bad))
      assert.equal(by.jwksAsked(), 0)
      assert.equal(by.said.length, 1)
    }
  })

  it('an answer that is no set of keys counts as an outage and takes nothing away', async () => {
    const by = bed()
    await by.finds('one', 0)
    by.keys = 'maintenance' as never
    assert.equal(await by.finds('one', freshMs), true)
    assert.deepEqual(by.said, ['the answer is no set of keys'])
  })

  it('whenever calls come, in order or not, no two questions are less than 30 seconds apart', async () => {
    const call = fc.record({
      kid: fc.constantFrom('one', 'two', undefined),
      nowMs: fc.nat({ max: 2_000_000 }),
      down: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 40 }), async (calls) => {
        const by = bed({ issuer: null, jwksUrl: keysAt })
        const times: number[] = []
        for (const { kid, nowMs, down } of calls) {
          by.down = down ? 'down' : null
          const before = by.asked.length
          await by.finds(kid, nowMs)
          if (by.asked.length > before) times.push(nowMs)
        }
        for (const [at, time] of times.entries())
          if (at > 0) assert.ok(Math.abs(time - (times[at - 1] ?? 0)) >= pauseMs)
      }),
    )
  })
})
