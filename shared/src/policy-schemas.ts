/** The shapes of policies (limits under a name), and of what is left of them. */
import { z } from 'zod'
import { limitUnits } from './access.ts'

const instant = z.string().meta({ format: 'date-time' })
const description = z.string().meta({ description: 'at most 4000 characters' })

const limitWindow = z.strictObject({
  per: z.enum(limitUnits).meta({ description: 'days and months are those of UTC' }),
  calls: z.number().meta({ description: 'at most so many calls in it' }),
})

export const newPolicy = z.strictObject({
  name: z.string(),
  description: description.optional(),
  windows: z.array(limitWindow).max(limitUnits.length).optional().meta({ description: 'at most one for each unit' }),
  concurrent: z.number().nullable().optional().meta({ description: 'calls under way at once; null: not limited' }),
})
export type NewPolicy = z.infer<typeof newPolicy>
export const policyEdit = newPolicy.partial()
export type PolicyEdit = z.infer<typeof policyEdit>

export const policyView = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  windows: z.array(limitWindow),
  concurrent: z.number().nullable(),
  keys_count: z.number().meta({ description: 'keys it is attached to' }),
  clients_count: z.number().meta({ description: 'clients it is attached to' }),
  created_at: instant,
  updated_at: instant,
  enabled: z.boolean(),
  etag: z.string(),
})
export type PolicyView = z.infer<typeof policyView>

/** What is left of one limit that a key is under, at this moment. */
export const limitStanding = z.object({
  policy: z.object({ id: z.string(), name: z.string() }),
  held_by: z.enum(['client', 'key']).meta({ description: 'whose calls are counted: all of its client, or its own' }),
  per: z.enum([...limitUnits, 'concurrent']),
  limit: z.number(),
  remaining: z.number(),
  resets_at: instant.nullable().meta({ description: 'when it is whole again; null: nothing was taken, or concurrent' }),
})
export type LimitStanding = z.infer<typeof limitStanding>
export const keyLimitsView = z.object({ data: z.array(limitStanding) })
