/** Steps are pure, and the life of a key is what a much smaller model says, whatever is asked in whatever order. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { defaultClientId, stateOf, type KeyState, type RevealPolicy } from '@postern/shared'
import { firstDocument } from '../../../daemon/src/document/codec.ts'
import type { Document, KeyRecord } from '../../../daemon/src/document/document.ts'
import type { Step, StepContext } from '../../../daemon/src/document/step.ts'
import {
  disableKey,
  editKey,
  enableKey,
  issueKey,
  purgeRemovedKeys,
  removeKey,
  restoreKey,
  revokeOldSecret,
  rotateKey,
} from '../../../daemon/src/keys/key-steps.ts'
import { isProblem } from '../../../daemon/src/problem.ts'

const dayMs = 86_400_000
const startMs = Date.UTC(2026, 0, 31, 12)
const policies = ['always', 'once', 'never'] as const

/** Spellings, and which of them are one name. */
const spellings = [
  ['Straße', 0],
  ['STRASSE', 0],
  ['ﬁsh', 1],
  ['FISH', 1],
  ['Ｆｉｓｈ', 1],
  ['Ada', 2],
] as const

/** All that the model knows of a key. */
interface Modelled {
  name: number
  expiresMs: number | null
  disabled: boolean
  removedMs: number | null
  reveal: RevealPolicy
  version: number
  oldUntilMs: number | null
  revision: number
}
type Model = { nowMs: number; keys: Map<string, Modelled> }
/** What a command does to the model: the code it is refused with, `same` when nothing changes, or `changed`. */
type Verdict = 'changed' | 'same' | 'not_found' | 'name_taken' | 'conflict' | 'field_invalid'
interface Command {
  readonly says: string
  readonly step: (document: Document) => Step<unknown>
  readonly model: (model: Model) => Verdict
}

const idOf = (slot: number): string => `key0000${slot}`
const secretOf = (seed: number): string => String(seed).padStart(43, 's')

/** A command for a key that is there and not removed; others are refused. */
const onKey = (
  says: string,
  slot: number,
  step: () => Step<unknown>,
  model: (key: Modelled, all: Model) => Verdict,
): Command => ({
  says: `${says} ${slot}`,
  step,
  model: (all) => {
    const key = all.keys.get(idOf(slot))
    if (key === undefined || key.removedMs !== null) return 'not_found'
    const verdict = model(key, all)
    if (verdict === 'changed') key.revision += 1
    return verdict
  },
})

const slot = fc.nat(2)
const spelling = fc.constantFrom(...spellings)
const taken = ({ keys }: Model, name: number, except?: Modelled): boolean =>
  [...keys.values()].some((key) => key !== except && key.name === name)

