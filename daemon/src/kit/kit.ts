/**
 * The connector kit: the files that connector platforms and people import. Promises: each is whole and can be read back,
 * whatever names and descriptions say; none holds a key, not even one that somebody has put into a description. Never:
 * reads or writes anything; it is given what it tells.
 */
import { adminTokenInText, keyValueInText, type KitFile, type KitFormat } from '@postern/shared'
import { assertNever } from '../problem.ts'
import { openApiOf } from './openapi.ts'
import { apiPropertiesOf } from './power-platform.ts'
import { postmanCollectionOf, postmanEnvironmentOf } from './postman.ts'
import { scriptNames, scriptOf } from './scripts.ts'
import type { KitSource } from './source.ts'
import { swaggerOf } from './swagger.ts'

/** The files of one format. */
export const kitFiles = (source: KitSource, format: KitFormat): KitFile[] => {
  const json = (name: string, content: object): KitFile => ({
    format,
    name,
    media_type: 'application/json',
    content: withoutKeys(`${JSON.stringify(content, null, 2)}\n`),
  })
  switch (format) {
    case 'openapi':
      return [json('openapi.json', openApiOf(source))]
    case 'swagger':
      return [json('swagger.json', swaggerOf(source, 'nintex'))]
    case 'power-platform':
      return [
        json('apiDefinition.swagger.json', swaggerOf(source, 'power-platform')),
        json('apiProperties.json', apiPropertiesOf(source)),
      ]
    case 'postman':
      return [
        json('postman_collection.json', postmanCollectionOf(source)),
        json('postman_environment.json', postmanEnvironmentOf(source)),
      ]
    case 'curl':
    case 'powershell':
    case 'node':
      return [
        {
          format,
          name: scriptNames[format],
          media_type: format === 'node' ? 'text/javascript' : 'text/plain',
          content: withoutKeys(scriptOf(source, format)),
        },
      ]
    default:
      return assertNever(format)
  }
}

const withoutKeys = (text: string): string =>
  text.replaceAll(keyValueInText, 'postern_[redacted]').replaceAll(adminTokenInText, 'posternadm_[redacted]')
