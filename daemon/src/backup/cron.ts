/**
 * Cron expressions: which instant comes next. Used as a parser alone; what happens by the clock is driven by the ticker,
 * which is told the time. Pure.
 */
import { Cron } from 'croner'
import { Problem } from '../problem.ts'

/** Reads an expression of five fields. Throws `field_invalid` saying what is wrong with it. */
export const assertCron = (cron: string, zone: string, nowMs: number): void => {
  if (nextRun(cron, zone, nowMs) === null) refuse('this day never comes')
}

/** The first instant after one that an expression means; `null` when there is none. Throws `field_invalid`. */
export const nextRun = (cron: string, zone: string, afterMs: number): number | null => {
  // Names such as @daily are croner's; people would look for five fields.
  if (cron.trim().split(/\s+/).length !== 5)
    return refuse('five fields are needed: minute, hour, day of month, month, day of week; such as 0 2 * * * for 02:00')
  try {
    const next = new Cron(cron.trim(), { timezone: zone, paused: true, mode: '5-part' }).nextRun(new Date(afterMs))
    return next === null ? null : next.getTime()
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : 'it cannot be read'
    return refuse(`${why.slice(0, 200)}; minute 0-59, hour 0-23, day 1-31, month 1-12, day of week 0-7`)
  }
}

const refuse = (message: string): never => {
  throw new Problem('field_invalid', { detail: `cron: ${message}`, errors: [{ field: 'cron', message }] })
}

const retryMs = 15 * 60_000

/** What is remembered of a job of the clock. */
export interface Tried {
  readonly cron: string
  /** When it was last tried, or, before the first time, since when it has been asked for. */
  readonly at: string
  /** Why the last attempt failed; `null`: it went well, or there was none. */
  readonly problem: string | null
}

/**
 * Whether a job is due. One that was missed while nothing ran is due once; one that failed is tried again after 15 minutes.
 * After a step of the clock back, what was tried "later" than now counts as tried now.
 */
export const isDue = (tried: Tried, zone: string, nowMs: number): boolean => {
  const next = dueAt(tried, zone, nowMs)
  return next !== null && next <= nowMs
}

/** When it is due; `null`: never. */
export const dueAt = (tried: Tried, zone: string, nowMs: number): number | null => {
  const baseMs = Math.min(Date.parse(tried.at), nowMs)
  const next = nextRun(tried.cron, zone, baseMs)
  return tried.problem === null ? next : Math.min(next ?? Infinity, baseMs + retryMs)
}
