/**
 * What somebody has chosen for this console. Promises: kept from one opening to the next where the door can; what is not
 * understood is as if it had never been chosen; what an organisation has settled goes before, and leaves the choice as it was.
 */
import { useCallback, useSyncExternalStore } from 'react'
import type { Bridge, Preferences } from '../bridge.ts'
import { useConsole } from './console-context.ts'

export interface KeptPreferences {
  get(name: string): string | undefined
  /** Does nothing where it is settled. */
  set(name: string, value: string): void
  isSettled(name: string): boolean
  /** From here on this goes before what was chosen. */
  settle(policy: Preferences): void
  subscribe(listener: () => void): () => void
}

export const createPreferences = (bridge: Bridge, kept: Preferences): KeptPreferences => {
  let now = kept
  let settled: Preferences = {}
  let listeners: readonly (() => void)[] = []
  const tell = (): void => {
    for (const listener of listeners) listener()
  }
  return {
    get: (name) => settled[name] ?? now[name],
    set: (name, value) => {
      if (settled[name] !== undefined) return
      now = { ...now, [name]: value }
      bridge.keepPreferences(now)
      tell()
    },
    isSettled: (name) => settled[name] !== undefined,
    settle: (policy) => {
      if (JSON.stringify(policy) === JSON.stringify(settled)) return
      settled = policy
      tell()
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

/** Whether an organisation has settled it: then it is shown, and not to be changed. */
export const useSettled = (name: string): boolean => {
  const { preferences } = useConsole()
  return useSyncExternalStore(preferences.subscribe, () => preferences.isSettled(name))
}
