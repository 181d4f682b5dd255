/**
 * The lock of the console: it shows nothing and knows nothing until somebody opens it again. Promises: on at once when the
 * screen is locked or the machine sleeps, and when nobody has used this computer for as long as was chosen. It is no barrier to
 * whoever may use the account: there is no password, and none is pretended.
 */
export interface ConsoleLockDeps {
  /** For how long nobody has used this computer. */
  readonly idleSeconds: () => number
  /** Null: it does not lock by itself. */
  readonly minutes: () => number | null
  /** What is shown goes, and what was copied. */
  readonly onLock: () => void
}

export interface ConsoleLock {
  isLocked(): boolean
  lock(): void
  open(): void
  /** What a schedule calls. */
  look(): void
}

export const createConsoleLock = ({ idleSeconds, minutes, onLock }: ConsoleLockDeps): ConsoleLock => {
  let locked = false
  const lock = (): void => {
    if (locked) return
    locked = true
    onLock()
  }
  return {
    isLocked: () => locked,
    lock,
    open: () => {
      locked = false
    },
    look: () => {
      const after = minutes()
      if (after !== null && idleSeconds() >= after * 60) lock()
    },
  }
}
