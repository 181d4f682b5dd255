/**
 * Of which keys people are told by the system's notifications, and when: one for all of a day at 09:00 by the gateway's clock,
 * and at once where a key in use has expired. Promises: no key twice for the same threshold of the same expiry. Pure.
 */
import type { KeyView } from '@postern/shared'
import { addDays, dateIn } from '../renderer/dates.ts'
import { standingOf } from '../renderer/keys/standing.ts'
import type { Told } from './kept-preferences.ts'

/** From the first to the last that is told of a key. */
export const thresholds = ['soon', 'urgent', 'day', 'expired'] as const
export type Threshold = (typeof thresholds)[number]

export interface Warning {
  /** Told without waiting for the day: these were in use. */
  readonly atOnce: boolean
  /** Most pressing first, none empty. */
  readonly groups: readonly { readonly threshold: Threshold; readonly names: readonly string[] }[]
}

export interface Watched {
  readonly keys: readonly KeyView[]
  /** The gateway's time and zone. */
  readonly nowMs: number
  readonly zone: string
  readonly told: Told
  readonly pausedUntil: string | null
  /** Somebody is looking at the console: what is due counts as told by what is shown there. */
  readonly isLookedAt: boolean
  /** The window can be seen: notifications wait. */
  readonly isVisible: boolean
}

const dayMs = 86_400_000
const digestHour = 9
/** A key counts as in use for so long after its last call. */
const inUseForMs = 30 * dayMs

/** What is to be said now, and what has been told after that. */
export const planWarnings = (watched: Watched): { readonly say: Warning | null; readonly told: Told } => {
  const { keys, nowMs, zone, pausedUntil, isLookedAt, isVisible } = watched
  const told = withoutForgotten(watched)
  const later = { say: null, told }
  if (isPaused(pausedUntil, nowMs, zone) || (isVisible && !isLookedAt)) return later
  const today = dateIn(nowMs, zone)
  const isDue = hourIn(nowMs, zone) >= digestHour && told.day !== today
  const fresh = keys
    .map((key) => ({ key, threshold: thresholdOf(key, nowMs) }))
    .filter((each): each is Pressing => each.threshold !== undefined && isNews(each.key, each.threshold, told))
  const chosen = isDue ? fresh : fresh.filter(({ key, threshold }) => threshold === 'expired' && isInUse(key))
  if (chosen.length === 0) return { say: null, told: isDue ? { ...told, day: today } : told }
  const after: Told = {
    day: isDue ? today : told.day,
    keys: {
      ...told.keys,
      ...Object.fromEntries(
        chosen.map(({ key, threshold }) => [key.id, { expiresAt: key.expires_at ?? '', threshold }]),
      ),
    },
  }
  return { say: isLookedAt ? null : { atOnce: !isDue, groups: groupsOf(chosen) }, told: after }
}

interface Pressing {
  readonly key: KeyView
  readonly threshold: Threshold
}

/** Nothing for a key that needs no attention. */
export const thresholdOf = (key: KeyView, nowMs: number): Threshold | undefined => {
  if (key.removed_at !== null) return undefined
  const standing = standingOf(key, nowMs)
  if (standing === 'active' || standing === 'disabled') return undefined
  if (standing !== 'urgent') return standing
  return Date.parse(key.expires_at ?? '') - nowMs <= dayMs ? 'day' : 'urgent'
}

const isNews = ({ id, expires_at: expiresAt }: KeyView, threshold: Threshold, { keys }: Told): boolean => {
  const before = Object.hasOwn(keys, id) ? keys[id] : undefined
  if (before === undefined || before.expiresAt !== expiresAt) return true
  return thresholds.indexOf(threshold) > thresholds.indexOf(before.threshold)
}

/** Used not long before it expired. */
const isInUse = ({ last_used_at: usedAt, expires_at: expiresAt }: KeyView): boolean =>
  usedAt !== null && expiresAt !== null && Date.parse(expiresAt) - Date.parse(usedAt) <= inUseForMs

/** Keys that need no attention any more are forgotten, so that the file does not grow for ever. */
const withoutForgotten = ({ keys, told, nowMs }: Watched): Told => {
  const pressing = new Set(keys.filter((key) => thresholdOf(key, nowMs) !== undefined).map(({ id }) => id))
  return { ...told, keys: Object.fromEntries(Object.entries(told.keys).filter(([id]) => pressing.has(id))) }
}

const groupsOf = (chosen: readonly Pressing[]): Warning['groups'] =>
  thresholds
    .toReversed()
    .map((threshold) => {
      const names = chosen.filter((each) => each.threshold === threshold).map(({ key }) => key.name)
      return { threshold, names: names.toSorted((a, b) => a.localeCompare(b)) }
    })
    .filter(({ names }) => names.length > 0)

/** The filter of the list that shows the most pressing of them. */
export const chipOf = ({ groups }: Warning): string => {
  const threshold = groups[0]?.threshold ?? 'soon'
  return threshold === 'day' ? 'urgent' : threshold
}

/** The day on which notifications begin again. */
export const pauseUntil = (until: 'tomorrow' | 'monday', nowMs: number, zone: string): string => {
  const today = dateIn(nowMs, zone)
  if (until === 'tomorrow') return addDays(today, 1)
  const weekday = new Date(`${today}T00:00:00Z`).getUTCDay()
  return addDays(today, (8 - weekday) % 7 || 7)
}

export const isPaused = (until: string | null, nowMs: number, zone: string): boolean => {
  if (until === null) return false
  const today = dateIn(nowMs, zone)
  return today < until || (today === until && hourIn(nowMs, zone) < digestHour)
}

const hourIn = (ms: number, timeZone: string): number =>
  Number(new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', hour: 'numeric' }).format(ms))
