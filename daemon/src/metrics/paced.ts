/**
 * Work that many may ask for and that must not take over. Promises: what is given was begun after it was asked for; those who
 * ask while a piece of work is yet to begin share it; after each piece follows a rest, so that at most a twentieth of the time
 * goes into the work, however often it is asked for.
 */
export interface Pace {
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number
  readonly rest: (ms: number) => Promise<unknown>
}

const restFactor = 19
/** Whoever waits will give up in the end; scrapes do after 10 seconds. */
const restMsMax = 2_000

export const paced = <T>(work: () => Promise<T>, { nowMs, rest }: Pace): (() => Promise<T>) => {
  let upcoming: Promise<T> | undefined
  let before: Promise<unknown> = Promise.resolve()
  let restUntilMs = -Infinity

  const begin = async (): Promise<T> => {
    const restMs = restUntilMs - nowMs()
    if (restMs > 0) await rest(restMs)
    // Who asks from here on wants what is true from here on.
    upcoming = undefined
    const fromMs = nowMs()
    try {
      return await work()
    } finally {
      const endMs = nowMs()
      restUntilMs = endMs + Math.min(restMsMax, restFactor * (endMs - fromMs))
    }
  }

  return () => {
    if (upcoming === undefined) {
      upcoming = before.then(begin)
      before = upcoming.catch(() => undefined)
    }
    return upcoming
  }
}
