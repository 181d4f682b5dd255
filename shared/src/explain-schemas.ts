/** The shapes of "why was I refused?": a verdict with every question it asked, and refusals that are remembered. */
import { z } from 'zod'
import { refusalReasons, verdictRules } from './verdict.ts'

const instant = z.string().meta({ format: 'date-time' })
const reference = z.object({ id: z.string(), name: z.string() })

export const explainRequest = z.strictObject({
  key: z.string().min(1).max(400).optional().meta({ description: 'id or name; absent: as if no credential was given' }),
  method: z.string().min(1).max(20).meta({ description: 'such as GET' }),
  path: z.string().min(1).max(8_192).meta({ description: 'as it arrives, perhaps with a query' }),
  host: z.string().max(300).optional().meta({ description: 'as in the Host header; absent: none in particular' }),
  address: z.string().max(100).optional().meta({ description: 'of the caller; absent: not known' }),
  at: z.string().optional().meta({ description: 'an instant, past or future; absent: now' }),
  forward_auth: z.boolean().optional().meta({ description: 'a proxy asks, and forwards by itself' }),
})
export type ExplainRequest = z.infer<typeof explainRequest>

export const ruleAnswer = z.object({
  rule: z.enum(verdictRules),
  outcome: z.enum(['pass', 'refuse', 'not_asked', 'unknown']).meta({
    description: 'not_asked: an earlier one has refused. unknown: it depends on what cannot be known for this instant',
  }),
  said: z.string().meta({ description: 'what was looked at, in a sentence' }),
})
export type RuleAnswer = z.infer<typeof ruleAnswer>

export const explanation = z.object({
  verdict: z.enum(['allow', 'refuse']),
  reason: z.enum(refusalReasons).nullable(),
  status: z.number().nullable().meta({ description: 'what the caller is answered; null: allowed' }),
  at: instant,
  judged_by: z.enum(['live', 'rules_of_today']).meta({
    description: 'live: now; rules_of_today: another instant, judged by what is set up now',
  }),
  key: reference.nullable(),
  endpoint: z.object({ id: z.string(), method: z.string(), path: z.string() }).nullable(),
  rules: z.array(ruleAnswer),
  changed_since: z.array(z.object({ at: instant, action: z.string(), by: z.string() })).meta({
    description: 'what was done to the key, its client or the endpoint after the instant, newest first, at most 20',
  }),
})
export type Explanation = z.infer<typeof explanation>

export const refusalView = z.object({
  request_id: z.string(),
  at: instant,
  reason: z.enum(refusalReasons),
  status: z.number(),
  rule: z.enum(verdictRules).nullable(),
  said: z.string().meta({ description: 'why, in a sentence' }),
  key: reference.nullable(),
  method: z.string(),
  host: z.string().optional().meta({ description: 'as the call named it; absent: none' }),
  path: z.string().meta({ description: 'without query; long segments are left out, as in the log' }),
  address: z.string(),
  asked_by_proxy: z.boolean(),
  caller_known: z.boolean().optional().meta({
    description: 'false: the address is that of a proxy that does not say for whom it calls',
  }),
})
export type RefusalView = z.infer<typeof refusalView>

export const refusalsQuery = z.strictObject({
  page: z.coerce.number().optional().meta({ description: 'from 1' }),
  per_page: z.coerce.number().optional().meta({ description: '1 to 500, default 100' }),
  key: z.string().optional().meta({ description: 'id or name' }),
  reason: z.enum(refusalReasons).optional(),
  text: z.string().max(200).optional().meta({ description: 'in request id, path or address' }),
})
