/**
 * The OpenAPI document of the daemon as a flat list of calls, each with its fields one to a line, so that a page can show it.
 * What is not understood is left out rather than guessed. Pure.
 */

export interface ApiField {
  /** As it is written in JSON, `[]` for each of a list: `data[].client.id`. */
  readonly name: string
  readonly type: ApiType
  readonly required: boolean
  readonly about: string
}

export type ApiType =
  | { readonly kind: 'plain'; readonly name: 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'null' | 'any' }
  /** One of these very values. */
  | { readonly kind: 'values'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: ApiType }
  | { readonly kind: 'map'; readonly of: ApiType }
  | { readonly kind: 'either'; readonly of: readonly ApiType[] }

export interface ApiParameter extends ApiField {
  readonly place: 'path' | 'query' | 'header'
}

export interface ApiCall {
  readonly name: string
  readonly group: string
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly about: string
  readonly role: string
  readonly parameters: readonly ApiParameter[]
  /** Null: takes none. */
  readonly body: readonly ApiField[] | null
  /** The body as the document has it, to make an example from. */
  readonly bodySchema: Schema | null
  readonly answerStatus: string
  /** Null: answers without content. */
  readonly answer: readonly ApiField[] | null
}

export type Schema = Readonly<Record<string, unknown>>

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const
/** Deeper than any answer there is. */
const deepest = 6

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const at = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>((found, name) => (isObject(found) ? found[name] : undefined), value)
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export const readDocument = (document: Schema): ApiCall[] =>
  Object.entries(isObject(document['paths']) ? document['paths'] : {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = at(item, method)
      return isObject(operation) ? [readCall(path, method, operation)] : []
    }),
  )

const readCall = (path: string, method: string, operation: Schema): ApiCall => {
  const name = textOf(operation['operationId'])
  const body = at(operation, 'requestBody', 'content', 'application/json', 'schema')
  const [answerStatus = '', answer] =
    Object.entries(isObject(operation['responses']) ? operation['responses'] : {}).find(([status]) =>
      status.startsWith('2'),
    ) ?? []
  const answerSchema = at(answer, 'content', 'application/json', 'schema')
  return {
    name,
    group: textOf(listOf(operation['tags'])[0]) || (path.split('/')[2] ?? ''),
    method: method.toUpperCase(),
    path,
    summary: textOf(operation['summary']),
    about: textOf(operation['description']),
    role: textOf(operation['x-postern-role']),
    parameters: listOf(operation['parameters']).flatMap((parameter) => readParameter(parameter)),
    body: isObject(body) ? fieldsOf(body) : null,
    bodySchema: isObject(body) ? body : null,
    answerStatus,
    answer: isObject(answerSchema) ? fieldsOf(answerSchema) : null,
  }
}

const readParameter = (parameter: unknown): ApiParameter[] => {
  const place = at(parameter, 'in')
  if (!isObject(parameter) || (place !== 'path' && place !== 'query' && place !== 'header')) return []
  const schema = isObject(parameter['schema']) ? parameter['schema'] : {}
  const about = textOf(parameter['description']) || textOf(schema['description'])
  return [
    { name: textOf(parameter['name']), place, type: typeOf(schema), required: parameter['required'] === true, about },
  ]
}

/** `anyOf` and `oneOf` alike: what it may be. */
export const alternativesOf = (schema: Schema): readonly Schema[] =>
  [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])].filter(isObject)

const typeOf = (schema: Schema): ApiType => {
  const alternatives = alternativesOf(schema)
  if (alternatives.length > 0) return { kind: 'either', of: alternatives.map(typeOf) }
  if ('const' in schema) return { kind: 'values', values: [JSON.stringify(schema['const'])] }
  if (Array.isArray(schema['enum']))
    return { kind: 'values', values: schema['enum'].map((each) => JSON.stringify(each)) }
  const { type } = schema
  if (Array.isArray(type)) return { kind: 'either', of: type.map((each) => typeOf({ ...schema, type: each })) }
  if (type === 'array') return { kind: 'list', of: typeOf(isObject(schema['items']) ? schema['items'] : {}) }
  const values = schema['additionalProperties']
  if (type === 'object' && isObject(values) && Object.keys(values).length > 0)
    return { kind: 'map', of: typeOf(values) }
  const plain = (['string', 'number', 'integer', 'boolean', 'object', 'null'] as const).find((each) => each === type)
  return { kind: 'plain', name: plain ?? 'any' }
}

/** All fields, those inside of others after them. */
const fieldsOf = (schema: Schema, within = '', depth = 0): ApiField[] => {
  if (depth > deepest) return []
  const needed = listOf(schema['required'])
  const own = Object.entries(isObject(schema['properties']) ? schema['properties'] : {}).flatMap(([name, property]) => {
    if (!isObject(property)) return []
    const path = within === '' ? name : `${within}.${name}`
    const about = textOf(property['description'])
    const field = { name: path, type: typeOf(property), required: needed.includes(name), about }
    return [field, ...fieldsOf(property, path, depth + 1)]
  })
  const items = schema['items']
  const inItems = isObject(items) ? fieldsOf(items, `${within}[]`, depth + 1) : []
  // Alternatives may share fields; each is told once.
  const others = alternativesOf(schema).flatMap((each) => fieldsOf(each, within, depth + 1))
  const all = [...own, ...inItems, ...others]
  return all.filter(({ name }, index) => all.findIndex((each) => each.name === name) === index)
}
