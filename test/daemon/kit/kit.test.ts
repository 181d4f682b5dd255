/** The kit's documents hold what their ecosystems ask of them, and say what the gateway does. */
import assert from 'node:assert/strict'
import SwaggerParser from '@apidevtools/swagger-parser'
import { kitFiles } from '../../../daemon/src/kit/kit.ts'
import type { KitSource } from '../../../daemon/src/kit/source.ts'
import { powerPlatformFaults } from '../../support/kit-judges.ts'
import { kitEndpoint, kitSource, manyEndpoints } from '../../support/kit-source.ts'

interface Read {
  info: { title: string; version: string; schema?: string }
  paths: Record<string, Record<string, Record<string, unknown>>>
  [member: string]: unknown
}

const read = (source: KitSource, name: string): Read => {
  for (const format of ['openapi', 'swagger', 'power-platform', 'postman'] as const) {
    const found = kitFiles(source, format).find((file) => file.name === name)
    if (found !== undefined) return JSON.parse(found.content) as Read
  }
  throw new Error(`no ${name}`)
}

const many = kitSource(manyEndpoints)
const operationsIn = ({ paths }: Read) => Object.values(paths).flatMap((path) => Object.values(path))

describe('kit: documents', () => {
  const tokensAlone = kitSource(manyEndpoints, { accepts: ['oidc'] })
  for (const name of ['openapi.json', 'swagger.json', 'apiDefinition.swagger.json'])
    for (const [what, source] of [
      ['every kind of endpoint', many],
      ['nothing but a question of browsers', kitSource([kitEndpoint('OPTIONS', '/x')])],
      // Others present keys, so that such a client has none of them.
      ...(name === 'openapi.json' ? [['a client that presents tokens', tokensAlone] as const] : []),
    ] as const)
      it(`${name} of ${what} is valid by its ecosystem’s own validator`, async () => {
        const document = read(source, name)
        await SwaggerParser.validate(structuredClone(document) as never)
        assert.deepEqual([document.info.title, document.info.version], ['Orders', '1.2.0'])
        const ids = operationsIn(document).map(({ operationId }) => operationId)
        assert.equal(new Set(ids).size, ids.length)
      })

  it('the validator does refuse what is none', async () => {
    const broken = read(many, 'swagger.json')
    const [first] = operationsIn(broken)
    assert.ok(first !== undefined)
    delete first['responses']
    await assert.rejects(SwaggerParser.validate(broken as never))
  })

  it('OpenAPI names the ways in which callers prove themselves, and the refusals with their one body', () => {
    const { servers, components, paths, security } = read(many, 'openapi.json') as Read & {
      components: { securitySchemes: Record<string, Record<string, unknown>>; responses: Record<string, object> }
    }
    assert.deepEqual(servers, [{ url: 'https://gateway.example:8443' }])
    assert.deepEqual(Object.keys(components.securitySchemes), ['bearerKey', 'apiKey', 'oauth2', 'query_api_key'])
    assert.deepEqual(components.securitySchemes['oauth2']?.['flows'], {
      clientCredentials: { tokenUrl: 'https://gateway.example:8443/oauth/token', scopes: {} },
    })
    assert.deepEqual(security, [{ bearerKey: [] }, { apiKey: [] }, { oauth2: [] }])
    const order = paths['/orders/{id}']
    assert.deepEqual(Object.keys(order?.['get']?.['responses'] as object), ['200', '401', '403', '404', '429'])
    assert.match(JSON.stringify(components.responses), /application\/problem\+json/)
    assert.deepEqual([order?.['get']?.['deprecated'], order?.['post']?.['deprecated']], [undefined, true])
    assert.deepEqual(paths['/files/{id}']?.['get']?.['servers'], undefined, 'ANY answers there for any host')
    assert.deepEqual(paths['/orders-all']?.['get']?.['servers'], [{ url: 'https://erp.example:8443' }])
    assert.deepEqual(
      Object.keys(read(kitSource(manyEndpoints, { accepts: ['jwt'] }), 'openapi.json')['security'] as object),
      ['0'],
    )
  })

  it('Nintex finds its gateway’s address beside the host, one credential, and a name for each field', () => {
    const document = read(many, 'swagger.json')
    assert.deepEqual(
      [document['swagger'], document['host'], document['x-ntx-host'], document['schemes']],
      ['2.0', 'gateway.example:8443', '{{x-ntx-gateway-uri}}', ['https']],
    )
    assert.deepEqual(document['securityDefinitions'], {
      api_key: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'the key' },
    })
    for (const operation of operationsIn(document)) {
      assert.ok(operation['operationId'] !== undefined && operation['summary'] !== undefined)
      assert.equal(operation['x-ntx-summary'], operation['summary'])
      for (const parameter of operation['parameters'] as object[]) assert.ok('x-ntx-summary' in parameter)
    }
    assert.deepEqual(Object.keys(document.paths).includes('/'), false, 'HEAD and OPTIONS are no actions')
  })

  it('endpoints that are all for one host have it as the host of the document', () => {
    const own = kitSource([kitEndpoint('GET', '/x', { host: 'erp.example' })])
    assert.equal(read(own, 'swagger.json')['host'], 'erp.example:8443')
  })

  it('Power Platform finds PascalCase operations, summaries, and a connection that asks for the key as a secret', () => {
    const definition = read(many, 'apiDefinition.swagger.json')
    assert.deepEqual(definition['x-ms-connector-metadata'], [
      { propertyName: 'Website', propertyValue: 'https://gateway.example:8443' },
    ])
    assert.ok(!JSON.stringify(definition).includes('x-ntx-'))
    for (const operation of operationsIn(definition)) {
      assert.match(String(operation['operationId']), /^[A-Z][A-Za-z0-9]+$/)
      for (const field of ['summary', 'description', 'responses']) assert.ok(operation[field], field)
      for (const parameter of operation['parameters'] as object[]) assert.ok('x-ms-summary' in parameter)
    }
    const { properties } = read(many, 'apiProperties.json') as unknown as {
      properties: { connectionParameters: Record<string, Record<string, unknown>>; iconBrandColor: string }
    }
    // The members that the tool paconn and its published schema ask for; two colours are not taken.
    assert.deepEqual(Object.keys(properties), [
      'connectionParameters',
      'iconBrandColor',
      'capabilities',
      'publisher',
      'stackOwner',
    ])
    assert.match(properties.iconBrandColor, /^#(?!007ee5|ffffff)[0-9a-f]{6}$/)
    const { type, uiDefinition } = properties.connectionParameters['api_key'] as { type: string; uiDefinition: object }
    assert.deepEqual(
      [type, Object.keys(uiDefinition)],
      ['securestring', ['displayName', 'description', 'tooltip', 'constraints']],
    )
    // A parameter of a connection is bound to the security definition of its name.
    assert.deepEqual(
      Object.keys(definition['securityDefinitions'] as object),
      Object.keys(properties.connectionParameters),
    )
  })

  it('both files of a connector are as the schemas say that Power Platform publishes, and those refuse what is not', () => {
    const faults = powerPlatformFaults()
    for (const name of ['apiDefinition.swagger.json', 'apiProperties.json'])
      assert.deepEqual(faults[name]?.(read(many, name)), [], name)
    const definition = read(many, 'apiDefinition.swagger.json')
    const [first] = operationsIn(definition)
    assert.ok(first !== undefined)
    first['x-ms-visibility'] = 'loud'
    assert.notDeepEqual(faults['apiDefinition.swagger.json']?.(definition), [])
    const { properties } = read(many, 'apiProperties.json')
    assert.notDeepEqual(faults['apiProperties.json']?.({ properties: { ...(properties as object), iconColor: 1 } }), [])
  })

  it('Postman finds a request for each operation, and a place for the key that is empty and secret', () => {
    const collection = read(many, 'postman_collection.json') as unknown as {
      info: { schema: string }
      item: {
        request: { method: string; url: { raw: string; path: string[]; variable: { key: string; value: string }[] } }
      }[]
    }
    assert.match(collection.info.schema, /collection\/v2\.1\.0\/collection\.json$/)
    assert.equal(collection.item.length, operationsIn(read(many, 'openapi.json')).length)
    const batch = collection.item.find(({ request }) => request.method === 'PUT' && request.url.raw.includes('v1'))
    assert.deepEqual(batch?.request.url.path, ['v1', ':literal1', ''])
    assert.deepEqual(batch?.request.url.variable, [{ key: 'literal1', value: ':batch' }])
    const environment = read(many, 'postman_environment.json') as unknown as { values: object[] }
    assert.deepEqual(environment.values, [
      { key: 'baseUrl', value: 'https://gateway.example:8443', type: 'default', enabled: true },
      { key: 'apiKey', value: '', type: 'secret', enabled: true },
    ])
  })
})
