/** The shapes about the store as a whole: settings, key slots, backups, blocked addresses, unlocking. */
import { z } from 'zod'
import { revealPolicies } from './keys.ts'

export * from './backup-schemas.ts'

const instant = z.string().meta({ format: 'date-time' })
const reference = z.object({ id: z.string(), name: z.string() })

export const settingsEdit = z.strictObject({
  reveal_default: z.enum(revealPolicies).optional(),
  socket_requests_per_second: z.number().optional(),
  admin_requests_per_second: z
    .number()
    .optional()
    .meta({ description: 'of one admin token or one session of the pages; twice as many at once' }),
  wrong_credentials_per_minute: z
    .number()
    .optional()
    .meta({ description: 'that one address may present before it is told to wait' }),
  public_url: z
    .string()
    .nullable()
    .optional()
    .meta({ description: 'where callers reach the connector listener, an https URL without a path; null: not said' }),
  credential_header: z
    .string()
    .nullable()
    .optional()
    .meta({ description: 'a header for keys besides Authorization and X-API-Key; null: none' }),
})
export type SettingsEdit = z.infer<typeof settingsEdit>
export const settingsView = z.object({
  reveal_default: z.enum(revealPolicies),
  socket_requests_per_second: z.number(),
  admin_requests_per_second: z.number(),
  wrong_credentials_per_minute: z.number(),
  credential_header: z.string().nullable(),
  public_url: z.string().nullable(),
  etag: z.string(),
})
export type SettingsView = z.infer<typeof settingsView>

export const slotView = z.object({
  id: z.string(),
  kind: z.enum(['machine', 'recovery']),
  created_at: instant,
  this_machine: z.boolean(),
  health: z.enum(['ok', 'damaged']),
  confirmed_at: instant.nullable().meta({ description: 'when a recovery kit was last tried; null: never' }),
})
export type SlotView = z.infer<typeof slotView>
export const newSlot = z.strictObject({ kind: z.literal('recovery') })
export const issuedKit = z.object({ slot_id: z.string(), store_id: z.string(), code: z.string() })
export type IssuedKit = z.infer<typeof issuedKit>

export const slotConfirmation = z.strictObject({ code: z.string().max(200) })
export const slotConfirmed = z.object({ slot_id: z.string(), confirmed_at: instant })

export const blockView = z.object({
  network: z.string().meta({ description: 'an IPv4 address, or 64 bits of an IPv6 address' }),
  key: reference.meta({ description: 'the honey key that was presented from there' }),
  created_at: instant,
  until: instant.meta({ description: 'refused strictly before' }),
})
export type BlockView = z.infer<typeof blockView>
export const liftRequest = z.strictObject({ network: z.string().max(100) })

export const unlockRequest = z.strictObject({
  code: z.string().max(200),
  accept_rollback: z.boolean().optional(),
  quarantine: z.boolean().optional().meta({ description: 'no key lives until somebody says so' }),
})

/** What an opened folder was found to be, and what was done about it. */
export const cameUpView = z.object({
  generation: z.number(),
  written_at: instant,
  newer_known: z.boolean().meta({ description: 'something newer of this store is known to have been' }),
  gap: z.boolean().meta({ description: 'what was taken back since cannot be known' }),
  reapplied: z.array(
    z.object({ kind: z.enum(['key', 'client']), id: z.string(), name: z.string(), what: z.array(z.string()) }),
  ),
  quarantined: z.array(reference).meta({ description: 'keys that wait until somebody lets them live again' }),
})
export type CameUpView = z.infer<typeof cameUpView>

export const releaseRequest = z.strictObject({
  all: z.literal(true).optional(),
  keys: z.array(z.string().min(1).max(400)).min(1).max(1_000).optional().meta({ description: 'ids or names' }),
})
export const releaseView = z.object({ released: z.array(reference) })

export const clockView = z.object({
  standing: z.enum(['right', 'behind', 'ahead']).meta({
    description: 'behind: it went back; ahead: it went on by more than two days, which nobody has confirmed',
  }),
  wall: instant.meta({ description: 'what the clock of the machine says' }),
  judged_by: instant.meta({ description: 'what keys are judged by' }),
  floor: instant.meta({ description: 'the latest time that is sure to have been' }),
  agrees_in_seconds: z.number().nullable().meta({ description: 'when a clock that is ahead will be believed' }),
})
export type ClockView = z.infer<typeof clockView>

/** What an open keystore says of itself. */
export const storeFacts = z.object({
  id: z.string(),
  generation: z.number(),
  machine_key: z
    .enum(['file', 'systemd-creds', 'dpapi'])
    .meta({ description: 'how this machine keeps the key that opens the store' }),
  root_key_since: instant.nullable().meta({ description: 'null: since before it was noted' }),
  data_key_since: instant.nullable(),
})
