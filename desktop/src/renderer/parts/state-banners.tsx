/** What is wrong with all of Postern, above every page; nothing, as long as nothing is. */
import { Suspense } from 'react'
import { useConsole, useKnown } from '../console-context.ts'
import { later } from '../later.ts'
import { troublesOf } from '../trouble.ts'
import type { StateBannerProps } from './state-banner.tsx'

/** Fetched while all is well, so that it is there when the service is not. */
const StateBanner = later<StateBannerProps>(() => import('./state-banner.tsx').then((found) => found.StateBanner))

export const StateBanners = () => {
  const { model } = useConsole()
  const troubles = troublesOf(useKnown(model))
  return (
    <Suspense fallback={null}>
      {troubles.map((trouble) => (
        <StateBanner key={trouble.kind} of={trouble} />
      ))}
    </Suspense>
  )
}
