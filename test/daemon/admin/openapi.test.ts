/** The OpenAPI document holds what OpenAPI 3.1 asks of one, at either door. */
import assert from 'node:assert/strict'
import { adminApi, type AdminRow } from '@postern/shared'
import { openApiDocument } from '../../../daemon/src/admin/openapi.ts'

interface Operation {
  operationId: string
  tags: string[]
  security?: unknown
  deprecated?: boolean
  description?: string
  parameters: { name: string; in: string; required: boolean; schema: object }[]
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
}

interface Document {
  openapi: string
  info: { title: string; version: string }
  servers: { url: string }[]
  security: Record<string, string[]>[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: object; securitySchemes: Record<string, { type: string; scheme: string }> }
}

/** The members that OpenAPI 3.1 knows, for the objects that are used. Others would be misspelt, or must begin with x-. */
const known = {
  document: 'openapi info jsonSchemaDialect servers paths webhooks components security tags externalDocs',
  operation:
    'tags summary description externalDocs operationId parameters requestBody responses callbacks deprecated security servers',
  parameter:
    'name in description required deprecated allowEmptyValue style explode allowReserved schema example examples content',
  requestBody: 'description content required',
  response: 'description headers content links',
} as const
/** Of JSON Schema 2020-12, as far as the table needs it. */
const schemaWords = new Set(
  `type properties required items additionalProperties propertyNames enum const anyOf oneOf allOf format pattern
   description minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum minItems maxItems default $ref`.split(
    /\s+/,
  ),
)
const types = new Set(['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'])

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is wrong in a schema, by its place. */
const schemaFaults = (schema: unknown, at: string): string[] => {
  if (typeof schema === 'boolean') return []
  if (!isObject(schema)) return [`${at}: no schema`]
  const faults = Object.keys(schema)
    .filter((word) => !schemaWords.has(word))
    .map((word) => `${at}: ${word}`)
  for (const type of [(schema['type'] ?? []) as string | string[]].flat())
    if (!types.has(type)) faults.push(`${at}: type ${type}`)
  const properties = (schema['properties'] ?? {}) as Record<string, unknown>
  for (const name of (schema['required'] ?? []) as string[])
    if (!(name in properties)) faults.push(`${at}: requires ${name}, which it does not have`)
  const inner: [string, unknown][] = [
    ...Object.entries(properties),
    ...['items', 'additionalProperties', 'propertyNames'].flatMap((word): [string, unknown][] =>
      word in schema ? [[word, schema[word]]] : [],
    ),
    ...['anyOf', 'oneOf', 'allOf'].flatMap((word) =>
      ((schema[word] ?? []) as unknown[]).map((each, index): [string, unknown] => [`${word}.${index}`, each]),
    ),
  ]
  return [...faults, ...inner.flatMap(([name, each]) => schemaFaults(each, `${at}.${name}`))]
}

const referencesIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(referencesIn)
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, each]) =>
    key === '$ref' && typeof each === 'string' ? [each] : referencesIn(each),
  )
}

const assertKnown = (value: object, kind: keyof typeof known, at: string): void => {
  const words = known[kind].split(' ')
  const unknown = Object.keys(value).filter((word) => !words.includes(word) && !word.startsWith('x-'))
  assert.deepEqual(unknown, [], at)
}

