/** The shapes of the audit trail on the admin API: its records, what a check of it says, and an export of it. */
import { z } from 'zod'
import { auditOutcomes } from './audit.ts'

const instant = z.string().meta({ format: 'date-time' })

export const auditView = z.object({
  seq: z.number(),
  ts: instant,
  actor: z.object({ kind: z.string(), name: z.string(), proof: z.string() }),
  action: z.string(),
  object: z.object({ kind: z.string(), id: z.string(), name: z.string().optional() }),
  outcome: z.enum(auditOutcomes),
  came_true: z.boolean().meta({ description: 'false for an intent that was taken back' }),
  generation: z.number().nullable(),
  request_id: z.string().nullable(),
  fields: z.array(z.string()).optional(),
  note: z.string().optional(),
  client: z.string().optional().meta({ description: 'the client whose record it is about' }),
  count: z.number().optional(),
  missing: z.object({ from: z.number(), to: z.number() }).optional(),
  kept_from: z.object({ seq: z.number(), prev: z.string() }).optional(),
  boot: z.string().optional(),
  mono_ms: z.number().optional(),
  prev: z.string().optional().meta({ description: 'hex SHA-256 of the line before' }),
  sig: z.string().optional().meta({ description: 'the Ed25519 seal on the last line of each append' }),
})
export type AuditView = z.infer<typeof auditView>

export const auditVerification = z.object({
  ok: z.boolean(),
  entries: z.number().meta({ description: 'records that were looked at and found good' }),
  unchained: z.number().meta({ description: 'of these: records from before the trail was chained' }),
  first_seq: z.number().nullable(),
  last_seq: z.number().nullable(),
  head: z.string().nullable().meta({ description: 'hex SHA-256 of the last good record' }),
  gaps: z
    .array(z.object({ seq: z.number(), from: z.number(), to: z.number() }))
    .meta({ description: 'records that a sealed record itself says are missing' }),
  bad: z.object({ seq: z.number(), reason: z.string() }).nullable().meta({ description: 'the first bad record' }),
})
export type AuditVerification = z.infer<typeof auditVerification>

export const trailReceiver = z.strictObject({
  host: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65_535).optional().meta({ description: 'default: 6514' }),
  ca: z
    .string()
    .max(65_536)
    .nullable()
    .optional()
    .meta({ description: 'PEM certificates to trust; absent: the system’s' }),
})
export type TrailReceiverInput = z.infer<typeof trailReceiver>
export const trailReceiverView = z.object({
  receiver: z.object({ host: z.string(), port: z.number() }).nullable(),
  sent_seq: z.number().nullable().meta({ description: 'the last record that was handed over' }),
  last_seq: z.number().meta({ description: 'the last record there is' }),
  problem: z.string().nullable().meta({ description: 'why the receiver is not reached at present' }),
})
export type TrailReceiverView = z.infer<typeof trailReceiverView>

export const auditLines = z.object({
  store_id: z.string(),
  public_key: z.string().meta({ description: 'PEM of the key that the seals are checked with' }),
  lines: z.array(z.string()).meta({ description: 'the records as they stand in the trail, byte for byte' }),
  next: z.number().nullable().meta({ description: 'go on with this as `after`; null: that was all' }),
})
export type AuditLines = z.infer<typeof auditLines>
export const auditLinesQuery = z.strictObject({
  after: z.coerce.number().optional().meta({ description: 'records after this one; default 0' }),
})
export const auditTrailer = z.object({ line: z.string() })
export const auditTrailerQuery = z.strictObject({
  from: z.coerce.number().meta({ description: 'the first record of the export' }),
  to: z.coerce.number().meta({ description: 'the last one' }),
})
