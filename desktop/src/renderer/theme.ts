/** Light or dark: as the system has it, or as somebody has chosen for this console. */
import { useLayoutEffect } from 'react'
import { useKept, type KeptPreferences } from './preferences.ts'

export const themes = ['system', 'light', 'dark'] as const

/** Colours are given for both, and follow the root element. */
export const useTheme = (preferences: KeptPreferences): void => {
  const [theme] = useKept(preferences, 'theme', themes, 'system')
  useLayoutEffect(() => {
    document.documentElement.style.colorScheme = theme === 'system' ? '' : theme
  }, [theme])
}
