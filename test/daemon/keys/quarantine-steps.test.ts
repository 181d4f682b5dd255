/** Keys that wait after an older folder came up: let live by name or together, in one change. */
import assert from 'node:assert/strict'
import type { Document } from '../../../daemon/src/document/document.ts'
import type { Step } from '../../../daemon/src/document/step.ts'
import {
  disableKey,
  enableKey,
  issueKey,
  removeKey,
  revokeOldSecret,
  rotateKey,
} from '../../../daemon/src/keys/key-steps.ts'
import { releaseKeys } from '../../../daemon/src/keys/quarantine-steps.ts'
import { quarantine, reapply } from '../../../daemon/src/revocations/reapply.ts'
import { standingOfKey } from '../../../daemon/src/revocations/standing.ts'
import { applied, beginning, keyIdOf, reread, secretOf, startMs, timeOf } from '../../support/revocation-document.ts'

const nowIso = new Date(timeOf(2)).toISOString()
const context = { nowMs: timeOf(3), zone: 'UTC', sealSecret: (secret: string) => secret }
const run = <R>(document: Document, step: Step<R>) => step(document, context)

/** Three keys; the last two were disabled and removed by somebody. */
const three = (): Document => {
  let document = beginning()
  for (const n of [0, 1, 2])
    document = run(document, issueKey({ name: `Key ${n}` }, { keyId: keyIdOf(n), secret: secretOf(n, 1) })).document
  document = run(document, disableKey(keyIdOf(1))).document
  return run(document, removeKey(keyIdOf(2))).document
}
const stands = (document: Document): unknown[] =>
  Object.values(document.keys).map(({ disabledAt, quarantinedAt, activeSince }) => [
    disabledAt !== null,
    quarantinedAt !== null,
    activeSince !== null,
  ])

describe('keys that wait', () => {
  it('are the live ones; whoever was disabled or removed stays that and is not released with the others', () => {
    const { document, keys } = quarantine(three(), nowIso)
    assert.deepEqual(
      keys.map(({ id }) => id),
      [keyIdOf(0)],
    )
    const waiting = [
      [true, true, false],
      [true, false, false],
      [false, false, true],
    ]
    assert.deepEqual(stands(reread(document)), waiting)
    const { document: after, result, entry } = run(document, releaseKeys('all'))
    assert.deepEqual(
      result.map(({ id }) => id),
      [keyIdOf(0)],
    )
    assert.deepEqual(stands(after)[0], [false, false, true])
    assert.deepEqual([entry?.action, entry?.object.kind, entry?.object.id], ['key.release', 'key', keyIdOf(0)])
    assert.equal(run(after, releaseKeys('all')).entry, null)
  })

  it('enabling one ends its wait; one that does not wait, or is not there, is refused and nothing is released', () => {
    const { document } = quarantine(three(), nowIso)
    assert.deepEqual(stands(run(document, enableKey(keyIdOf(0))).document)[0], [false, false, true])
    assert.throws(() => run(document, releaseKeys([keyIdOf(0), keyIdOf(1)])), { code: 'conflict' })
    assert.throws(() => run(document, releaseKeys([keyIdOf(0), 'nobody'])), { code: 'not_found' })
  })

  it('a key whose value was lost goes on from the number of its last rotation, and no old value comes along', () => {
    const old = applied(beginning(), { do: 'issue', days: null }, startMs)
    const newer = [0, 1].reduce((document) => run(document, rotateKey(keyIdOf(0), {}, secretOf(0, 9))).document, old)
    const held = newer.keys[keyIdOf(0)]
    assert.ok(held !== undefined)
    const { document, done } = reapply(old, [standingOfKey(held)], nowIso)
    assert.deepEqual(done[0]?.what, ['rotated'])
    assert.deepEqual(stands(reread(document))[0], [true, true, false])
    assert.equal(run(document, releaseKeys([keyIdOf(0)])).result[0]?.secrets[0]?.version, 3)
    const { key } = run(document, rotateKey(keyIdOf(0), { overlap_seconds: 3_600 }, secretOf(0, 4))).result
    assert.deepEqual(
      key.secrets.map(({ version, validUntil }) => [version, validUntil]),
      [[4, null]],
    )
  })

  it('an old value that still had time keeps it, its key lives, and ending that leaves a key that can be read again', () => {
    const old = applied(beginning(), { do: 'issue', days: null }, startMs)
    const newer = run(old, rotateKey(keyIdOf(0), { overlap_seconds: 86_400 }, secretOf(0, 2))).document
    const held = newer.keys[keyIdOf(0)]
    assert.ok(held !== undefined)
    const { document } = reapply(old, [standingOfKey(held)], nowIso)
    const until = new Date(timeOf(3) + 86_400_000).toISOString()
    assert.deepEqual(
      document.keys[keyIdOf(0)]?.secrets.map(({ version, validUntil }) => [version, validUntil]),
      [
        [2, nowIso],
        [1, until],
      ],
    )
    assert.deepEqual(stands(document)[0], [false, false, true])
    const ended = run(document, revokeOldSecret(keyIdOf(0))).document
    assert.deepEqual(
      reread(ended).keys[keyIdOf(0)]?.secrets.map(({ version }) => version),
      [2],
    )
  })
})
