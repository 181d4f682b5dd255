/**
 * What somebody has chosen for this console. Promises: kept from one opening to the next where the door can; what is not
 * understood is as if it had never been chosen.
 */
import { useCallback, useSyncExternalStore } from 'react'
import type { Bridge, Preferences } from '../bridge.ts'
import { useConsole } from './console-context.ts'

export interface KeptPreferences {
  get(name: string): string | undefined
  set(name: string, value: string): void
  subscribe(listener: () => void): () => void
}

export const createPreferences = (bridge: Bridge, kept: Preferences): KeptPreferences => {
  let now = kept
  let listeners: readonly (() => void)[] = []
  return {
    get: (name) => now[name],
    set: (name, value) => {
      now = { ...now, [name]: value }
      bridge.keepPreferences(now)
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners = [...listeners, listener]
      return () => {
        listeners = listeners.filter((each) => each !== listener)
      }
    },
  }
}

type Chosen<T> = readonly [T, (value: T) => void]

/** One of a few values. `fallback`: where nothing, or nothing that is understood, was chosen. */
export const usePreference = <T extends string>(name: string, allowed: readonly T[], fallback: T): Chosen<T> =>
  useKept(useConsole().preferences, name, allowed, fallback)

/** The same where there is no console around it yet. */
export const useKept = <T extends string>(
  preferences: KeptPreferences,
  name: string,
  allowed: readonly T[],
  fallback: T,
): Chosen<T> => {
  const kept = useSyncExternalStore(preferences.subscribe, () => preferences.get(name))
  const set = useCallback((value: T) => preferences.set(name, value), [preferences, name])
  return [allowed.find((each) => each === kept) ?? fallback, set]
}
