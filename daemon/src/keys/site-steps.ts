/**
 * What a site sets once for all keys: where the audit trail is sent, the calendar of expiries, which recovery kits were
 * tried. Pure steps. Never: a token; only what it is checked by.
 */
import { createHash } from 'node:crypto'
import type { AuditAction, TrailReceiverInput } from '@postern/shared'
import type { Document, SettingsRecord } from '../document/document.ts'
import type { Step, Stepped } from '../document/step.ts'
import { Problem, type Secret } from '../problem.ts'
import { assertHost, readCa } from './channel-steps.ts'
import { toInstant } from './expiry.ts'

/** Sends the trail to a syslog server over TLS (RFC 5425) from now on; `null`: no more. */
export const setTrailReceiver =
  (input: TrailReceiverInput | null): Step<SettingsRecord> =>
  (document) => {
    if (input === null) {
      if (document.settings.trailReceiver === null)
        throw new Problem('not_found', { detail: 'The trail is sent nowhere.' })
      return withSettings(document, { trailReceiver: null }, { action: 'trail.receiver', note: 'removed' })
    }
    assertHost(input.host)
    const trailReceiver = { host: input.host, port: input.port ?? 6514, ca: readCa(input.ca) }
    return withSettings(
      document,
      { trailReceiver },
      { action: 'trail.receiver', note: `${input.host}:${trailReceiver.port}` },
    )
  }

/** Makes the calendar readable with a new token, drawn by the caller; one from before stops working. `null`: no more. */
export const setCalendar =
  (token: Secret | null): Step<SettingsRecord> =>
  (document, context) => {
    if (token === null && document.settings.calendar === null)
      throw new Problem('not_found', { detail: 'There is no calendar.' })
    const calendar =
      token === null ? null : { verifier: verifierOfToken(token.reveal()), createdAt: toInstant(context.nowMs) }
    return withSettings(document, { calendar }, { action: token === null ? 'calendar.remove' : 'calendar.set' })
  }

export const verifierOfToken = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** Remembers that the kit of a slot was tried and opens the store. */
export const confirmKit =
  (slotId: string): Step<SettingsRecord> =>
  (document, context) =>
    withSettings(
      document,
      {
        confirmedKits: [
          ...document.settings.confirmedKits.filter((kit) => kit.slotId !== slotId),
          { slotId, at: toInstant(context.nowMs) },
        ],
      },
      { action: 'slot.confirm', id: slotId },
    )

const withSettings = (
  document: Document,
  changed: Partial<SettingsRecord>,
  { action, id, note }: { action: AuditAction; id?: string; note?: string },
): Stepped<SettingsRecord> => {
  const { settings } = document
  const result: SettingsRecord = { ...settings, ...changed, revision: settings.revision + 1 }
  const object = id === undefined ? { kind: 'settings', id: 'settings' } : { kind: 'slot', id }
  return {
    document: { ...document, settings: result },
    result,
    entry: { action, object, ...(note === undefined ? {} : { note }) },
  }
}
