/** The shapes about the store as a whole: settings, key slots, backups, blocked addresses, unlocking. */
import { z } from 'zod'
import { revealPolicies } from './keys.ts'

const instant = z.string().meta({ format: 'date-time' })
const reference = z.object({ id: z.string(), name: z.string() })

export const settingsEdit = z.strictObject({
  reveal_default: z.enum(revealPolicies).optional(),
  socket_requests_per_second: z.number().optional(),
})
export type SettingsEdit = z.infer<typeof settingsEdit>
export const settingsView = z.object({
  reveal_default: z.enum(revealPolicies),
  socket_requests_per_second: z.number(),
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

const backup = {
  at: instant,
  path: z.string().nullable().meta({ description: 'null: made by another program' }),
  generation: z.number(),
}
export const knownBackup = z.object(backup)
export const lastBackup = z.object({ last: knownBackup.nullable() })
export const newBackup = z.strictObject({
  dir: z.string().min(1).max(1_000).meta({ description: 'the whole path of a folder that backups go into' }),
})
export const backupMade = z.object({ ...backup, path: z.string(), files: z.number(), bytes: z.number() })
export type BackupMadeView = z.infer<typeof backupMade>

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

export const unlockRequest = z.strictObject({ code: z.string().max(200), accept_rollback: z.boolean().optional() })
