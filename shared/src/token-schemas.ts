/** The shapes of admin tokens, and of who is asking. */
import { z } from 'zod'
import { roles } from './access.ts'
import { expiryChoice } from './expiry-schema.ts'

const instant = z.string().meta({ format: 'date-time' })

/** In days, for a token that names no end; in years, at most. One without an end is asked for with never. */
export const adminTokenDays = 90
export const adminTokenYearsMax = 1

export const tokensQuery = z.strictObject({
  page: z.coerce.number().optional().meta({ description: 'from 1' }),
  per_page: z.coerce.number().optional().meta({ description: '1 to 500, default 100' }),
  text: z.string().max(200).optional(),
})

export const newToken = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  role: z.enum(roles).meta({ description: 'what it may do' }),
  expires: expiryChoice.optional().meta({ description: 'default: 90 days; at most one year, or never' }),
})
export type NewToken = z.infer<typeof newToken>
export const tokenEdit = newToken.partial()
export type TokenEdit = z.infer<typeof tokenEdit>

export const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  role: z.enum(roles),
  masked: z.string().meta({ description: 'the token with its secret left out' }),
  state: z.enum(['active', 'disabled', 'expired']),
  expires_at: instant.nullable(),
  last_used_at: instant.nullable(),
  keys_count: z.number().meta({ description: 'keys that name it in their grants' }),
  created_at: instant,
  updated_at: instant,
  enabled: z.boolean(),
  etag: z.string(),
})
export type TokenView = z.infer<typeof tokenView>
/** The one answer that carries the token itself. */
export const issuedToken = tokenView.extend({ value: z.string() })
export type IssuedToken = z.infer<typeof issuedToken>

/** Who asks, as Postern knows them. */
export const meView = z.object({
  name: z.string(),
  role: z.enum(roles),
  token: z.object({ id: z.string(), expires_at: instant.nullable() }).nullable(),
})
export type MeView = z.infer<typeof meView>
