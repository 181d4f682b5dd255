/** JSON that somebody sends who wants the admin API to break: every row's body, against anything at all. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { adminApi } from '@postern/shared'
import type { z } from 'zod'
import { parseWith } from '../../daemon/src/admin/parse.ts'
import { Problem } from '../../daemon/src/problem.ts'

const names = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', 'name', 'id')
const values = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(1e308, -1e308, 5e-324, 2 ** 53, -0, '\0', '\ud800', '﷽'.repeat(500), '=1+1', [], {}),
)

/** Objects of the row's own fields, of others, and of those that every object has; as text, because `__proto__` is one. */
const bodyText = (fields: readonly string[]): fc.Arbitrary<string> => {
  const name = fc.oneof(names, fc.constantFrom('x', ...fields), fc.string({ maxLength: 8 }))
  const pairs = fc.array(fc.tuple(name, fc.oneof({ weight: 4, arbitrary: values }, { weight: 1, arbitrary: nested })), {
    maxLength: 8,
  })
  const object = (all: readonly (readonly [string, unknown])[]): string =>
    `{${all.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value) ?? 'null'}`).join(',')}}`
  return fc.oneof({ weight: 9, arbitrary: pairs.map(object) }, { weight: 1, arbitrary: fc.json() })
}
const nested = fc.nat(60).map((depth) => {
  let value: unknown = 'x'
  for (let n = 0; n < depth; n++) value = n % 2 === 0 ? [value] : { a: value }
  return value
})

/** Each is taken or refused as `field_invalid`; never anything else, and nothing of it stays. */
export const tryHostileBodies = (runs: number, seed: number): number => {
  const schemas = Object.entries(adminApi).flatMap(([row, each]) =>
    'body' in each && each.body !== undefined ? [{ row, schema: each.body as z.ZodType & { shape?: object } }] : [],
  )
  assert.ok(schemas.length > 10)
  const before = Object.getOwnPropertyNames(Object.prototype).join()
  let tried = 0
  for (const { row, schema } of schemas) {
    const share = Math.ceil(runs / schemas.length)
    for (const text of fc.sample(bodyText(Object.keys(schema.shape ?? {})), { numRuns: share, seed })) {
      tried += 1
      try {
        const taken: unknown = parseWith(schema, JSON.parse(text), 'body')
        if (typeof taken === 'object' && taken !== null)
          assert.ok(!Object.hasOwn(taken, '__proto__') && Object.getPrototypeOf(taken) === Object.prototype, text)
      } catch (error) {
        assert.ok(error instanceof Problem && error.code === 'field_invalid', `${row}: ${text}: ${String(error)}`)
        assert.ok((error.errors ?? []).length > 0, row)
      }
    }
  }
  assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), before)
  assert.equal(Reflect.get({}, 'polluted'), undefined)
  return tried
}
