/** What an open keystore is to the rest of the daemon; built by open-store.ts. */
import type { ChangesAsked, ToldChange } from '@postern/shared'
import type { AccessIndex } from './access/access-index.ts'
import type { OpenStore } from './admin/rooms.ts'
import type { NewAuditEntry } from './audit/audit-trail.ts'
import type { RefusalFold } from './audit/refusals.ts'
import type { Who } from './change.ts'
import type { Document, SealedSecret } from './document/document.ts'
import type { KeptBackups } from './keep-backups.ts'
import type { KeptSignIns } from './keep-sign-ins.ts'
import type { KeptSigning } from './keep-signing.ts'
import type { Keystore, Protection } from './keystore/keystore.ts'
import type { Limits } from './limits/limits.ts'
import type { Secret } from './problem.ts'
import type { Refusing } from './storage-guard.ts'
import type { RecentCalls } from './usage/recent-calls.ts'
import type { UsageBook } from './usage/usage-book.ts'

export interface StoreInUse extends OpenStore {
  readonly backups: KeptBackups
  /** Opens a secret that a step has sealed. */
  openSecret(sealed: SealedSecret, id: string): Secret
  index(): AccessIndex
  /** The value of a key for one call to this gateway. Recorded first, with what is `tried`. */
  openToTry(who: Who, ref: string, tried: string): Promise<Secret>
  /** Takes a call from the limits of its key, or says why not. */
  takeLimits: Limits['take']
  /** A refused call, for the trail. */
  refused: RefusalFold['note']
  /** Any judged call, for the usage reports. */
  count: UsageBook['note']
  /** A judged call that has proven a key, for its last calls. */
  remember: RecentCalls['note']
  sealer: Keystore<Document>['sealer']
  readonly signing: KeptSigning
  /** Clients that bring tokens of their own. */
  readonly signIns: KeptSignIns
  readonly storeId: string
  readonly generation: number
  protection(): Protection
  /** Refuses a network from this very moment, for as long as the key says; then on the disk too. Rejects when that fails. */
  block(network: string, keyId: string): Promise<void>
  /** Whether this is the token of the calendar. */
  opensCalendar(token: string): boolean
  /** The changes in the trail, as exports tell them. */
  changes(asked: ChangesAsked): AsyncIterable<ToldChange>
  /** Records something that happened around the store, such as its unlocking. */
  recordDone(who: Who, entry: Pick<NewAuditEntry, 'action' | 'object' | 'note'>): Promise<void>
  /** What a schedule calls: last-used times and refusals to the disk. */
  flush(): Promise<void>
  /** What a schedule calls: removed keys whose days have passed go for good. */
  purge(): Promise<void>
  /** What a schedule calls: old records of trail and usage are rolled up or let go. */
  tidy(): Promise<void>
  /** Why changes are refused at the moment, because of the disk; `null`: they are made. */
  refusing(): Refusing | null
  /** What a schedule calls: whether the disk takes changes again. */
  probe(): Promise<void>
  /** Whether refused calls could not even be recorded: disk and reserve are full. */
  isTrailFull(): boolean
  close(): Promise<void>
}

export const systemActor: Who = { actor: { kind: 'system', name: 'postern', proof: 'none' }, requestId: null }
