/**
 * What this console keeps between its starts, in one file of this user. Promises: written whole or not at all; what is
 * damaged, unknown or missing is as if it had never been chosen. Never: a secret.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { isZoom } from './window-place.ts'

const whole = z.int().min(-100_000).max(100_000)
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

const told = z.object({
  /** Key id -> up to which threshold, of which expiry, people have been told. */
  keys: z.record(
    z.string(),
    z.object({ expiresAt: z.string(), threshold: z.enum(['soon', 'urgent', 'day', 'expired']) }),
  ),
  /** The day of the last daily notification, in the gateway's zone. */
  day: date.nullable(),
})

const schema = z.object({
  bounds: z.object({ x: whole, y: whole, width: whole, height: whole }).nullable().catch(null),
  maximized: z.boolean().catch(false),
  zoom: z.number().refine(isZoom).catch(0),
  /** It has been explained once that closing the window leaves the console in the tray. */
  toldOfTray: z.boolean().catch(false),
  told: told.catch({ keys: {}, day: null }),
  /** No notifications until 09:00 of this day, in the gateway's zone. */
  pausedUntil: date.nullable().catch(null),
  /** The pages' own. */
  pages: z.record(z.string(), z.string()).catch({}),
})

export type ConsolePreferences = z.infer<typeof schema>
export type Told = ConsolePreferences['told']

export interface PreferencesFile {
  get(): ConsolePreferences
  /** What cannot be written holds until the console ends. */
  set(more: Partial<ConsolePreferences>): void
}

export const openPreferences = (path: string): PreferencesFile => {
  let now = read(path)
  return {
    get: () => now,
    set: (more) => {
      const before = JSON.stringify(now)
      now = { ...now, ...more }
      const after = JSON.stringify(now)
      if (after !== before) write(path, after)
    },
  }
}

const read = (path: string): ConsolePreferences => {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return schema.parse({})
  }
}

const write = (path: string, text: string): void => {
  const fresh = `${path}.new`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(fresh, `${text}\n`, { mode: 0o600, flush: true })
    renameSync(fresh, path)
  } catch {
    // What is half written is never read, and is written over by the next.
  }
}
