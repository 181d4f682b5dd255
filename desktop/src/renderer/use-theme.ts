/** Light, dark, or what the system has; every colour follows by `light-dark()`. */
import { useEffect, useSyncExternalStore } from 'react'
import type { KeptPreferences } from './preferences.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
export const themePreference = 'theme'

export const useTheme = (preferences: KeptPreferences): void => {
  const theme = useSyncExternalStore(preferences.subscribe, () => preferences.get(themePreference))
  useEffect(() => {
    document.documentElement.style.colorScheme = theme === 'light' || theme === 'dark' ? theme : ''
  }, [theme])
}
