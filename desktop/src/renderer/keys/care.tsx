/**
 * What belongs to one key: its details, its dialogs, and the looks after all of them. A download of its own, so that the
 * table is there sooner; fetched while nothing is to be done, for it must be there when the service is not.
 */
import { lazy, Suspense, type ComponentType } from 'react'

const load = () => import('./care-parts.ts')
requestIdleCallback(() => void load().catch(() => undefined))

type Parts = Awaited<ReturnType<typeof load>>

const later = <P extends object>(pick: (parts: Parts) => ComponentType<P>): ComponentType<P> => {
  const Part = lazy(async () => ({ default: pick(await load()) }))
  return (props) => (
    <Suspense>
      <Part {...props} />
    </Suspense>
  )
}

export const KeyDetails = later((parts) => parts.KeyDetails)
export const KeyDialogs = later((parts) => parts.KeyDialogs)
export const CareLinks = later((parts) => parts.CareLinks)
