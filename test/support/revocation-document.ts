/** Documents and commands for tests of what is taken back: a random history of keys and clients, by the real steps. */
import fc from 'fast-check'
import { documentCodec, firstDocument } from '../../daemon/src/document/codec.ts'
import type { Document } from '../../daemon/src/document/document.ts'
import type { Step } from '../../daemon/src/document/step.ts'
import { createClient, disableClient, enableClient } from '../../daemon/src/keys/client-steps.ts'
import { etagOf } from '../../daemon/src/keys/find.ts'
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
} from '../../daemon/src/keys/key-steps.ts'
import { assertNever, isProblem } from '../../daemon/src/problem.ts'

export const startMs = Date.UTC(2027, 0, 1)
const dayMs = 86_400_000

/** Eight characters, as ids of keys have. */
export const keyIdOf = (n: number): string => `Key${String(n).padStart(5, '0')}`
/** 43 characters, as secrets have; another one for each key and rotation. */
export const secretOf = (n: number, version: number): string => `${n}x${version}x`.padEnd(43, 'S')

export type Command =
  | { readonly do: 'issue'; readonly days: number | null }
  | { readonly do: 'disable' | 'enable' | 'remove' | 'restore' | 'revoke_old' | 'trap'; readonly key: number }
  | { readonly do: 'rotate'; readonly key: number; readonly overlap: number }
  | { readonly do: 'expire'; readonly key: number; readonly days: number | null }
  | { readonly do: 'client_off' | 'client_on' | 'purge' }

const key = fc.nat({ max: 3 })
const days = fc.option(fc.integer({ min: 1, max: 60 }))

export const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('issue' as const), days }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'disable' as const,
        'enable' as const,
        'remove' as const,
        'restore' as const,
        'revoke_old' as const,
        'trap' as const,
      ),
      key,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('rotate' as const),
      key,
      overlap: fc.constantFrom(0, 86_400, 20 * 86_400),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('expire' as const), key, days }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('client_off' as const, 'client_on' as const, 'purge' as const) }),
  },
)

const tagOf = (document: Document, n: number): string => {
  const found = document.keys[keyIdOf(n)]
  return found === undefined ? '"0"' : etagOf(found)
}

const stepOf = (document: Document, asked: Command): Step<unknown> => {
  const expires = (each: number | null) => (each === null ? { never: true as const } : { days: each })
  switch (asked.do) {
    case 'issue': {
      const n = Object.keys(document.keys).length
      const material = { keyId: keyIdOf(n), secret: secretOf(n, 1) }
      return issueKey({ name: `Key ${n}`, client: 'Team', expires: expires(asked.days) }, material)
    }
    case 'disable':
      return disableKey(keyIdOf(asked.key))
    case 'enable':
      return enableKey(keyIdOf(asked.key))
    case 'remove':
      return removeKey(keyIdOf(asked.key))
    case 'restore':
      return restoreKey(keyIdOf(asked.key))
    case 'revoke_old':
      return revokeOldSecret(keyIdOf(asked.key))
    case 'rotate': {
      const version = (document.keys[keyIdOf(asked.key)]?.secrets[0]?.version ?? 0) + 1
      return rotateKey(keyIdOf(asked.key), { overlap_seconds: asked.overlap }, secretOf(asked.key, version))
    }
    case 'trap':
      return editKey(keyIdOf(asked.key), tagOf(document, asked.key), { honey: { block_seconds: 0 } })
    case 'expire':
      return editKey(keyIdOf(asked.key), tagOf(document, asked.key), { expires: expires(asked.days) })
    case 'client_off':
      return disableClient('Team')
    case 'client_on':
      return enableClient('Team')
    case 'purge':
      return purgeRemovedKeys('team0001')
    default:
      return assertNever(asked)
  }
}

/** A document as it comes from the disk: nothing in it is shared with another one. */
export const reread = (document: Document): Document => documentCodec.parse(documentCodec.serialise(document))

const sealSecret = (secret: string): string => `sealed ${secret}`

export const stepAt = (document: Document, step: Step<unknown>, nowMs: number): Document => {
  try {
    return step(document, { nowMs, zone: 'UTC', sealSecret }).document
  } catch (error) {
    if (!isProblem(error, 'not_found') && !isProblem(error, 'conflict') && !isProblem(error, 'field_invalid'))
      throw error
    return document
  }
}

/** A store with the client `Team` and no keys. */
export const beginning = (): Document =>
  stepAt(firstDocument(startMs), createClient({ name: 'Team', collections: null }, 'team0001'), startMs)

/** The time at which the n-th command happens: half a day after the one before. */
export const timeOf = (n: number): number => startMs + (n * dayMs) / 2

export const applied = (document: Document, asked: Command, nowMs: number): Document =>
  stepAt(document, stepOf(document, asked), nowMs)
