/** The shapes of the connector kit: files that connector platforms import, made from what is set up here. */
import { z } from 'zod'

/** What a kit can hold. Swagger 2.0 for Nintex and Power Platform, OpenAPI 3.1 for the rest, Postman, and snippets. */
export const kitFormats = ['openapi', 'swagger', 'power-platform', 'postman', 'curl', 'powershell', 'node'] as const
export type KitFormat = (typeof kitFormats)[number]

/** The formats that a collection has a stable address for, on the connector listener. */
export const documentFormats = ['openapi', 'swagger'] as const satisfies readonly KitFormat[]
export type DocumentFormat = (typeof documentFormats)[number]

export const collectionDocumentPath = (collectionId: string, format: DocumentFormat): string =>
  `/.postern/apis/${collectionId}/${format}.json`

/** Which document a path is the address of; `null`: of none. */
export const readCollectionDocumentPath = (path: string): { collectionId: string; format: DocumentFormat } | null => {
  const [, collectionId, name] = /^\/\.postern\/apis\/([A-Za-z0-9_]{1,40})\/([a-z]{1,20})\.json$/.exec(path) ?? []
  const format = documentFormats.find((each) => each === name)
  return collectionId === undefined || format === undefined ? null : { collectionId, format }
}

export const kitQuery = z.strictObject({
  client: z.string().max(400).optional().meta({ description: 'all that this client reaches; give it or collection' }),
  collection: z.string().max(400).optional(),
  format: z.enum(kitFormats).optional().meta({ description: 'absent: all of them' }),
})

export type KitQuery = z.infer<typeof kitQuery>

export const kitFile = z.object({
  format: z.enum(kitFormats),
  name: z.string().meta({ description: 'such as apiDefinition.swagger.json' }),
  media_type: z.string(),
  content: z.string(),
})
export type KitFile = z.infer<typeof kitFile>

export const kitView = z.object({
  title: z.string(),
  version: z.string(),
  base_url: z.string().meta({ description: 'where callers reach the gateway' }),
  base_url_guessed: z
    .boolean()
    .meta({ description: 'the setting public_url says nothing, so a listener’s address stands' }),
  document_urls: z.array(z.object({ collection: z.object({ id: z.string(), name: z.string() }), url: z.string() })),
  files: z.array(kitFile),
})
export type KitView = z.infer<typeof kitView>
