/**
 * `apiProperties.json` of a Power Platform custom connector: how a connection asks for its key, and how the connector looks.
 * The other file of the pair is made by swagger.ts. Pure.
 */
import type { KitSource } from './source.ts'

export const apiPropertiesOf = ({ title }: KitSource): Record<string, unknown> => ({
  properties: {
    connectionParameters: {
      // By the name of the security definition.
      api_key: {
        type: 'securestring',
        uiDefinition: {
          displayName: 'API key',
          description: `For calls to ${title}: the key`,
          tooltip: 'the key',
          constraints: { tabIndex: 2, clearText: false, required: 'true' },
        },
      },
    },
    iconBrandColor: '#1f4e79',
    capabilities: ['actions'],
    publisher: 'Postern',
    stackOwner: title,
  },
})
