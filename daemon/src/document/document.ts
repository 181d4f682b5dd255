/**
 * What the keystore holds, as one immutable value. Promises: this is the shape on disk, in memory and in the frozen
 * fixtures. Never: changed in place; a change is a new value that shares what did not change.
 *
 * Times are RFC 3339 UTC with milliseconds and Z. Records are kept by id, so their order on disk is the order of creation.
 */
import type { EndpointMethod, KeyScope, MailSecurity, RevealPolicy, SyslogTransport } from '@postern/shared'

export const documentVersion = 4

/** One secret of a key. The first of a key is current; a second one is the old secret during a rotation's overlap. */
export interface KeySecret {
  readonly version: number
  /** base64url of SHA-256(key id + secret): enough for a secret of 256 random bits. */
  readonly verifier: string
  /** The last four characters of the key value, for recognising it. */
  readonly last4: string
  /** The secret sealed once more (associated data: key id, field, version); `null` when the policy keeps none. */
  readonly sealed: string | null
  readonly createdAt: string
  /** When an old secret stops being valid; `null` for the current one. */
  readonly validUntil: string | null
}

export interface KeyRecord {
  readonly id: string
  /** Grows with every change to this record; the entity tag of the admin API. */
  readonly revision: number
  readonly name: string
  readonly description: string
  readonly owner: string | null
  readonly clientId: string
  /** Collection ids this key is narrowed to; `null`: all that its client may reach. */
  readonly collections: readonly string[] | null
  /** What it may ask of Postern itself, besides calling endpoints. */
  readonly scopes: readonly KeyScope[]
  /** Not `null`: a trap. It opens nothing, and whoever presents it is told of. */
  readonly honey: HoneyRecord | null
  readonly reveal: RevealPolicy
  readonly secrets: readonly KeySecret[]
  readonly createdAt: string
  /** Valid strictly before this instant; `null`: never expires. */
  readonly expiresAt: string | null
  /** Since when it has been enabled without a break; `null` while disabled. */
  readonly activeSince: string | null
  readonly disabledAt: string | null
  readonly removedAt: string | null
  /**
   * Since when it has waited for somebody to say that it may live again: it came back from an older folder, and what was
   * done to it since is not known. Always disabled as well; enabling it ends the wait.
   */
  readonly quarantinedAt: string | null
}

export interface HoneyRecord {
  /** For how long the address that presented it is refused; 0: not at all. */
  readonly blockSeconds: number
}

export interface ClientRecord {
  readonly id: string
  readonly revision: number
  readonly name: string
  readonly description: string
  readonly project: string | null
  readonly email: string | null
  /** Collection ids granted to this client; `null`: every collection. */
  readonly collections: readonly string[] | null
  /** Its keys with the scope may read the changes to everybody's, not only its own. */
  readonly administrator: boolean
  readonly createdAt: string
  readonly updatedAt: string
  readonly disabledAt: string | null
}

export interface CollectionRecord {
  readonly id: string
  readonly revision: number
  readonly name: string
  readonly description: string
  readonly project: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly disabledAt: string | null
}

export interface EndpointRecord {
  readonly id: string
  readonly revision: number
  readonly collectionId: string
  readonly description: string
  readonly method: EndpointMethod
  readonly path: string
  /** Only calls for this host (no port, lower case); `null`: any host. */
  readonly host: string | null
  /** Where calls go, with `{name}` for raw segments; `null`: forward-auth only. */
  readonly upstream: string | null
  /** PEM of a certificate authority to trust for this upstream besides none other; `null`: the system's. */
  readonly upstreamCa: string | null
  readonly bodyBytesMax: number
  readonly connectTimeoutMs: number
  readonly answerTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly disabledAt: string | null
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

/** An address that is refused for a time. */
export interface BlockRecord {
  /** An address, or the first 64 bits of an IPv6 address in the form `2001:db8:0:1::/64`. */
  readonly id: string
  /** The honey key that was presented from there. */
  readonly keyId: string
  readonly createdAt: string
  /** Refused strictly before this instant. */
  readonly until: string
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
}

export interface Document {
  readonly version: typeof documentVersion
  readonly keys: Readonly<Record<string, KeyRecord>>
  readonly clients: Readonly<Record<string, ClientRecord>>
  readonly collections: Readonly<Record<string, CollectionRecord>>
  readonly endpoints: Readonly<Record<string, EndpointRecord>>
  readonly blocks: Readonly<Record<string, BlockRecord>>
  readonly settings: SettingsRecord
}
