/** "Why was it refused?" as a download of its own. */
import { Suspense } from 'react'
import { later } from '../later.ts'
import type { WhyDialogProps } from './why-dialog.tsx'

const Dialog = later<WhyDialogProps>(() => import('./why-dialog.tsx').then(({ WhyDialog }) => WhyDialog))

/** Nothing stands in its place until it is there. */
export const WhyDialog = (props: WhyDialogProps) => (
  <Suspense fallback={null}>
    <Dialog {...props} />
  </Suspense>
)
