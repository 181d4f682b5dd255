/** The shapes of usage on the admin API: reports, and the evidence of who would be hit by a change. */
import { z } from 'zod'
import { refusalReasons } from './verdict.ts'

const hour = z.string().meta({ format: 'date-time', description: 'the start of the hour, later of the day or month' })

export const usageGroups = ['key', 'client', 'owner', 'endpoint', 'caller', 'hour', 'day', 'month'] as const
export type UsageGroup = (typeof usageGroups)[number]

export const usageReportRow = z.object({
  group: z.object({ id: z.string(), name: z.string() }),
  calls: z.number(),
  allowed: z.number(),
  refused: z.number(),
  callers: z.number().meta({ description: 'distinct addresses, as far as they are kept' }),
  outcomes: z.record(z.string(), z.number()),
  first: hour,
  last: hour,
})
export type UsageReportRow = z.infer<typeof usageReportRow>

export const usageReportView = z.object({
  from: z.string(),
  to: z.string(),
  group_by: z.enum(usageGroups),
  calls: z.number(),
  data: z.array(usageReportRow),
})
export type UsageReportView = z.infer<typeof usageReportView>

export const usageQuery = z.strictObject({
  group_by: z.enum(usageGroups).optional().meta({ description: 'default: key' }),
  from: z.string().optional().meta({ description: 'a date or an instant; default: 30 days ago' }),
  to: z.string().optional().meta({ description: 'a date (with its whole day) or an instant; default: now' }),
  key: z.string().optional().meta({ description: 'id or name' }),
  client: z.string().optional().meta({ description: 'id or name' }),
  endpoint: z.string().optional().meta({ description: 'id or "METHOD /path"' }),
})

export const usageDailyLimits = { days: 14, keysMax: 100 } as const

export const usageDailyQuery = z.strictObject({
  keys: z.string().meta({ description: `ids with commas between them, at most ${usageDailyLimits.keysMax}` }),
})

const perDay = z.array(z.number())
export const usageDailyView = z.object({
  days: z
    .array(z.string())
    .meta({ description: `the last ${usageDailyLimits.days} days in UTC, today's last: the columns of each key` }),
  data: z
    .array(z.object({ key: z.string(), allowed: perDay, refused: perDay }))
    .meta({ description: 'by id, in the order asked for; ids that no key has are left out' }),
})
export type UsageDailyView = z.infer<typeof usageDailyView>

const caller = z.object({ address: z.string(), calls: z.number(), last_hour: hour })
export const keyEvidence = z.object({
  days: z.number().meta({ description: 'how many days are looked back on' }),
  calls: z.number().meta({ description: 'calls that passed' }),
  callers_count: z.number(),
  callers: z.array(caller).meta({ description: 'the busiest ten' }),
  endpoints: z.array(z.string()).meta({ description: 'ids of the endpoints that were called' }),
  last_used_at: z.string().nullable(),
  rotation: z
    .object({
      rotated_at: z.string(),
      callers: z.number().meta({ description: 'callers that have called since the rotation' }),
      moved: z.number().meta({ description: 'of these: callers that present the new secret' }),
      last_old_call_hour: hour.nullable(),
      still_old: z.array(z.object({ address: z.string(), last_hour: hour })),
      on_new: z
        .array(z.object({ address: z.string(), last_hour: hour }))
        .meta({ description: 'who presents the new secret, and when last; the busiest ten' }),
    })
    .nullable()
    .meta({ description: 'while the old secret of a rotation is still valid' }),
})
export type KeyEvidence = z.infer<typeof keyEvidence>

/** A key's newest calls, which are kept in memory alone. */
export const keyCall = z.object({
  at: z.string().meta({ format: 'date-time' }),
  request_id: z.string(),
  address: z.string(),
  asked_by_proxy: z.boolean().meta({ description: 'a proxy asked about the call; the address is the proxy’s' }),
  method: z.string(),
  endpoint: z.object({ id: z.string(), pattern: z.string().nullable() }).nullable().meta({
    description: 'with its pattern of paths as it is now, null when it was removed; null: the call reached none',
  }),
  path: z.string().nullable().meta({
    description: 'only where no endpoint was reached: the path without its query, long segments left out',
  }),
  outcome: z.enum(['allow', ...refusalReasons]).meta({ description: 'allow, or why it was refused' }),
  secret: z
    .enum(['current', 'old'])
    .nullable()
    .meta({ description: 'which secret it presented, as of then; null: not known, because it was refused' }),
})
export type KeyCall = z.infer<typeof keyCall>

export const keyCallsView = z.object({
  since: z.string().meta({
    format: 'date-time',
    description: 'calls from before are not remembered; a start of the service forgets all',
  }),
  data: z.array(keyCall).meta({ description: 'the newest ten, newest first' }),
})
export type KeyCallsView = z.infer<typeof keyCallsView>

/** Who would be hit when a client, a collection or an endpoint is stopped. */
export const reachEvidence = z.object({
  days: z.number(),
  calls: z.number().meta({ description: 'calls that passed' }),
  keys_count: z.number().meta({ description: 'keys they were made with' }),
  callers_count: z.number(),
  callers: z.array(caller).meta({ description: 'the busiest ten' }),
  last_hour: hour.nullable(),
})
export type ReachEvidence = z.infer<typeof reachEvidence>
