/**
 * Keys as people see them: limits, states, and THE rule for red, orange and green. Every page, command, notice and
 * verdict that speaks of a key's state asks here.
 */

export const keyLimits = {
  nameMin: 3,
  nameMax: 100,
  descriptionMax: 4000,
  ownerMax: 200,
  expiryYearsDefault: 1,
  expiryYearsMax: 5,
  restoreDays: 7,
  overlapDaysMax: 30,
  /** For how long a honey key can have its caller refused. */
  blockSecondsMax: 30 * 86_400,
} as const

export const statusThresholds = { redDays: 3, orangeDays: 14 } as const

export const revealPolicies = ['always', 'once', 'never'] as const
export type RevealPolicy = (typeof revealPolicies)[number]

/** What a key may ask of Postern itself, besides calling endpoints. */
export const keyScopes = ['exports:read'] as const
export type KeyScope = (typeof keyScopes)[number]

export const keyStates = ['active', 'disabled', 'expired', 'removed'] as const
export type KeyState = (typeof keyStates)[number]

export const keyStatuses = ['red', 'orange', 'green', 'grey'] as const
export type KeyStatus = (typeof keyStatuses)[number]

const dayMs = 86_400_000

/** What the rule looks at. Times are RFC 3339 UTC; `null` for `expiresAt` means the key never expires. */
export interface KeyFacts {
  expiresAt: string | null
  disabledAt: string | null
  removedAt: string | null
}

/** A key is valid strictly before its expiry instant. */
export const isExpired = (expiresAt: string | null, nowMs: number): boolean =>
  expiresAt !== null && !(nowMs < Date.parse(expiresAt))

/** A key as it is judged: while its client is disabled its calls are refused, and so it is disabled too. */
export const inEffect = <T extends KeyFacts>(key: T, client: Pick<KeyFacts, 'disabledAt'> | undefined): T =>
  client === undefined || client.disabledAt === null || key.disabledAt !== null
    ? key
    : { ...key, disabledAt: client.disabledAt }

/** The one word for a key at an instant (`nowMs`: milliseconds since the epoch). Removed beats disabled beats expired. */
export const stateOf = (key: KeyFacts, nowMs: number): KeyState => {
  if (key.removedAt !== null) return 'removed'
  if (key.disabledAt !== null) return 'disabled'
  return isExpired(key.expiresAt, nowMs) ? 'expired' : 'active'
}

/**
 * The colour of a key at an instant: grey when disabled or removed; red when expired or with 3 days or less to go; orange
 * with 14 days or less to go; else green. Judged on instants: exactly 3 days to go is red, one millisecond more is orange.
 */
export const statusOf = (key: KeyFacts, nowMs: number): KeyStatus => {
  if (key.removedAt !== null || key.disabledAt !== null) return 'grey'
  if (key.expiresAt === null) return 'green'
  const leftMs = Date.parse(key.expiresAt) - nowMs
  // A date that cannot be read makes every comparison false; such a key is refused by the gateway, so it is red.
  if (leftMs > statusThresholds.orangeDays * dayMs) return 'green'
  if (leftMs > statusThresholds.redDays * dayMs) return 'orange'
  return 'red'
}
