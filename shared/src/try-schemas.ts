/** The shapes of trying a key on the admin API: a call through the gateway itself, and what became of it. */
import { z } from 'zod'
import { tryMethods } from './try-methods.ts'

export const tryRequest = z.strictObject({
  method: z.enum(tryMethods).optional().meta({ description: 'default: GET' }),
  path: z.string().meta({ description: 'as a connector would call it, beginning with /' }),
  host: z.string().optional().meta({ description: 'the Host header; default: that of the listener' }),
  may_change: z
    .boolean()
    .optional()
    .meta({ description: 'needed for methods other than GET and HEAD: the call is carried out for real' }),
})
export type TryRequest = z.infer<typeof tryRequest>

export const tryResult = z.object({
  passed: z.boolean().meta({ description: 'the gateway let the call through' }),
  status: z.number().nullable().meta({ description: 'what came back; null: nothing within the time limit' }),
  code: z.string().nullable().meta({
    description: 'the failing check, or what failed behind the gateway; null: none. gateway_silent: it did not answer',
  }),
  duration_ms: z.number(),
})
export type TryResult = z.infer<typeof tryResult>