const commands: fc.Arbitrary<Command>[] = [
  fc.oneof(fc.integer({ min: 1, max: 3 * dayMs }), fc.constantFrom(1_000, dayMs, 7 * dayMs, 30 * dayMs)).map((ms) => ({
    says: `wait ${ms}`,
    step: () => (document) => ({ document, result: null, entry: null }),
    model: (all) => {
      all.nowMs += ms
      return 'same'
    },
  })),
  fc
    .tuple(slot, spelling, fc.integer({ min: 1, max: 20 }), fc.constantFrom(...policies))
    .map(([at, [text, name], days, reveal]): Command => ({
      says: `issue ${at} ${text}`,
      // A key that is there keeps its id: drawing it again is a fault, which is not what is asked here.
      step: (document) =>
        Object.hasOwn(document.keys, idOf(at))
          ? (same) => ({ document: same, result: null, entry: null })
          : issueKey({ name: text, expires: { days }, reveal }, { keyId: idOf(at), secret: secretOf(at) }),
      model: (all) => {
        if (all.keys.has(idOf(at))) return 'same'
        if (taken(all, name)) return 'name_taken'
        const expiresMs = all.nowMs + days * dayMs
        const fresh = { disabled: false, removedMs: null, version: 1, oldUntilMs: null, revision: 1 }
        all.keys.set(idOf(at), { ...fresh, name, expiresMs, reveal })
        return 'changed'
      },
    })),
  slot.map((at) =>
    onKey(
      'describe',
      at,
      () => editKey(idOf(at), '*', { description: 'x' }),
      () => 'changed',
    ),
  ),
  fc.tuple(slot, spelling).map(([at, [text, name]]) =>
    onKey(
      `rename to ${text}`,
      at,
      () => editKey(idOf(at), '*', { name: text }),
      (key, all) => {
        if (taken(all, name, key)) return 'name_taken'
        key.name = name
        return 'changed'
      },
    ),
  ),
  fc.tuple(slot, fc.option(fc.nat(20))).map(([at, days]) =>
    onKey(
      `end in ${days}`,
      at,
      () =>
        editKey(idOf(at), '*', { expires: days === null ? { never: true } : days === 0 ? { at: 'now' } : { days } }),
      (key, { nowMs }) => {
        key.expiresMs = days === null ? null : nowMs + days * dayMs
        return 'changed'
      },
    ),
  ),
  fc.tuple(slot, fc.constantFrom(...policies)).map(([at, reveal]) =>
    onKey(
      `reveal ${reveal}`,
      at,
      () => editKey(idOf(at), '*', { reveal }),
      (key) => {
        if (policies.indexOf(reveal) < policies.indexOf(key.reveal)) return 'field_invalid'
        key.reveal = reveal
        return 'changed'
      },
    ),
  ),
  fc
    .tuple(
      slot,
      fc.constantFrom(-1, 0, 1, 86_400, 30 * 86_400, 30 * 86_400 + 1),
      fc.option(fc.constantFrom(...policies)),
    )
    .map(([at, seconds, reveal]) =>
      onKey(
        `rotate ${seconds}`,
        at,
        () =>
          rotateKey(idOf(at), { overlap_seconds: seconds, ...(reveal === null ? {} : { reveal }) }, secretOf(seconds)),
        (key, { nowMs }) => {
          if (seconds < 0 || seconds > 30 * 86_400) return 'field_invalid'
          key.version += 1
          key.reveal = reveal ?? key.reveal
          key.oldUntilMs = seconds === 0 ? null : nowMs + seconds * 1000
          return 'changed'
        },
      ),
    ),
  slot.map((at) =>
    onKey(
      'revoke old',
      at,
      () => revokeOldSecret(idOf(at)),
      (key, { nowMs }) => {
        if (key.oldUntilMs === null || key.oldUntilMs <= nowMs) return 'conflict'
        key.oldUntilMs = null
        return 'changed'
      },
    ),
  ),
  fc.tuple(slot, fc.boolean()).map(([at, off]) =>
    onKey(
      off ? 'disable' : 'enable',
      at,
      () => (off ? disableKey : enableKey)(idOf(at)),
      (key) => {
        if (key.disabled === off) return 'same'
        key.disabled = off
        return 'changed'
      },
    ),
  ),
  slot.map((at) =>
    onKey(
      'remove',
      at,
      () => removeKey(idOf(at)),
      (key, { nowMs }) => {
        key.removedMs = nowMs
        return 'changed'
      },
    ),
  ),
  slot.map((at) => ({
    says: `restore ${at}`,
    step: () => restoreKey(idOf(at)),
    model: ({ keys, nowMs }) => {
      const key = keys.get(idOf(at))
      if (key === undefined) return 'not_found'
      if (key.removedMs === null) return 'conflict'
      if (nowMs >= key.removedMs + 7 * dayMs) return 'not_found'
      key.removedMs = null
      key.revision += 1
      return 'changed'
    },
  })),
  fc.constant<Command>({
    says: 'purge',
    step: () => purgeRemovedKeys(defaultClientId),
    model: ({ keys, nowMs }) => {
      const gone = [...keys].filter(([, { removedMs }]) => removedMs !== null && nowMs >= removedMs + 7 * dayMs)
      for (const [id] of gone) keys.delete(id)
      return gone.length > 0 ? 'changed' : 'same'
    },
  }),
]

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value))
    for (const each of Object.values(Object.freeze(value))) frozen(each)
  return value
}

const msOf = (instant: string | null | undefined): number | null =>
  instant === null || instant === undefined ? null : Date.parse(instant)

const seen = (key: KeyRecord) => ({
  name: spellings.find(([text]) => text === key.name)?.[1],
  expiresMs: msOf(key.expiresAt),
  disabled: key.disabledAt !== null,
  removedMs: msOf(key.removedAt),
  reveal: key.reveal,
  version: key.secrets[0]?.version,
  oldUntilMs: msOf(key.secrets[1]?.validUntil),
  revision: key.revision,
})

const modelState = (key: Modelled, nowMs: number): KeyState => {
  if (key.removedMs !== null) return 'removed'
  if (key.disabled) return 'disabled'
  return key.expiresMs !== null && key.expiresMs <= nowMs ? 'expired' : 'active'
}

const attempt = (document: Document, step: Step<unknown>, context: StepContext) => {
  try {
    const stepped = step(document, context)
    return { document: stepped.document, verdict: stepped.entry === null ? 'same' : 'changed' }
  } catch (error) {
    if (!isProblem(error)) throw error
    return { document, verdict: error.code }
  }
}

describe('steps', () => {
  it('a key lives as the model says, from documents that cannot be written to, the same each time', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(...commands), { maxLength: 40, size: 'max' }), (asked) => {
        const model: Model = { nowMs: startMs, keys: new Map() }
        let document = frozen(firstDocument(startMs))
        for (const { says, step, model: modelled } of asked) {
          const expected = modelled(model)
          const sealSecret = (secret: string, id: string, version: number): string => `${id}/${version}/${secret}`
          const context = { nowMs: model.nowMs, zone: 'UTC', sealSecret }
          const did = attempt(document, step(document), context)
          assert.equal(did.verdict, expected, says)
          assert.deepEqual(attempt(document, step(document), context), did, says)
          if (did.verdict === 'same') assert.equal(did.document, document, says)
          document = frozen(did.document)
          const keys = Object.values(document.keys)
          assert.deepEqual(new Map(keys.map((key) => [key.id, seen(key)])), model.keys, says)
          for (const key of keys) {
            assert.equal(stateOf(key, model.nowMs), modelState(model.keys.get(key.id) ?? assert.fail(), model.nowMs))
            assert.equal(key.activeSince === null, key.disabledAt !== null, says)
            assert.ok(key.secrets.length <= 2 && key.secrets[0]?.validUntil === null, says)
            const kept = key.secrets.map(({ sealed }) => sealed !== null)
            assert.deepEqual(kept, [key.reveal === 'always', false].slice(0, kept.length), says)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})
