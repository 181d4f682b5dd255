/** The way a change happens: in its order, together with others, and not at all when it cannot be made durable. */
import assert from 'node:assert/strict'
import type { NewAuditEntry } from '../../daemon/src/audit/audit-trail.ts'
import { createChanges, type Who } from '../../daemon/src/change.ts'
import { firstDocument } from '../../daemon/src/document/codec.ts'
import type { Document } from '../../daemon/src/document/document.ts'
import { disableKey, enableKey, issueKey, type KeyIssued } from '../../daemon/src/keys/key-steps.ts'
import { drawKeyMaterial } from '../../daemon/src/keys/material.ts'
import { Problem } from '../../daemon/src/problem.ts'

const who: Who = { actor: { kind: 'local', name: 'tester', proof: 'claimed' }, requestId: 'r1' }

/** Rooms that write down what is asked of them. */
const rooms = ({ foretells = false } = {}) => {
  const happened: string[] = []
  const entries: NewAuditEntry[] = []
  const failing = { audit: false, write: false, foretell: false }
  const keystore = {
    document: firstDocument(0),
    generation: 1,
    nextGeneration: 2,
    write: async (next: Document): Promise<number> => {
      happened.push('write')
      const number = keystore.nextGeneration++
      await new Promise((resolve) => setImmediate(resolve))
      if (failing.write) throw new Problem('store_unavailable')
      keystore.document = next
      keystore.generation = number
      return number
    },
  }
  const changes = createChanges({
    keystore,
    audit: {
      append: async (added) => {
        happened.push(`audit ${added.map(({ outcome }) => outcome).join(',')}`)
        if (failing.audit) throw new Error('the trail cannot be written')
        entries.push(...added)
      },
    },
    ...(foretells
      ? {
          foretell: async (before, after, generation) => {
            assert.equal(before, keystore.document)
            assert.notEqual(after, before)
            happened.push(`foretell ${generation}`)
            if (failing.foretell) throw new Problem('store_unavailable')
            return {
              made: async () => void happened.push('made'),
              failed: async () => void happened.push('failed'),
            }
          },
        }
      : {}),
    guard: (change) => change(),
    publish: (document, generation) => {
      assert.equal(document, keystore.document)
      happened.push(`publish ${generation}`)
    },
    context: () => ({ nowMs: 0, zone: 'UTC', sealSecret: () => 'sealed' }),
  })
  const issue = (name: string): Promise<KeyIssued> => changes.change(who, issueKey({ name }, drawKeyMaterial()))
  return { happened, entries, failing, keystore, changes, issue }
}

