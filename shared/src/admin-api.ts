/**
 * THE table of the admin API: every call's method, path, role, request and answer. The router, the typed client, the
 * OpenAPI document and the documentation are all derived from it; a row without a handler does not compile.
 */
import { z } from 'zod'
import type { KeyRight, Role } from './access.ts'
import * as s from './admin-schemas.ts'

export interface AdminRow {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Express style: `:key` takes an id or a name. */
  readonly path: string
  /** The least role that may call it; of a row with a `right`: for keys that name nobody in their grants. */
  readonly role: Role
  /** What the caller must be allowed to do with the key in its path. */
  readonly right?: KeyRight
  readonly summary: string
  readonly status: 200 | 201 | 204
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly answer?: z.ZodType
  /** Takes `Idempotency-Key`: a repeated request gets the first answer again for 10 minutes. */
  readonly idempotent?: true
  /** Needs `If-Match` with the entity tag last read, or `*`. */
  readonly ifMatch?: true
  /** Answered while the keystore is locked too. */
  readonly whileLocked?: true
  /** Answered on the local socket alone: who comes through another door cannot open more of them. */
  readonly socketOnly?: true
  /** Takes as long as the data is large: a caller waits without an end of its own. */
  readonly long?: true
  /** In bytes, of its body; default: 256 KiB. */
  readonly bodyMax?: number
  /** It will go: its answers say so (RFC 9745, RFC 8594), and what to call instead. */
  readonly deprecated?: DeprecatedRow
}

export interface DeprecatedRow {
  /** Instants. */
  readonly since: string
  readonly sunset: string
  /** The path of the call that takes its place, with the same parameters. */
  readonly successor: string
  /** Where one reads about it. */
  readonly link: string
}

const removed = { status: 204 } as const

const revokeOld: DeprecatedRow = {
  since: '2026-11-21T00:00:00.000Z',
  sunset: '2027-11-21T00:00:00.000Z',
  successor: '/v1/keys/:key/end-overlap',
  link: '/v1/openapi.json',
}

