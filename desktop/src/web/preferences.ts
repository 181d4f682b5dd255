/**
 * Preferences in the browser's own storage, which holds for the address of the page: `pages_port` in the settings file keeps
 * that the same from one link to the next. Never a secret.
 */
import type { Preferences } from '../bridge.ts'

const name = 'postern-preferences'

export const readPreferences = (): Preferences => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(name) ?? '{}')
    if (typeof kept !== 'object' || kept === null) return {}
    return Object.fromEntries(Object.entries(kept).filter(([, value]) => typeof value === 'string')) as Preferences
  } catch {
    return {}
  }
}

export const keepPreferences = (preferences: Preferences): void => {
  try {
    localStorage.setItem(name, JSON.stringify(preferences))
  } catch {
    // A browser that keeps nothing is a choice too.
  }
}
