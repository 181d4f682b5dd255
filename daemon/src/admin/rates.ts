/**
 * How often one caller may ask, and how often anybody may be wrong. Promises: one caller's requests slow no other's; a changed
 * setting holds from the next request; what is right is never slowed by what was wrong.
 */
import { BurstyRateLimiter, RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { Problem } from '../problem.ts'
import type { AdminRooms } from './rooms.ts'

const ratesWhileLocked = 10
const burstSeconds = 10
const wrongPerMinute = 5

export interface AdminRates {
  /** One request of a caller; twice as many as in a second may come at once. Throws `rate_limited`. */
  request(caller: string): Promise<void>
  /** Throws `problem`, or `rate_limited` where too much was wrong already. */
  refuseWrong(problem: Problem): Promise<never>
}

export const createAdminRates = (rooms: Pick<AdminRooms, 'store'>): AdminRates => {
  const limiterOf = (perSecond: number): BurstyRateLimiter =>
    new BurstyRateLimiter(
      new RateLimiterMemory({ points: perSecond, duration: 1 }),
      new RateLimiterMemory({ keyPrefix: 'burst', points: perSecond, duration: burstSeconds }),
    )
  let perSecond = ratesWhileLocked
  let calls = limiterOf(perSecond)
  const wrong = new RateLimiterMemory({ points: wrongPerMinute, duration: 60 })

  return {
    async request(caller) {
      const setting = settingOf(rooms)
      if (setting !== perSecond) {
        perSecond = setting
        calls = limiterOf(perSecond)
      }
      await consume(calls, caller, `at most ${perSecond} requests a second`)
    },
    async refuseWrong(problem) {
      await consume(wrong, 'wrong', `at most ${wrongPerMinute} wrong codes or tokens a minute`)
      throw problem
    },
  }
}

const settingOf = (rooms: Pick<AdminRooms, 'store'>): number => {
  try {
    return rooms.store().document().settings.adminRequestsPerSecond
  } catch {
    return ratesWhileLocked
  }
}

/** Throws `rate_limited`. */
const consume = async (limiter: RateLimiterMemory | BurstyRateLimiter, key: string, detail: string): Promise<void> => {
  try {
    await limiter.consume(key)
  } catch (error) {
    const { msBeforeNext = 1_000 } = error as Partial<RateLimiterRes>
    const seconds = Math.max(1, Math.ceil(msBeforeNext / 1_000))
    throw new Problem('rate_limited', { detail, headers: { 'retry-after': String(seconds) } })
  }
}