// A table reads best with one row to a line.
// prettier-ignore
export const adminApi = {
  'status.get': { method: 'GET', path: '/v1/status', role: 'viewer', status: 200, answer: s.statusView, whileLocked: true, summary: 'How Postern is' },
  'openapi.get': { method: 'GET', path: '/v1/openapi.json', role: 'viewer', status: 200, answer: z.record(z.string(), z.unknown()), whileLocked: true, summary: 'This API as an OpenAPI 3.1 document' },
  'actor.challenge': { method: 'POST', path: '/v1/actor/challenge', role: 'viewer', status: 200, answer: s.challengeView, whileLocked: true, socketOnly: true, summary: 'A file to create as proof of who calls' },
  'links.create': { method: 'POST', path: '/v1/links', role: 'viewer', status: 201, body: s.newLink, answer: s.linkIssued, whileLocked: true, socketOnly: true, summary: 'A link to a page on this machine, good once and for a minute; who comes by it may do what the caller may' },
  'changes.wait': { method: 'GET', path: '/v1/changes', role: 'viewer', status: 200, query: s.changesQuery, answer: s.changesView, whileLocked: true, summary: 'What has changed: at once when there is something new, else when there is, and after 25 seconds at the latest' },
  'keystore.unlock': { method: 'POST', path: '/v1/unlock', role: 'administrator', status: 200, body: s.unlockRequest, answer: s.unlockView, whileLocked: true, summary: 'Open the keystore with the recovery code and make a machine slot here' },

  'clock.accept': { method: 'POST', path: '/v1/clock/accept', role: 'administrator', status: 200, answer: s.clockView, summary: 'Say that the clock of this machine is right, though it went back or far ahead' },

  'keys.list': { method: 'GET', path: '/v1/keys', role: 'viewer', status: 200, query: s.keysQuery, answer: s.pageOf(s.keyView), summary: 'Keys in order of creation' },
  'keys.create': { method: 'POST', path: '/v1/keys', role: 'operator', status: 201, body: s.newKey, answer: s.issuedKey, idempotent: true, summary: 'Issue a key' },
  'keys.import': { method: 'POST', path: '/v1/keys/import', role: 'administrator', status: 200, body: s.keyImport, answer: s.importReport, long: true, bodyMax: 16 * 1024 * 1024, summary: 'Bring keys from elsewhere, by value or by digest: all of them in one change, or none' },
  'keys.get': { method: 'GET', path: '/v1/keys/:key', role: 'viewer', right: 'view', status: 200, answer: s.keyView, summary: 'One key, its secret left out' },
  'keys.edit': { method: 'PATCH', path: '/v1/keys/:key', role: 'operator', right: 'manage', status: 200, body: s.keyEdit, answer: s.keyView, ifMatch: true, summary: 'Edit a key; a new date makes an expired key active at once' },
  'keys.remove': { method: 'DELETE', path: '/v1/keys/:key', role: 'operator', right: 'manage', status: 200, answer: s.keyWithEvidence, summary: 'Remove a key: dead at once, restorable for 7 days' },
  'keys.restore': { method: 'POST', path: '/v1/keys/:key/restore', role: 'operator', right: 'manage', status: 200, answer: s.keyView, summary: 'Take a removed key back' },
  'keys.disable': { method: 'POST', path: '/v1/keys/:key/disable', role: 'operator', right: 'manage', status: 200, answer: s.keyWithEvidence, summary: 'Refuse calls with this key until it is enabled' },
  'keys.enable': { method: 'POST', path: '/v1/keys/:key/enable', role: 'operator', right: 'manage', status: 200, answer: s.keyView, summary: 'Accept calls with this key again' },
  'keys.release': { method: 'POST', path: '/v1/keys/release', role: 'administrator', status: 200, body: s.releaseRequest, answer: s.releaseView, summary: 'Let keys live again that wait after an older folder came up' },
  'keys.rotate': { method: 'POST', path: '/v1/keys/:key/rotate', role: 'operator', right: 'manage', status: 200, body: s.rotation, answer: s.issuedKey, idempotent: true, summary: 'A new secret under the same id' },
  'keys.end_overlap': { method: 'POST', path: '/v1/keys/:key/end-overlap', role: 'operator', right: 'manage', status: 200, answer: s.keyView, summary: 'End the overlap of a rotation now' },
  'keys.revoke_old': { method: 'POST', path: '/v1/keys/:key/revoke-old', role: 'operator', right: 'manage', status: 200, answer: s.keyView, deprecated: revokeOld, summary: 'The former name of end-overlap' },
  'keys.reveal': { method: 'POST', path: '/v1/keys/:key/reveal', role: 'operator', right: 'reveal', status: 200, answer: s.issuedKey, summary: 'Show the key value; always recorded' },
  'keys.evidence': { method: 'GET', path: '/v1/keys/:key/evidence', role: 'viewer', right: 'view', status: 200, answer: s.keyEvidence, summary: 'Who uses a key, and how far a rotation has come' },
  'keys.calls': { method: 'GET', path: '/v1/keys/:key/calls', role: 'viewer', right: 'view', status: 200, answer: s.keyCallsView, summary: 'The last calls with a key one by one, refused ones too, as far as Postern remembers them' },
  'keys.limits': { method: 'GET', path: '/v1/keys/:key/limits', role: 'viewer', right: 'view', status: 200, answer: s.keyLimitsView, summary: 'The limits a key is under, and what is left of each at this moment' },
  'keys.try': { method: 'POST', path: '/v1/keys/:key/try', role: 'operator', right: 'reveal', status: 200, body: s.tryRequest, answer: s.tryResult, summary: 'Call the gateway with this key and say whether it passes, or which check fails; always recorded' },

  'clients.list': { method: 'GET', path: '/v1/clients', role: 'viewer', status: 200, query: s.clientsQuery, answer: s.pageOf(s.clientView), summary: 'Clients in order of creation' },
  'clients.create': { method: 'POST', path: '/v1/clients', role: 'operator', status: 201, body: s.newClient, answer: s.clientView, idempotent: true, summary: 'Create a client' },
  'clients.get': { method: 'GET', path: '/v1/clients/:client', role: 'viewer', status: 200, answer: s.clientView, summary: 'One client with its counts of keys' },
  'clients.edit': { method: 'PATCH', path: '/v1/clients/:client', role: 'operator', status: 200, body: s.clientEdit, answer: s.clientView, ifMatch: true, summary: 'Edit a client' },
  'clients.remove': { method: 'DELETE', path: '/v1/clients/:client', role: 'operator', ...removed, summary: 'Remove a client that owns no keys' },
  'clients.disable': { method: 'POST', path: '/v1/clients/:client/disable', role: 'operator', status: 200, answer: s.clientWithEvidence, summary: 'Refuse calls with every key of this client' },
  'clients.enable': { method: 'POST', path: '/v1/clients/:client/enable', role: 'operator', status: 200, answer: s.clientView, summary: 'Accept calls of this client again' },

  'collections.list': { method: 'GET', path: '/v1/collections', role: 'viewer', status: 200, query: s.collectionsQuery, answer: s.pageOf(s.collectionView), summary: 'Collections in order of creation' },
  'collections.create': { method: 'POST', path: '/v1/collections', role: 'operator', status: 201, body: s.newCollection, answer: s.collectionView, idempotent: true, summary: 'Create a collection' },
  'collections.get': { method: 'GET', path: '/v1/collections/:collection', role: 'viewer', status: 200, answer: s.collectionView, summary: 'One collection' },
  'collections.edit': { method: 'PATCH', path: '/v1/collections/:collection', role: 'operator', status: 200, body: s.collectionEdit, answer: s.collectionView, ifMatch: true, summary: 'Edit a collection' },
  'collections.remove': { method: 'DELETE', path: '/v1/collections/:collection', role: 'operator', ...removed, summary: 'Remove a collection that holds no endpoints' },
  'collections.disable': { method: 'POST', path: '/v1/collections/:collection/disable', role: 'operator', status: 200, answer: s.collectionWithEvidence, summary: 'Its endpoints answer 404' },
  'collections.enable': { method: 'POST', path: '/v1/collections/:collection/enable', role: 'operator', status: 200, answer: s.collectionView, summary: 'Its endpoints answer again' },

  'endpoints.list': { method: 'GET', path: '/v1/endpoints', role: 'viewer', status: 200, query: s.endpointsQuery, answer: s.pageOf(s.endpointView), summary: 'Endpoints in order of creation' },
  'endpoints.create': { method: 'POST', path: '/v1/endpoints', role: 'operator', status: 201, body: s.newEndpoint, answer: s.endpointView, idempotent: true, summary: 'Create an endpoint' },
  'endpoints.get': { method: 'GET', path: '/v1/endpoints/:endpoint', role: 'viewer', status: 200, answer: s.endpointView, summary: 'One endpoint' },
  'endpoints.edit': { method: 'PATCH', path: '/v1/endpoints/:endpoint', role: 'operator', status: 200, body: s.endpointEdit, answer: s.endpointView, ifMatch: true, summary: 'Edit an endpoint' },
  'endpoints.remove': { method: 'DELETE', path: '/v1/endpoints/:endpoint', role: 'operator', status: 200, answer: s.endpointWithEvidence, summary: 'Remove an endpoint' },
  'endpoints.disable': { method: 'POST', path: '/v1/endpoints/:endpoint/disable', role: 'operator', status: 200, answer: s.endpointWithEvidence, summary: 'The endpoint answers 404' },
  'endpoints.enable': { method: 'POST', path: '/v1/endpoints/:endpoint/enable', role: 'operator', status: 200, answer: s.endpointView, summary: 'The endpoint answers again' },

  'policies.list': { method: 'GET', path: '/v1/policies', role: 'viewer', status: 200, query: s.policiesQuery, answer: s.pageOf(s.policyView), summary: 'Policies, which are limits under a name, in order of creation' },
  'policies.create': { method: 'POST', path: '/v1/policies', role: 'operator', status: 201, body: s.newPolicy, answer: s.policyView, idempotent: true, summary: 'Create a policy for keys and clients to be put under' },
  'policies.get': { method: 'GET', path: '/v1/policies/:policy', role: 'viewer', status: 200, answer: s.policyView, summary: 'One policy with who is under it' },
  'policies.edit': { method: 'PATCH', path: '/v1/policies/:policy', role: 'operator', status: 200, body: s.policyEdit, answer: s.policyView, ifMatch: true, summary: 'Edit a policy; what has been counted stays' },
  'policies.remove': { method: 'DELETE', path: '/v1/policies/:policy', role: 'operator', ...removed, summary: 'Remove a policy that no key and no client is under' },
  'policies.disable': { method: 'POST', path: '/v1/policies/:policy/disable', role: 'operator', status: 200, answer: s.policyView, summary: 'The policy limits nothing until it is enabled' },
  'policies.enable': { method: 'POST', path: '/v1/policies/:policy/enable', role: 'operator', status: 200, answer: s.policyView, summary: 'The policy limits again' },

  'me.get': { method: 'GET', path: '/v1/me', role: 'viewer', status: 200, answer: s.meView, whileLocked: true, summary: 'Who asks, and what they may do' },
  'tokens.list': { method: 'GET', path: '/v1/tokens', role: 'administrator', status: 200, query: s.tokensQuery, answer: s.pageOf(s.tokenView), summary: 'Admin tokens in order of creation' },
  'tokens.create': { method: 'POST', path: '/v1/tokens', role: 'administrator', status: 201, body: s.newToken, answer: s.issuedToken, idempotent: true, summary: 'Make an admin token; it is shown once' },
  'tokens.get': { method: 'GET', path: '/v1/tokens/:token', role: 'administrator', status: 200, answer: s.tokenView, summary: 'One admin token, its secret left out' },
  'tokens.edit': { method: 'PATCH', path: '/v1/tokens/:token', role: 'administrator', status: 200, body: s.tokenEdit, answer: s.tokenView, ifMatch: true, summary: 'Edit an admin token' },
  'tokens.remove': { method: 'DELETE', path: '/v1/tokens/:token', role: 'administrator', ...removed, summary: 'Remove an admin token, also from the grants of keys' },
  'tokens.disable': { method: 'POST', path: '/v1/tokens/:token/disable', role: 'administrator', status: 200, answer: s.tokenView, summary: 'Refuse calls with this token until it is enabled' },
  'tokens.enable': { method: 'POST', path: '/v1/tokens/:token/enable', role: 'administrator', status: 200, answer: s.tokenView, summary: 'Accept calls with this token again' },

  'settings.get': { method: 'GET', path: '/v1/settings', role: 'viewer', status: 200, answer: s.settingsView, summary: 'Settings of the store' },
  'settings.edit': { method: 'PATCH', path: '/v1/settings', role: 'administrator', status: 200, body: s.settingsEdit, answer: s.settingsView, ifMatch: true, summary: 'Edit settings' },

  'slots.list': { method: 'GET', path: '/v1/slots', role: 'viewer', status: 200, answer: s.pageOf(s.slotView), summary: 'Key slots: who can open the keystore' },
  'slots.add': { method: 'POST', path: '/v1/slots', role: 'administrator', status: 201, body: s.newSlot, answer: s.issuedKit, summary: 'Make a new recovery kit; its code is shown once' },
  'slots.confirm': { method: 'POST', path: '/v1/slots/confirm', role: 'administrator', status: 200, body: s.slotConfirmation, answer: s.slotConfirmed, summary: 'Try a recovery code: does it open this keystore?' },
  'slots.rotate': { method: 'POST', path: '/v1/slots/rotate', role: 'administrator', ...removed, summary: 'Draw a new root key and wrap it for every slot; every recovery kit stays valid' },
  'slots.remove': { method: 'DELETE', path: '/v1/slots/:slot', role: 'administrator', ...removed, summary: 'Remove a slot; backups made before stay openable with it' },

  'backups.last': { method: 'GET', path: '/v1/backups', role: 'viewer', status: 200, answer: s.backupsView, summary: 'What this machine knows of backups: the last, the last proven restorable, schedules' },
  'backups.create': { method: 'POST', path: '/v1/backups', role: 'administrator', status: 201, body: s.newBackup, answer: s.backupMade, long: true, summary: 'Copy the data folder into a folder of its own or an archive, read back' },
  'backups.note': { method: 'POST', path: '/v1/backups/note', role: 'administrator', status: 200, answer: s.knownBackup, summary: 'Another program has just copied the data folder' },
  'backups.schedule': { method: 'POST', path: '/v1/backups/schedule', role: 'administrator', status: 200, body: s.backupScheduling, answer: s.backupsView, summary: 'Make backups by the clock, or no more' },
  'backups.drill': { method: 'POST', path: '/v1/backups/drill', role: 'administrator', status: 200, body: s.backupToDrill, answer: s.backupReport, long: true, summary: 'Restore a backup in memory: every file, record and secret' },
  'backups.drillSchedule': { method: 'POST', path: '/v1/backups/drill/schedule', role: 'administrator', status: 200, body: s.drillScheduling, answer: s.backupsView, summary: 'Try a restore by the clock, or no more' },
  'backups.verify': { method: 'POST', path: '/v1/backups/verify', role: 'administrator', status: 200, body: s.backupToVerify, answer: s.backupReport, long: true, summary: 'Check a backup by its hashes, and with the machine key' },
  'backups.preview': { method: 'POST', path: '/v1/backups/preview', role: 'administrator', status: 200, body: s.backupToPreview, answer: s.restorePreview, long: true, summary: 'What restoring a backup into this store would add, replace and keep' },
  'backups.restore': { method: 'POST', path: '/v1/backups/restore', role: 'administrator', status: 200, body: s.backupToRestore, answer: s.restoreDone, long: true, summary: 'Restore the records of a backup as it was previewed, as one change' },

  'blocks.list': { method: 'GET', path: '/v1/blocks', role: 'viewer', status: 200, query: s.noticesQuery, answer: s.pageOf(s.blockView), summary: 'Addresses that are refused because a honey key came from there' },
  'blocks.lift': { method: 'POST', path: '/v1/blocks/lift', role: 'operator', status: 204, body: s.liftRequest, summary: 'Let an address in again' },

  'notices.list': { method: 'GET', path: '/v1/notices', role: 'viewer', status: 200, query: s.noticesQuery, answer: s.pageOf(s.noticeView), summary: 'What people were told, newest first, and whom it has reached' },
  'notices.test': { method: 'POST', path: '/v1/notices/test', role: 'operator', status: 200, answer: s.receiptsView, summary: 'Send a test notice through every channel' },
  'channels.get': { method: 'GET', path: '/v1/channels', role: 'viewer', status: 200, answer: s.channelsView, summary: 'Where notices go besides the log' },
  'channels.mail': { method: 'POST', path: '/v1/channels/mail', role: 'administrator', status: 200, body: s.mailChannel, answer: s.channelsView, summary: 'Send notices by mail' },
  'channels.webhook': { method: 'POST', path: '/v1/channels/webhook', role: 'administrator', status: 200, body: s.webhookChannel, answer: s.webhookIssued, summary: 'Send notices to a webhook' },
  'channels.syslog': { method: 'POST', path: '/v1/channels/syslog', role: 'administrator', status: 200, body: s.syslogChannel, answer: s.channelsView, summary: 'Send notices to a syslog server' },
  'channels.system': { method: 'POST', path: '/v1/channels/system', role: 'administrator', status: 200, body: s.systemLog, answer: s.channelsView, summary: 'Send notices to the log of the operating system' },
  'channels.remove': { method: 'DELETE', path: '/v1/channels/:channel', role: 'administrator', status: 204, summary: 'Send no more notices through a channel' },
  'calendar.get': { method: 'GET', path: '/v1/calendar', role: 'viewer', status: 200, answer: s.calendarView, summary: 'Whether there is a calendar of expiries' },
  'calendar.set': { method: 'POST', path: '/v1/calendar', role: 'administrator', status: 200, answer: s.calendarIssued, summary: 'Make a calendar of expiries with a new token; the one before stops working' },
  'calendar.remove': { method: 'DELETE', path: '/v1/calendar', role: 'administrator', status: 204, summary: 'No more calendar' },

  'clients.evidence': { method: 'GET', path: '/v1/clients/:client/evidence', role: 'viewer', status: 200, answer: s.reachEvidence, summary: 'Who calls with the keys of a client' },
  'collections.evidence': { method: 'GET', path: '/v1/collections/:collection/evidence', role: 'viewer', status: 200, answer: s.reachEvidence, summary: 'Who calls the endpoints of a collection' },
  'endpoints.evidence': { method: 'GET', path: '/v1/endpoints/:endpoint/evidence', role: 'viewer', status: 200, answer: s.reachEvidence, summary: 'Who calls an endpoint' },

  'kit.get': { method: 'GET', path: '/v1/kit', role: 'viewer', status: 200, query: s.kitQuery, answer: s.kitView, summary: 'Files that connector platforms import, for what a client or a collection reaches; no key is in them' },
  'explain.call': { method: 'POST', path: '/v1/explain', role: 'viewer', status: 200, body: s.explainRequest, answer: s.explanation, summary: 'Whether a call would pass, rule by rule, judged as calls are; makes no call' },
  'refusals.list': { method: 'GET', path: '/v1/refusals', role: 'viewer', status: 200, query: s.refusalsQuery, answer: s.pageOf(s.refusalView), summary: 'The last 20,000 refused calls, newest first, as far as Postern remembers them' },
  'refusals.get': { method: 'GET', path: '/v1/refusals/:request', role: 'viewer', status: 200, answer: s.refusalView, summary: 'Why a call was refused, by its request id' },


  'usage.report': { method: 'GET', path: '/v1/usage', role: 'viewer', status: 200, query: s.usageQuery, answer: s.usageReportView, summary: 'Calls by key, client, owner, endpoint, caller or time' },
  'usage.daily': { method: 'GET', path: '/v1/usage/daily', role: 'viewer', status: 200, query: s.usageDailyQuery, answer: s.usageDailyView, summary: 'Calls of up to a hundred keys, day by day' },
  'audit.list': { method: 'GET', path: '/v1/audit', role: 'viewer', status: 200, query: s.auditQuery, answer: s.pageOf(s.auditView), summary: 'The audit trail, newest first' },
  'audit.verify': { method: 'GET', path: '/v1/audit/verification', role: 'viewer', status: 200, answer: s.auditVerification, summary: 'Read the whole trail and name the first record that is not what was written' },
  'audit.lines': { method: 'GET', path: '/v1/audit/lines', role: 'administrator', status: 200, query: s.auditLinesQuery, answer: s.auditLines, summary: 'Records of the trail byte for byte, oldest first' },
  'audit.receiver': { method: 'GET', path: '/v1/audit/receiver', role: 'viewer', status: 200, answer: s.trailReceiverView, summary: 'Where the trail is sent, and how far that has come' },
  'audit.set_receiver': { method: 'POST', path: '/v1/audit/receiver', role: 'administrator', status: 200, body: s.trailReceiver, answer: s.trailReceiverView, summary: 'Send the trail to a syslog server over TLS as it is written' },
  'audit.remove_receiver': { method: 'DELETE', path: '/v1/audit/receiver', role: 'administrator', status: 204, summary: 'Send the trail nowhere' },
  'audit.trailer': { method: 'GET', path: '/v1/audit/trailer', role: 'viewer', status: 200, query: s.auditTrailerQuery, answer: s.auditTrailer, summary: 'The sealed line that ends an export of these records' },
} as const satisfies Record<string, AdminRow>

export type AdminCall = keyof typeof adminApi

type ParamNames<Path extends string> = Path extends `${string}/:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : Path extends `${string}/:${infer Name}`
    ? Name
    : never

type Part<C extends AdminCall, K extends 'query' | 'body'> =
  (typeof adminApi)[C] extends Record<K, infer T extends z.ZodType> ? z.infer<T> : undefined

export type AdminParams<C extends AdminCall> = Record<ParamNames<(typeof adminApi)[C]['path']>, string>
export type AdminQuery<C extends AdminCall> = Part<C, 'query'>
export type AdminBody<C extends AdminCall> = Part<C, 'body'>
export type AdminAnswer<C extends AdminCall> = (typeof adminApi)[C] extends { answer: infer T extends z.ZodType }
  ? z.infer<T>
  : undefined

/** What a caller hands the typed client for one call. */
export interface AdminRequest<C extends AdminCall> {
  params?: AdminParams<C>
  query?: Partial<Record<keyof NonNullable<AdminQuery<C>> & string, string | number>>
  body?: AdminBody<C>
  /** Entity tag for calls with `ifMatch`. */
  ifMatch?: string
  idempotencyKey?: string
}
