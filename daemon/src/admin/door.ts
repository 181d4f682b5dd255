/**
 * What a door to the rows is, and the first one: the local socket. Promises: a door names who calls and with which role
 * before anything of the request beyond its head is read.
 */
import type { Express, Request } from 'express'
import type { HelmetOptions } from 'helmet'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Actor, Role } from '@postern/shared'
import { Problem } from '../problem.ts'
import type { createActorProof } from './actor.ts'
import { assertLocal } from './guard.ts'
import type { AdminRooms } from './rooms.ts'
import type { TokenCheck } from './token-check.ts'

export type DoorName = 'socket' | 'pages' | 'tokens'

export interface Caller {
  readonly role: Role
  readonly actor: Actor
  /** The session, where there is one. */
  readonly session?: string
  /** The id of the admin token that they act by; absent: by none. */
  readonly tokenId?: string
}

export interface Door {
  readonly name: DoorName
  /** Headers that every answer bears. */
  readonly headers: Readonly<HelmetOptions>
  /** Refuses who may not even ask. Runs before everything else. */
  guard(request: Request): void
  /** Mounts what this door answers besides the rows. */
  readonly paths?: (app: Express) => void
  /** Who calls a row; throws the Problem that keeps the caller out. */
  admit(request: Request): Promise<Caller>
}

const ratesWhileLocked = 200

/**
 * Whoever may use the socket is an administrator, unless they present a token: then they are what the token is, and never
 * more, also where it is not good.
 */
export const createSocketDoor = (
  rooms: AdminRooms,
  proof: ReturnType<typeof createActorProof>,
  tokens: TokenCheck,
): Door => {
  let limiter = new RateLimiterMemory({ points: ratesWhileLocked, duration: 1 })

  const assertRate = async (): Promise<void> => {
    const points = socketRate(rooms)
    if (points !== limiter.points) limiter = new RateLimiterMemory({ points, duration: 1 })
    try {
      await limiter.consume('socket')
    } catch {
      throw new Problem('rate_limited', {
        detail: `at most ${points} requests a second over the socket`,
        headers: { 'retry-after': '1' },
      })
    }
  }

  return {
    name: 'socket',
    headers: {},
    guard: ({ headers }) => assertLocal(headers),
    admit: async ({ headers }) => {
      if (headers.authorization !== undefined) return tokens.admit(headers.authorization)
      await assertRate()
      return { role: 'administrator', actor: await proof.actorOf(headers) }
    },
  }
}

const socketRate = (rooms: AdminRooms): number => {
  try {
    return rooms.store().document().settings.socketRequestsPerSecond
  } catch {
    return ratesWhileLocked
  }
}
