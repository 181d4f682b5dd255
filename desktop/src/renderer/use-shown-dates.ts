/** Dates in the zone that somebody has chosen to see times in. */
import { useMemo } from 'react'
import { createDates, ownZone, type Dates } from './dates.ts'
import { useKept, type KeptPreferences } from './preferences.ts'

export const shownZones = ['gateway', 'mine', 'utc'] as const

export const useShownDates = (preferences: KeptPreferences, gatewayZone: string): Dates => {
  const [chosen] = useKept(preferences, 'zone', shownZones, 'gateway')
  return useMemo(() => {
    const zone = { gateway: gatewayZone, mine: ownZone(), utc: 'UTC' }[chosen]
    return createDates(zone, undefined, gatewayZone)
  }, [chosen, gatewayZone])
}
