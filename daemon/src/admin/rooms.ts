/** What the control plane is given: one way to ask, one way to change. It knows neither keystore nor listener. */
import type {
  AuditAction,
  AuditEntry,
  AuditVerification,
  BackupReport,
  BackupsView,
  CameUpView,
  ChangesView,
  ChannelName,
  ClockView,
  KitQuery,
  KitView,
  Explanation,
  ExplainRequest,
  Notice,
  Receipt,
  RecordsAsked,
  RestoreDone,
  RestorePreview,
  StatusView,
  TrailReceiverView,
  TryRequest,
  TryResult,
} from '@postern/shared'
import type { KnownBackup } from '../backup/backups.ts'
import type { BackupMade, BackupTarget } from '../backup/copy-folder.ts'
import type { LimitState } from '../limits/limits.ts'
import type { Who } from '../change.ts'
import type { BackupSchedule, Document, DrillSchedule } from '../document/document.ts'
import type { Step } from '../document/step.ts'
import type { KeyIssued } from '../keys/key-steps.ts'
import type { RecoveryKit, SlotInfo } from '../keystore/slot-changes.ts'
import type { Secret } from '../problem.ts'
import type { RecentCalls } from '../usage/recent-calls.ts'
import type { RefusalBook } from '../usage/refusal-book.ts'
import type { UsageRow } from '../usage/usage-row.ts'

export interface AdminRooms {
  /** By which keys are judged. */
  now(): number
  clock(): ClockView
  /** Throws `conflict` when the clock is not in doubt. */
  acceptClock(): Promise<void>
  status(): Promise<StatusView>
  readonly feed: ChangeReader
  /** What a client or a collection reaches, as files. Throws like `store`, and what `connectorKit` throws. */
  kit(asked: KitQuery): KitView
  unlock(who: Who, code: Secret, options: { acceptRollback: boolean; quarantine: boolean }): Promise<CameUpView | null>
  /** Throws the Problem that says why the keystore is not open. */
  store(): OpenStore
  /** Calls the gateway with a key; recorded before it is done. Throws like `store`. */
  tryKey(trial: { who: Who; key: string; asked: TryRequest; gone: AbortSignal }): Promise<TryResult>
  /** Judges a call that nobody makes. Throws like `store`, `field_invalid` and `not_found`. */
  explain(asked: ExplainRequest): Promise<Explanation>
  /** The last refusals; also from while the keystore was locked. */
  readonly refusals: Pick<RefusalBook, 'newestFirst' | 'find'>
  /** Throws like `store`. */
  notices(): NoticeReader
  /** Where the trail is sent, and how far that has come. Throws like `store`. */
  trailReceiver(): TrailReceiverView
}

/** What has changed, for those who wait for it. */
export interface ChangeReader {
  /** `caller`: who waits. `gone`: aborted when nobody listens any more. */
  wait(asked: { seen: number | undefined; caller: string; gone: AbortSignal }): Promise<ChangesView>
  end(): void
}

/** Notices, as far as people look at them. */
export interface NoticeReader {
  /** Newest first. */
  all(): { readonly notice: Notice; readonly receipts: ReadonlyMap<ChannelName, Receipt> }[]
  /** Sends one through every channel and tells what became of it. */
  test(): Promise<Receipt[]>
}

/** The trail, as far as it can be read. */
export interface TrailReader {
  readonly storeId: string
  /** PEM of the key that the seals are checked with. */
  readonly publicKey: string
  /** `show`: a record as whoever asks may see it; `null`: not at all. */
  page(
    query: { page: number; perPage: number; show?: (entry: AuditEntry) => AuditEntry | null } & RecordsAsked,
  ): Promise<{
    data: (AuditEntry & { came_true: boolean })[]
    count: number
  }>
  verify(): Promise<AuditVerification>
  lastSeq(): number
  /** Records byte for byte, after one. `next`: go on with this; `null`: that was all. */
  lines(afterSeq: number): Promise<{ lines: string[]; next: number | null }>
  trailer(fromSeq: number, toSeq: number): Promise<string>
}

/** Backups, as far as people ask for them. All but the looks are recorded before they are answered. */
export interface BackupRoom {
  view(): BackupsView
  /** `gone`: aborted when nobody waits for it any more. Throws what `makeBackup` throws. */
  create(who: Who, target: BackupTarget, gone: AbortSignal): Promise<KnownBackup & BackupMade>
  note(who: Who): Promise<KnownBackup>
  /** `null`: no more. Throws `field_invalid` for what cannot be used. */
  schedule(who: Who, schedule: BackupSchedule | null): Promise<void>
  drillSchedule(who: Who, schedule: DrillSchedule | null): Promise<void>
  /** Restores the backup, or the newest one that Postern has made, in memory. Throws what `proveBackup` throws. */
  drill(who: Who, path: string | undefined): Promise<BackupReport>
  verify(who: Who, path: string, keys: boolean): Promise<BackupReport>
  preview(path: string, replace: boolean): Promise<RestorePreview>
  restore(who: Who, asked: { path: string; replace: boolean; hash: string }): Promise<RestoreDone>
}

export interface OpenStore {
  document(): Document
  change<R>(who: Who, step: Step<R>): Promise<R>
  /** Recorded before it is answered. `value` is null where the policy keeps none. */
  revealKey(who: Who, ref: string): Promise<KeyIssued>
  /** Records something that happens beside the store's own changes. */
  recordDone(
    who: Who,
    entry: { action: AuditAction; object: { kind: string; id: string }; note?: string },
  ): Promise<void>
  /** Of a key or an admin token. */
  lastUsedAt(id: string): string | null
  /** That one was used; on the disk within a minute. */
  note(id: string, atMs: number): void
  /** Rows of usage that begin in [fromMs, toMs). */
  usageRows(fromMs: number, toMs: number): Promise<UsageRow[]>
  /** What is left of the limits of a key. `null`: it is under a policy that is not there. Throws `not_found`. */
  limitsOf(ref: string): readonly LimitState[] | null
  /** The newest calls of a key, one by one, as far as they are remembered. */
  recentCalls: RecentCalls['of']
  readonly trail: TrailReader
  readonly backups: BackupRoom
  slots(): SlotInfo[]
  /** A new root key for every slot. */
  rotateRootKey(who: Who): Promise<void>
  addRecoverySlot(who: Who): Promise<RecoveryKit>
  /** Tries a recovery code and remembers that it opens the store. Throws `recovery_code_invalid`. */
  confirmRecoveryKit(who: Who, code: Secret): Promise<{ slotId: string; at: string }>
  removeSlot(who: Who, id: string): Promise<void>
}
