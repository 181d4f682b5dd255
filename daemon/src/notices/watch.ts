/**
 * What has to be told at an instant. Pure. Promises: never before its threshold and, whenever it is asked next, not missed:
 * after a week off a key is spoken of by the last threshold it has passed. Never: a notice for a key that is disabled or
 * removed, or a second id for the same thing.
 */
import { isExpired, noticeThresholds, type KeyFacts, type Notice } from '@postern/shared'

export interface WatchedKey extends KeyFacts {
  readonly id: string
  readonly name: string
  readonly owner: string | null
  /** A trap has no date that anybody waits for. */
  readonly honey: object | null
  /** RFC 3339 of a call that was refused because the key has expired; `null`: none is known. */
  readonly usedAfterExpiryAt: string | null
}

/** What is looked at; `null` is not known, and then nothing is said of it. */
export interface Watched {
  readonly keys: Iterable<WatchedKey>
  readonly certificateNotAfter: string | null
  readonly diskFreeBytes: number | null
  /** The newest recovery kit when none has ever been tried, and when it was made. */
  readonly untriedKit: { readonly slotId: string; readonly createdAt: string } | null
  /** When the last backup that is known was made, or, without any, the store; and which of the two it is. */
  readonly backup: { readonly at: string; readonly isBackup: boolean } | null
  /** By how much the clock went back since the last look, in milliseconds; 0 when it did not. */
  readonly clockBackMs: number
}

const dayMs = 86_400_000
const diskFreeMin = 512 * 1024 ** 2
const clockBackMin = 60_000
const certificateThresholds = [
  { name: '30d', beforeMs: 30 * dayMs },
  { name: '7d', beforeMs: 7 * dayMs },
  { name: 'expired', beforeMs: 0 },
] as const

export const dueNotices = (watched: Watched, nowMs: number): Notice[] => [
  ...[...watched.keys].flatMap((key) => ofKey(key, nowMs)),
  ...ofCertificate(watched.certificateNotAfter, nowMs),
  ...ofKit(watched.untriedKit, nowMs),
  ...ofBackup(watched.backup, nowMs),
  ...ofDisk(watched.diskFreeBytes, nowMs),
  ...ofClock(watched.clockBackMs, nowMs),
]

const passed = <T extends { beforeMs: number }>(thresholds: readonly T[], atMs: number, nowMs: number): T | undefined =>
  thresholds.findLast(({ beforeMs }) => nowMs >= atMs - beforeMs)

const ofKey = (key: WatchedKey, nowMs: number): Notice[] => {
  if (key.honey !== null || key.expiresAt === null || key.disabledAt !== null || key.removedAt !== null) return []
  const expiresMs = Date.parse(key.expiresAt)
  const threshold = passed(noticeThresholds, expiresMs, nowMs)
  if (threshold === undefined) return []
  const subject = { kind: 'key', id: key.id, name: key.name }
  const whose = key.owner === null ? '' : `, owned by ${key.owner},`
  const expired = isExpired(key.expiresAt, nowMs)
  const notices: Notice[] = [
    {
      id: `key:${key.id}:${key.expiresAt}:${threshold.name}`,
      kind: 'key_expiry',
      severity: expired ? 'urgent' : 'warning',
      at: instant(nowMs),
      due_at: instant(expiresMs - threshold.beforeMs),
      expires_at: key.expiresAt,
      subject,
      text: expired
        ? `The key "${key.name}" (${key.id})${whose} expired on ${date(key.expiresAt)}; calls with it are refused.`
        : `The key "${key.name}" (${key.id})${whose} expires on ${date(key.expiresAt)}.`,
    },
  ]
  if (expired && key.usedAfterExpiryAt !== null)
    notices.push({
      id: `key:${key.id}:${key.expiresAt}:used`,
      kind: 'key_used_after_expiry',
      severity: 'urgent',
      at: key.usedAfterExpiryAt,
      expires_at: key.expiresAt,
      subject,
      text: `The key "${key.name}" (${key.id})${whose} has expired and is still being used; its calls are refused.`,
    })
  return notices
}

const ofCertificate = (notAfter: string | null, nowMs: number): Notice[] => {
  const threshold = notAfter === null ? undefined : passed(certificateThresholds, Date.parse(notAfter), nowMs)
  if (notAfter === null || threshold === undefined) return []
  const expired = threshold.beforeMs === 0
  return [
    {
      id: `certificate:${notAfter}:${threshold.name}`,
      kind: 'certificate',
      severity: expired ? 'urgent' : 'warning',
      at: instant(nowMs),
      due_at: instant(Date.parse(notAfter) - threshold.beforeMs),
      expires_at: notAfter,
      subject: { kind: 'certificate', id: 'listener', name: 'the certificate of the connector listener' },
      text: `The certificate of the connector listener ${expired ? 'ended' : 'ends'} on ${date(notAfter)}.`,
    },
  ]
}

