/**
 * Whether somebody still uses the page. Promises: told once when nobody has for as long as was chosen, by whichever of two
 * clocks says so first: one that is set back is no use, and neither is one that stands still while the computer sleeps.
 */
export interface IdleWatchDeps {
  /** May be set; goes on while the computer sleeps. */
  readonly clock: () => number
  /** Is never set. */
  readonly steady: () => number
  /** Null: for ever. */
  readonly minutes: () => number | null
  readonly onIdle: (minutes: number) => void
}

export interface IdleWatch {
  /** Somebody is there. */
  touch(): void
  /** What a schedule calls. */
  look(): void
}

export const createIdleWatch = ({ clock, steady, minutes, onIdle }: IdleWatchDeps): IdleWatch => {
  const read = (): { clockMs: number; steadyMs: number } => ({ clockMs: clock(), steadyMs: steady() })
  let used = read()
  let told = false
  return {
    touch: () => {
      used = read()
      told = false
    },
    look: () => {
      const now = read()
      const after = minutes()
      const idleMs = Math.max(now.clockMs - used.clockMs, now.steadyMs - used.steadyMs)
      if (told || after === null || idleMs < after * 60_000) return
      told = true
      onIdle(after)
    },
  }
}
