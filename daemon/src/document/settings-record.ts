/**
 * What a store holds once: its channels, schedules, limits of the admin API, and the keys that Postern signs with. Secrets in
 * it are sealed once more, like those of keys.
 */
import type { MailSecurity, RevealPolicy, SyslogTransport } from '@postern/shared'

/** A key that Postern signs with; others check by its public half. */
export interface SigningKeyRecord {
  /** `kid` of the JWS header. */
  readonly id: string
  /** P-256 public key, SPKI in base64url. */
  readonly publicKey: string
  /** The private key, PKCS#8 in base64url. */
  readonly privateKey: SealedSecret
  readonly createdAt: string
  /** It is published from the start, and signs from this instant. */
  readonly signsFrom: string
}

/** A secret of somebody else's, sealed like those of keys. */
export interface SealedSecret {
  readonly sealed: string
  /** Part of the associated data; grows with every change of the settings. */
  readonly version: number
}

export interface MailRecord {
  readonly host: string
  readonly port: number
  readonly security: MailSecurity
  readonly user: string | null
  readonly password: SealedSecret | null
  readonly from: string
  readonly to: readonly string[]
  /** PEM of an authority to trust; `null`: the system's. */
  readonly ca: string | null
}

export interface WebhookRecord {
  readonly url: string
  readonly secret: SealedSecret
  readonly ca: string | null
}

export interface SyslogRecord {
  readonly transport: SyslogTransport
  readonly host: string
  readonly port: number
  readonly ca: string | null
}

export interface SystemLogRecord {
  /** The name entries carry. */
  readonly name: string
}

/** A syslog server that takes the audit trail over TLS. */
export interface TrailReceiverRecord {
  readonly host: string
  readonly port: number
  readonly ca: string | null
}

/** Where notices go besides the log; `null`: not there. */
export interface ChannelsRecord {
  readonly mail: MailRecord | null
  readonly webhook: WebhookRecord | null
  readonly syslog: SyslogRecord | null
  /** The log of the operating system: journald or syslog, or the Windows event log. */
  readonly system: SystemLogRecord | null
}

/** A calendar of expiries that whoever knows its token may read. */
export interface CalendarRecord {
  /** base64url of SHA-256 of the token, which is random and not kept. */
  readonly verifier: string
  readonly createdAt: string
}

/** Who has shown that a recovery kit opens the store. */
export interface ConfirmedKit {
  readonly slotId: string
  readonly at: string
}

/** Backups that Postern makes by itself. */
export interface BackupSchedule {
  /** Cron expression of five fields, in the gateway's zone. */
  readonly cron: string
  /** The whole path of the folder they go into. */
  readonly dir: string
  /** How many of them stay there. */
  readonly keep: number
}

/** Restores in memory that Postern tries by itself. */
export interface DrillSchedule {
  readonly cron: string
}

export interface SettingsRecord {
  readonly revision: number
  /** The reveal policy of keys that name none. */
  readonly revealDefault: RevealPolicy
  /** Requests a second that one local socket user may make to the admin API. */
  readonly socketRequestsPerSecond: number
  readonly channels: ChannelsRecord
  /** Where the audit trail is sent as it is written; `null`: nowhere. */
  readonly trailReceiver: TrailReceiverRecord | null
  readonly calendar: CalendarRecord | null
  /** Recovery kits that have been tried and found good. */
  readonly confirmedKits: readonly ConfirmedKit[]
  /** `null`: nobody has asked for any. */
  readonly backupSchedule: BackupSchedule | null
  readonly drillSchedule: DrillSchedule | null
  /** A header, in lower case, in which keys may be presented besides `Authorization` and `X-API-Key`; `null`: none. */
  readonly credentialHeader: string | null
  /** base64url of 32 random bytes that imported values are hashed with; `null`: none was imported yet. */
  readonly importPepper: string | null
  /** Requests a second that one admin token or one session of the pages may make; twice as many at once. */
  readonly adminRequestsPerSecond: number
  /** Credentials that are not valid which one address may present in a minute before it is told to wait. */
  readonly wrongCredentialsPerMinute: number
  /** Where callers reach the connector listener, such as `https://gateway.example.com:8443`; `null`: not said. */
  readonly publicUrl: string | null
  /** Newest last. */
  readonly signingKeys: readonly SigningKeyRecord[]
}