for (const door of ['socket', 'pages', 'tokens'] as const)
  describe(`admin: the OpenAPI document for the ${door}`, () => {
    // As it goes over the wire.
    const document = JSON.parse(JSON.stringify(openApiDocument('1.2.3', door))) as Document
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    )

    it('is of OpenAPI 3.1, and has what every document must have', () => {
      assert.equal(document.openapi, '3.1.0')
      assertKnown(document, 'document', 'document')
      assert.deepEqual([document.info.title, document.info.version], ['Postern admin API', '1.2.3'])
    })

    it('has one operation for each row, at its path and under its method', () => {
      assert.deepEqual(
        operations.map(({ path, method, operation }) => `${operation.operationId} ${method} ${path}`).toSorted(),
        Object.entries(adminApi)
          .map(([name, row]) => `${name} ${row.method.toLowerCase()} ${row.path.replaceAll(/:([a-z]+)/g, '{$1}')}`)
          .toSorted(),
      )
    })

    it('every reference leads to something that is there', () => {
      const references = referencesIn(document)
      assert.ok(references.length > 0)
      for (const reference of references) {
        assert.match(reference, /^#\//)
        const found = reference
          .slice(2)
          .split('/')
          .reduce<unknown>((value, step) => (isObject(value) ? value[step] : undefined), document)
        assert.ok(isObject(found), reference)
      }
    })

    it('no two paths are the same but for the names of their parameters', () => {
      const shapes = Object.keys(document.paths).map((path) => path.replaceAll(/\{[^}]+\}/g, '{}'))
      assert.equal(new Set(shapes).size, shapes.length)
    })

    it('every operation is well formed: its parameters, its body, a good answer and a refusal', () => {
      for (const { path, method, operation } of operations) {
        const at = `${method} ${path}`
        assertKnown(operation, 'operation', at)
        assert.ok(operation.tags.length === 1 && /^[a-z]+$/.test(operation.tags[0] ?? ''), at)
        for (const each of operation.parameters) {
          assertKnown(each, 'parameter', at)
          assert.ok(['path', 'query', 'header'].includes(each.in), at)
          assert.equal(typeof each.required, 'boolean', at)
          assert.ok(!['accept', 'content-type', 'authorization'].includes(each.name.toLowerCase()), at)
        }
        const named = operation.parameters.map((each) => `${each.in} ${each.name}`)
        assert.equal(new Set(named).size, named.length, at)
        const inPath = operation.parameters.filter((each) => each.in === 'path')
        assert.deepEqual(
          inPath.map(({ name }) => `{${name}}`),
          path.match(/\{[^}]+\}/g) ?? [],
          at,
        )
        assert.ok(
          inPath.every(({ required }) => required),
          at,
        )
        if (operation.requestBody !== undefined) {
          assertKnown(operation.requestBody, 'requestBody', at)
          assert.ok(['post', 'patch'].includes(method), at)
        }
        for (const each of Object.values(operation.responses)) assertKnown(each, 'response', at)
        const good = Object.keys(operation.responses).filter((status) => /^2\d\d$/.test(status))
        assert.equal(good.length, 1, at)
        assert.ok(operation.responses['default']?.content?.['application/problem+json'], at)
        for (const each of Object.values(operation.responses)) assert.notEqual(each.description, '', at)
      }
    })

    it('every schema is one, and queries are of the type that they are read as', () => {
      const faults = operations.flatMap(({ path, method, operation }) => [
        ...operation.parameters.flatMap((each) => schemaFaults(each.schema, `${method} ${path} ${each.name}`)),
        ...[operation.requestBody, ...Object.values(operation.responses)].flatMap((holder) =>
          Object.entries(holder?.content ?? {}).flatMap(([type, { schema }]) =>
            schemaFaults(schema, `${method} ${path} ${type}`),
          ),
        ),
      ])
      assert.deepEqual(faults, [])
      const trailer = document.paths['/v1/audit/trailer']?.['get']
      assert.deepEqual(
        trailer?.parameters.map(({ name, required, schema }) => [name, required, schema]),
        ['from', 'to'].map((name) => [name, true, { type: 'number' }]),
      )
    })

    it('says which operations will go, and what to call instead', () => {
      const going = operations.filter(({ operation }) => operation.deprecated === true)
      assert.deepEqual(
        going.map(({ operation }) => operation.operationId),
        ['keys.revoke_old'],
      )
      assert.match(going[0]?.operation.description ?? '', /use \/v1\/keys\/\{key\}\/end-overlap; .* until 2027-11-21/)
    })

    it('says what a row asks for besides: an entity tag, and a key for repeating', () => {
      for (const { operation } of operations) {
        const row: AdminRow = adminApi[operation.operationId as keyof typeof adminApi]
        const header = (name: string) => operation.parameters.find((each) => each.in === 'header' && each.name === name)
        assert.equal(header('If-Match')?.required, row.ifMatch, operation.operationId)
        assert.equal(header('Idempotency-Key') !== undefined, row.idempotent === true, operation.operationId)
        assert.equal(operation.requestBody !== undefined, row.body !== undefined, operation.operationId)
      }
    })
  })

describe('admin: how one comes in, in the OpenAPI document', () => {
  it('over the socket without more, on the pages’ door with the token of a session', () => {
    const [socket, pages, tokens] = (['socket', 'pages', 'tokens'] as const).map(
      (door) => openApiDocument('1', door) as unknown as Document,
    )
    assert.deepEqual([tokens?.servers, tokens?.security], [[{ url: '/' }], [{ token: [] }]])
    assert.deepEqual(
      [socket?.servers, socket?.security, socket?.components.securitySchemes],
      [[{ url: 'http://localhost' }], [], {}],
    )
    // A relative URL: the address that the document was read from.
    assert.deepEqual([pages?.servers, pages?.security], [[{ url: '/' }], [{ session: [] }]])
    const { type, scheme } = pages?.components.securitySchemes['session'] ?? {}
    assert.deepEqual([type, scheme], ['http', 'bearer'])
  })
})