describe('change', () => {
  it('intent, then write, then publish, then the answer', async () => {
    const { happened, entries, issue } = rooms()
    const { key } = await issue('Robot').finally(() => happened.push('answer'))
    assert.deepEqual(happened, ['audit intent', 'write', 'publish 2', 'answer'])
    assert.deepEqual(entries[0], {
      actor: who.actor,
      action: 'key.issue',
      object: { kind: 'key', id: key.id, name: 'Robot' },
      client: 'cl_000000000000',
      outcome: 'intent',
      generation: 2,
      request_id: 'r1',
    })
  })

  it('a change is foretold before it is written, and told of once calls are judged by it, or once it has failed', async () => {
    const { happened, failing, issue, keystore } = rooms({ foretells: true })
    await issue('Robot').finally(() => happened.push('answer'))
    assert.deepEqual(happened.splice(0), ['audit intent', 'foretell 2', 'write', 'publish 2', 'made', 'answer'])
    failing.write = true
    await assert.rejects(issue('Second'), { code: 'store_unavailable' })
    assert.deepEqual(happened.splice(0), ['audit intent', 'foretell 3', 'write', 'failed', 'audit not_committed'])
    failing.foretell = true
    await assert.rejects(issue('Third'), { code: 'store_unavailable' })
    assert.deepEqual(happened, ['audit intent', 'foretell 4', 'audit not_committed'])
    assert.equal(Object.keys(keystore.document.keys).length, 1)
  })

  it('changes that come together share a write, and each sees the ones before it', async () => {
    const { happened, issue, keystore } = rooms()
    const all = await Promise.allSettled(Array.from({ length: 100 }, (_, at) => issue(`key ${at % 90}`)))
    assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 90)
    assert.equal(Object.keys(keystore.document.keys).length, 90)
    assert.ok(happened.filter((each) => each === 'write').length <= 3)
  })

  it('a refused step rejects alone and writes nothing', async () => {
    const { happened, changes, issue } = rooms()
    await assert.rejects(changes.change(who, disableKey('nobody')), { code: 'not_found' })
    assert.deepEqual(happened, [])
    const [good, bad] = await Promise.allSettled([issue('Robot'), issue('x')])
    assert.deepEqual([good.status, bad.status], ['fulfilled', 'rejected'])
  })

  it('a step that changes nothing is answered without a write', async () => {
    const { happened, changes, issue } = rooms()
    const { key } = await issue('Robot')
    await changes.change(who, disableKey(key.id))
    happened.splice(0)
    await changes.change(who, disableKey(key.id))
    assert.deepEqual(happened, [])
  })

  it('without a durable intent nothing is written', async () => {
    const { happened, failing, issue, keystore } = rooms()
    failing.audit = true
    await assert.rejects(issue('Robot'), /trail/)
    assert.deepEqual(happened, ['audit intent'])
    assert.deepEqual(keystore.document.keys, {})
  })

  it('a failed write is taken back in the trail, publishes nothing, and the next change succeeds', async () => {
    const { happened, entries, failing, issue } = rooms()
    failing.write = true
    await assert.rejects(issue('Robot'), { code: 'store_unavailable' })
    assert.deepEqual(happened, ['audit intent', 'write', 'audit not_committed'])
    assert.equal(entries.at(-1)?.generation, 2)
    failing.write = false
    await issue('Robot')
    assert.equal(happened.at(-1), 'publish 3')
  })

  it('nobody is answered while the write is under way, and who comes meanwhile shares the next one', async () => {
    const { happened, changes, keystore, issue } = rooms()
    const write = keystore.write
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const began = new Promise<void>((resolve) => {
      keystore.write = async (next) => {
        resolve()
        await held
        return write(next)
      }
    })
    let answered = 0
    const count = (): void => void (answered += 1)
    const first = issue('First').then(count)
    await began
    // A step that changes nothing waits too: what it saw may be what is being written.
    const joined = [
      ...Array.from({ length: 99 }, (_, at) => issue(`Joined ${at}`)),
      changes.change(who, enableKey('First')),
    ].map((each) => each.then(count))
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(answered, 0)
    release()
    await Promise.all([first, ...joined])
    assert.equal(answered, 101)
    const intents = `audit ${'intent,'.repeat(99).slice(0, -1)}`
    assert.deepEqual(happened, ['audit intent', 'write', 'publish 2', intents, 'write', 'publish 3'])
  })

  it('a failed write rejects everyone who shared it, and changes nothing in memory', async () => {
    const { happened, failing, keystore, issue } = rooms()
    const before = keystore.document
    failing.write = true
    const all = await Promise.allSettled([issue('One two'), issue('x'), issue('Three')])
    assert.deepEqual(
      all.map((each) => each.status === 'rejected' && (each.reason as Problem).code),
      ['store_unavailable', 'field_invalid', 'store_unavailable'],
    )
    assert.equal(keystore.document, before)
    assert.deepEqual(happened, ['audit intent,intent', 'write', 'audit not_committed'])
  })

  it('when even the taking back cannot be written, the caller hears of the write', async () => {
    const { failing, keystore, issue } = rooms()
    keystore.write = async () => {
      failing.audit = true
      throw new Problem('store_unavailable')
    }
    await assert.rejects(issue('Robot'), { code: 'store_unavailable' })
  })

  it('an exclusive job and changes never overlap', async () => {
    const { happened, changes, issue } = rooms()
    const first = issue('One two')
    const job = changes.exclusively(async () => {
      happened.push('job starts')
      await new Promise((resolve) => setImmediate(resolve))
      happened.push('job ends')
    })
    await Promise.all([first, job, issue('Three')])
    assert.equal(happened.indexOf('job ends') - happened.indexOf('job starts'), 1)
    await assert.rejects(changes.exclusively(() => Promise.reject(new Error('x'))))
    await issue('After a failed job')
  })

  it('a taking back that could not be written goes before the next intents', async () => {
    const { happened, entries, failing, issue } = rooms()
    failing.write = true
    const once = issue('Robot')
    while (!happened.includes('write')) await Promise.resolve()
    failing.audit = true
    await assert.rejects(once, { code: 'store_unavailable' })
    failing.write = false
    failing.audit = false
    await issue('Robot')
    assert.deepEqual(
      entries.map(({ outcome, generation }) => [outcome, generation]),
      [
        ['intent', 2],
        ['not_committed', 2],
        ['intent', 3],
      ],
    )
  })
})
