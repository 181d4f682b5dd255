/** The shape of what answers a row of the admin table. */
import type { AdminAnswer, AdminBody, AdminCall, AdminParams, AdminQuery, Role } from '@postern/shared'
import type { Who } from '../change.ts'
import type { DoorName } from './door.ts'
import type { Asker } from './rights.ts'
import type { AdminRooms, OpenStore } from './rooms.ts'
import type { Seen } from './views.ts'

export interface Asked<C extends AdminCall> {
  readonly params: AdminParams<C>
  readonly query: AdminQuery<C>
  readonly body: AdminBody<C>
  /** The raw `If-Match`; present on every row that needs it. */
  readonly ifMatch: string
  readonly who: Who
  readonly role: Role
  readonly asker: Asker
  readonly door: DoorName
  /** Which session, or which door, asks. */
  readonly caller: string
  /** Aborted when whoever asked has gone. */
  readonly gone: AbortSignal
  /** As narrow as the rights of whoever asks. */
  readonly rooms: AdminRooms
}

export type Handler<C extends AdminCall> = (asked: Asked<C>) => Promise<AdminAnswer<C>> | AdminAnswer<C>
export type Handlers<C extends AdminCall> = { readonly [Each in C]: Handler<Each> }

type CallsOf<Resource extends string> = Extract<AdminCall, `${Resource}.${string}`>
export type HandlersOf<Resource extends string> = Handlers<CallsOf<Resource>>

/** What views look at: one document at one instant. */
export const seenIn = (store: OpenStore, rooms: AdminRooms): Seen => ({
  document: store.document(),
  nowMs: rooms.now(),
  lastUsedAt: (keyId) => store.lastUsedAt(keyId),
})

/** Whether any of the texts holds the one asked for, whatever the case. */
export const holds = (asked: string | undefined, ...texts: readonly (string | null)[]): boolean =>
  asked === undefined || texts.some((text) => text?.toLowerCase().includes(asked.toLowerCase()) === true)
