/** What belongs to one key, as a download of its own: its details, its dialogs, and the looks after all of them. */
import { Suspense, type ComponentType } from 'react'
import { later } from '../later.ts'

const load = () => import('./care-parts.ts')
type Parts = Awaited<ReturnType<typeof load>>

/** Nothing stands in its place until it is there. */
const laterPart = <P extends object>(pick: (parts: Parts) => ComponentType<P>): ComponentType<P> => {
  const Part = later(async () => pick(await load()))
  return (props) => (
    <Suspense>
      <Part {...props} />
    </Suspense>
  )
}

export const KeyDetails = laterPart((parts) => parts.KeyDetails)
export const KeyDialogs = laterPart((parts) => parts.KeyDialogs)
export const CareLinks = laterPart((parts) => parts.CareLinks)