/** What nobody has done for so long is spoken of. */
const neglect = [
  { name: '7d', afterMs: 7 * dayMs },
  { name: '30d', afterMs: 30 * dayMs },
  { name: '180d', afterMs: 180 * dayMs },
] as const

const neglectedSince = (sinceMs: number, nowMs: number): (typeof neglect)[number] | undefined =>
  neglect.findLast(({ afterMs }) => nowMs >= sinceMs + afterMs)

const ofKit = (kit: Watched['untriedKit'], nowMs: number): Notice[] => {
  if (kit === null) return []
  const madeMs = Date.parse(kit.createdAt)
  const threshold = neglectedSince(madeMs, nowMs)
  if (threshold === undefined) return []
  return [
    {
      id: `recovery_kit:${kit.slotId}:${threshold.name}`,
      kind: 'recovery_kit',
      severity: 'warning',
      at: instant(nowMs),
      due_at: instant(madeMs + threshold.afterMs),
      subject: { kind: 'slot', id: kit.slotId, name: 'the recovery kit' },
      text: `No recovery kit of this keystore has ever been tried. Fetch it and type it in: postern slots confirm. Without it, backups cannot be opened on another machine.`,
    },
  ]
}

const ofBackup = (backup: Watched['backup'], nowMs: number): Notice[] => {
  if (backup === null) return []
  const sinceMs = Date.parse(backup.at)
  const threshold = neglectedSince(sinceMs, nowMs)
  if (threshold === undefined) return []
  const fact = backup.isBackup
    ? `The last backup that Postern knows of is from ${date(backup.at)}.`
    : 'Postern knows of no backup of its data folder.'
  return [
    {
      id: `backup:${backup.at}:${threshold.name}`,
      kind: 'backup',
      severity: 'warning',
      at: instant(nowMs),
      due_at: instant(sinceMs + threshold.afterMs),
      subject: { kind: 'backup', id: 'backup', name: 'the backup of the data folder' },
      text: `${fact} Make one: postern backup create DIR. When another program copies the folder, let it say so: postern backup note.`,
    },
  ]
}

/** Who presented a honey key. */
export interface HoneyCaller {
  readonly address: string
  readonly atMs: number
  /** Until when it is refused because of that; `null`: it is not. */
  readonly blockedUntilMs: number | null
  /** It is refused from now on, and was not before. */
  readonly isFresh: boolean
}

/** A trap was touched. */
export const honeyNotice = (
  { id, name }: { id: string; name: string },
  address: string,
  { atMs, blockedUntilMs, isFresh }: Omit<HoneyCaller, 'address'>,
): Notice => {
  const at = instant(atMs)
  const refused =
    blockedUntilMs === null
      ? ''
      : ` Its address is refused until ${date(instant(blockedUntilMs))}; let it in again with: postern blocks lift ${address}.`
  return {
    id: `honey:${id}:${address}:${isFresh ? at.slice(0, 16) : at.slice(0, 10)}`,
    kind: 'honey_key',
    severity: 'urgent',
    at,
    subject: { kind: 'key', id, name },
    text: `Somebody at ${address} has presented the honey key "${name}" (${id}), which nobody should have. It was refused. Wherever that key was put, somebody has been reading.${refused}`,
  }
}

const ofDisk = (freeBytes: number | null, nowMs: number): Notice[] => {
  if (freeBytes === null || freeBytes >= diskFreeMin) return []
  const text = `Only ${Math.floor(freeBytes / 1e6)} MB are free on the disk of the data folder; changes will soon be refused.`
  return [daily('disk', 'the disk of the data folder', text, nowMs)]
}

const ofClock = (backMs: number, nowMs: number): Notice[] => {
  if (backMs < clockBackMin) return []
  const text = `The clock of this machine went back by ${Math.round(backMs / 1000)} seconds; expired keys may be accepted again.`
  return [daily('clock', 'the clock of this machine', text, nowMs)]
}

/** What goes on is said once a day. */
const daily = (kind: 'disk' | 'clock', name: string, text: string, nowMs: number): Notice => {
  const at = new Date(nowMs).toISOString()
  return { id: `${kind}:${at.slice(0, 10)}`, kind, severity: 'urgent', at, subject: { kind, id: kind, name }, text }
}

const instant = (ms: number): string => new Date(ms).toISOString()

const date = (text: string): string => `${text.slice(0, 10)} at ${text.slice(11, 16)} UTC`
