/** The admin API as an OpenAPI 3.1 document, derived from the table, so that it cannot say anything else than the router does. */
import { adminApi, keyLimits, problems, type AdminRow } from '@postern/shared'
import { z } from 'zod'
import type { DoorName } from './door.ts'

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(problems) },
    request_id: { type: 'string' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { field: { type: 'string' }, message: { type: 'string' } },
        required: ['field', 'message'],
      },
    },
  },
}

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

const operation = (name: string, row: AdminRow): Record<string, unknown> => {
  const path = [...row.path.matchAll(/:([a-z]+)/g)].map(([, param]) => ({
    name: param,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  // What they are read as: on their way all are text.
  const asked = row.query === undefined ? {} : jsonSchema(row.query, 'output')
  const needed = (asked['required'] ?? []) as string[]
  const query = Object.entries((asked['properties'] ?? {}) as Record<string, { description?: string }>).map(
    ([param, { description, ...schema }]) => ({
      name: param,
      in: 'query',
      required: needed.includes(param),
      ...(description === undefined ? {} : { description }),
      schema,
    }),
  )
  const header = (title: string, required: boolean, description: string) => ({
    name: title,
    in: 'header',
    required,
    description,
    schema: { type: 'string' },
  })
  return {
    operationId: name,
    summary: row.summary,
    description: [
      `Needs the role ${row.role}.`,
      ...(row.socketOnly === true ? ['Answered on the local socket alone.'] : []),
      ...(row.right === undefined ? [] : [`Of a key with grants: the right to ${row.right} it.`]),
      ...(row.deprecated === undefined
        ? []
        : [
            `Deprecated: use ${row.deprecated.successor.replaceAll(/:([a-z]+)/g, '{$1}')}; it answers until ${row.deprecated.sunset.slice(0, 10)}.`,
          ]),
      ...(row.whileLocked === true ? ['Answered while the keystore is locked too.'] : []),
    ].join(' '),
    tags: [name.split('.')[0]],
    'x-postern-role': row.role,
    ...(row.right === undefined ? {} : { 'x-postern-right': row.right }),
    ...(row.deprecated === undefined ? {} : { deprecated: true }),
    parameters: [
      ...path,
      ...query,
      ...(row.ifMatch === true ? [header('If-Match', true, 'the entity tag last read, or *')] : []),
      ...(row.idempotent === true
        ? [header('Idempotency-Key', false, 'a repeated request gets the first answer again for ten minutes')]
        : []),
    ],
    ...(row.body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(row.body, 'input') } } },
        }),
    responses: {
      [row.status]: {
        description: row.summary,
        ...(row.answer === undefined
          ? {}
          : { content: { 'application/json': { schema: jsonSchema(row.answer, 'output') } } }),
      },
      default: {
        description: 'A refusal (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

/** Where the API is, and how one comes in there. */
const doors: Readonly<Record<DoorName, { about: string; url: string; schemes: object; security: object[] }>> = {
  socket: {
    about: 'Spoken over the local socket; whoever may use it is an administrator, or what their admin token says.',
    url: 'http://localhost',
    schemes: {},
    security: [],
  },
  tokens: {
    about: 'Spoken on a loopback address by programs of this machine, with an admin token.',
    // Wherever the document came from.
    url: '/',
    schemes: {
      token: { type: 'http', scheme: 'bearer', description: 'An admin token (`postern tokens add`).' },
    },
    security: [{ token: [] }],
  },
  pages: {
    about:
      'Spoken by the pages on this machine, with the token of a session. Programs use the local socket, which needs none.',
    // Wherever the document came from.
    url: '/',
    schemes: {
      session: {
        type: 'http',
        scheme: 'bearer',
        description:
          'The token that POST /session gives for the one-time code of a link (`postern api`). It ends after 15 minutes without a request and after 12 hours at the latest.',
      },
    },
    security: [{ session: [] }],
  },
}

/** Builds the document for those who read it at a door. `version`: of Postern. */
export const openApiDocument = (version: string, door: DoorName): Record<string, unknown> => {
  const { about, url, schemes, security } = doors[door]
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, row] of Object.entries(adminApi)) {
    const path = row.path.replaceAll(/:([a-z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [row.method.toLowerCase()]: operation(name, row) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Postern admin API',
      version,
      description: `${about} Lists come in order of creation. Names have ${keyLimits.nameMin} to ${keyLimits.nameMax} characters.`,
    },
    servers: [{ url }],
    security,
    paths,
    components: { schemas: { Problem: problemSchema }, securitySchemes: schemes },
  }
}
