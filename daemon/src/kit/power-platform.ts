/**
 * `apiProperties.json` of a Power Platform custom connector: how a connection asks for its key, and how the connector looks.
 * The other file of the pair is made by swagger.ts. Pure.
 */
import { credentialOf } from './swagger.ts'
import type { KitSource } from './source.ts'

export const apiPropertiesOf = (source: KitSource): Record<string, unknown> => {
  const { description = '' } = credentialOf(source)
  const displayName = source.accepts.includes('key') ? 'API key' : 'Token'
  return {
    properties: {
      connectionParameters: {
        api_key: {
          type: 'securestring',
          uiDefinition: {
            displayName,
            description: `For calls to ${source.title}: ${description}`,
            tooltip: description,
            constraints: { tabIndex: 2, clearText: false, required: 'true' },
          },
        },
      },
      iconBrandColor: '#1f4e79',
      capabilities: ['actions'],
      publisher: 'Postern',
      stackOwner: source.title,
    },
  }
}
