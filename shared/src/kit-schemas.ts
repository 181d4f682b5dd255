/** The shapes of the connector kit: files that connector platforms import, made from what is set up here. */
import { z } from 'zod'

/** What a kit can hold. Swagger 2.0 for Nintex and Power Platform, OpenAPI 3.1 for the rest, Postman, and snippets. */
export const kitFormats = ['openapi', 'swagger', 'power-platform', 'postman', 'curl', 'powershell', 'node'] as const
export type KitFormat = (typeof kitFormats)[number]

export const kitQuery = z.strictObject({
  client: z.string().max(400).optional().meta({ description: 'all that this client reaches; give it or collection' }),
  collection: z.string().max(400).optional(),
  format: z.enum(kitFormats).optional().meta({ description: 'absent: all of them' }),
})

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
