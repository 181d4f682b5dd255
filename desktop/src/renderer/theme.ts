/** Light or dark: as the system has it, or as somebody has chosen for this console. */
import { useLayoutEffect, useSyncExternalStore } from 'react'
import type { KeptPreferences } from './preferences.ts'

export const themes = ['system', 'light', 'dark'] as const

/** Colours are given for both, and follow the root element. */
export const useTheme = (preferences: KeptPreferences): void => {
  const theme = useSyncExternalStore(preferences.subscribe, () => preferences.get('theme'))
  useLayoutEffect(() => {
    document.documentElement.style.colorScheme = theme === 'light' || theme === 'dark' ? theme : ''
  }, [theme])
}
