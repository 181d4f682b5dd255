/**
 * One-time links and the sessions they are traded for. Promises: a link is good once and for a minute; a session ends
 * after a quarter of an hour without a request and after twelve hours at the latest; what is compared is compared in
 * constant time. Never: keeps a code or a token, only their hashes.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { Problem, Secret } from '../problem.ts'
import type { Caller } from './door.ts'

export const linkForMs = 60_000
export const idleForMs = 15 * 60_000
export const sessionForMs = 12 * 3_600_000
/** Of links, and of sessions. */
export const openMax = 100

interface Link {
  readonly hash: Buffer
  readonly caller: Caller
  readonly untilMs: number
}

export interface Session {
  readonly hash: Buffer
  readonly caller: Caller
  /** The latest end, however busy it is. */
  readonly endsMs: number
  usedMs: number
}

export type PageSessions = ReturnType<typeof createPageSessions>

export const createPageSessions = (now: () => number) => {
  let links: readonly Link[] = []
  let sessions: readonly Session[] = []

  const forgetEnded = (nowMs: number): void => {
    links = links.filter(({ untilMs }) => nowMs < untilMs)
    sessions = sessions.filter(({ endsMs, usedMs }) => nowMs < endsMs && nowMs < usedMs + idleForMs)
  }

  return {
    /** A link for whoever asks; its session will act as them. Throws `overloaded`. */
    issueLink(caller: Caller): { code: Secret; untilMs: number } {
      const nowMs = now()
      forgetEnded(nowMs)
      if (links.length >= openMax) throw tooMany('links')
      const { value, hash } = draw()
      const untilMs = nowMs + linkForMs
      links = [...links, { hash, caller, untilMs }]
      return { code: value, untilMs }
    },

    /** Trades a code for a session; nothing for a code that is used, too old or none. Throws `overloaded`. */
    redeem(code: string): { token: Secret; session: Session } | undefined {
      const nowMs = now()
      forgetEnded(nowMs)
      const link = find(links, code)
      if (link === undefined) return undefined
      // Refused before the code is spent, so that it can be tried again.
      if (sessions.length >= openMax) throw tooMany('sessions')
      links = links.filter((each) => each !== link)
      const { value, hash } = draw()
      const session = { hash, caller: link.caller, endsMs: nowMs + sessionForMs, usedMs: nowMs }
      sessions = [...sessions, session]
      return { token: value, session }
    },

    /** The session of a token, which counts as a use of it; `isUse: false`: the page asks by itself, and nobody is there. */
    match(token: string, { isUse }: { isUse: boolean }): Session | undefined {
      const nowMs = now()
      forgetEnded(nowMs)
      const session = find(sessions, token)
      if (session !== undefined && isUse) session.usedMs = nowMs
      return session
    },

    end(session: Session): void {
      sessions = sessions.filter((each) => each !== session)
    },

    /** Whether nobody can come in any more. */
    isEmpty(): boolean {
      forgetEnded(now())
      return links.length === 0 && sessions.length === 0
    },

    clear(): void {
      links = []
      sessions = []
    },
  }
}

const draw = (): { value: Secret; hash: Buffer } => {
  const value = randomBytes(32).toString('base64url')
  return { value: new Secret(value), hash: hashOf(value) }
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Looks at every one, found or not: the time says nothing of which it was. */
const find = <T extends { readonly hash: Buffer }>(all: readonly T[], text: string): T | undefined => {
  const hash = hashOf(text)
  return all.reduce<T | undefined>((found, each) => (timingSafeEqual(each.hash, hash) ? each : found), undefined)
}

const tooMany = (what: string): Problem =>
  new Problem('overloaded', {
    detail: `At most ${openMax} ${what} at a time; end one, or try again in a minute`,
    headers: { 'retry-after': '60' },
  })
