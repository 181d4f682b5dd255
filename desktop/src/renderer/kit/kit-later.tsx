/** The connector kit as a download of its own. */
import { Suspense } from 'react'
import { later } from '../later.ts'
import type { KitDialogProps } from './kit-dialog.tsx'

const Dialog = later<KitDialogProps>(() => import('./kit-dialog.tsx').then((found) => found.KitDialog))

/** Nothing stands in its place until it is there. */
export const KitDialog = (props: KitDialogProps) => (
  <Suspense fallback={null}>
    <Dialog {...props} />
  </Suspense>
)
