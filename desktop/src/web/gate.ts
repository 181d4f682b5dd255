/**
 * So many requests in so long a time, and no more. Promises: whoever asks is let through in the order of asking, at once
 * where there is room. The door counts by windows that begin when they like; what fits into every stretch of time of that
 * length fits into each of them.
 */
export interface Allowance {
  readonly count: number
  readonly perMs: number
}

export interface GateClock {
  nowMs(): number
  wait(ms: number): Promise<void>
}

export interface Gate {
  /** Settles when it is this one's turn. */
  enter(): Promise<void>
}

const ownClock: GateClock = {
  nowMs: () => performance.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/** `beyond`: how many more may come through at once, within a longer time. */
export const createGate = (usual: Allowance, beyond: Allowance | null = null, clock: GateClock = ownClock): Gate => {
  const count = ({ perMs }: Allowance, times: readonly number[]): readonly number[] => {
    const nowMs = clock.nowMs()
    return times.filter((atMs) => nowMs - atMs < perMs)
  }
  let usualTimes: readonly number[] = []
  let beyondTimes: readonly number[] = []
  let before: Promise<void> = Promise.resolve()

  const pass = async (): Promise<void> => {
    for (;;) {
      usualTimes = count(usual, usualTimes)
      if (usualTimes.length < usual.count) {
        usualTimes = [...usualTimes, clock.nowMs()]
        return
      }
      if (beyond !== null) {
        beyondTimes = count(beyond, beyondTimes)
        if (beyondTimes.length < beyond.count) {
          beyondTimes = [...beyondTimes, clock.nowMs()]
          return
        }
      }
      await clock.wait(Math.max(1, Math.ceil((usualTimes[0] ?? 0) + usual.perMs - clock.nowMs())))
    }
  }
  return {
    enter: () => {
      before = before.then(pass)
      return before
    },
  }
}
