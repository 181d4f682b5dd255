/** The shapes of bringing keys from elsewhere. */
import { z } from 'zod'
import { expiryChoice } from './expiry-schema.ts'
import { importKeysMax, importValueMax, importValueMin } from './import-limits.ts'

const instant = z.string().meta({ format: 'date-time' })
const idOrName = z.string().min(1).max(400)

export const importedKey = z.strictObject({
  name: z.string(),
  value: z
    .string()
    .optional()
    .meta({ description: `${importValueMin} to ${importValueMax} visible ASCII characters; give it or sha256` }),
  sha256: z.string().optional().meta({ description: 'SHA-256 of the value, 64 hexadecimal digits' }),
  description: z.string().optional(),
  owner: z.string().nullable().optional(),
  client: idOrName.optional().meta({ description: 'default: the client "default"' }),
  collections: z.array(idOrName).max(1000).nullable().optional(),
  expires: expiryChoice.optional().meta({ description: 'default: one year' }),
})
export type ImportedKey = z.infer<typeof importedKey>

export const keyImport = z.strictObject({
  keys: z.array(importedKey).min(1).max(importKeysMax),
  dry_run: z.boolean().optional().meta({ description: 'say what would be done, and do nothing' }),
})
export type KeyImport = z.infer<typeof keyImport>

export const importReport = z.object({
  imported: z.number().meta({ description: 'all of them, or none' }),
  dry_run: z.boolean(),
  keys: z.array(z.object({ id: z.string().nullable(), name: z.string(), expires_at: instant.nullable() })),
  problems: z
    .array(
      z.object({ at: z.number().meta({ description: 'which one, from 0' }), field: z.string(), message: z.string() }),
    )
    .meta({ description: 'what keeps it from being imported; empty: nothing' }),
})
export type ImportReport = z.infer<typeof importReport>
