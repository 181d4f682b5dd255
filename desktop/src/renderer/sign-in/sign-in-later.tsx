/** What is chosen and typed of how callers sign in, as a download of its own. */
import { Suspense } from 'react'
import { later } from '../later.ts'
import type { SignInFieldsProps } from './sign-in-parts.tsx'

const Fields = later<SignInFieldsProps>(() => import('./sign-in-fields.tsx').then((found) => found.SignInFields))

/** Nothing stands in its place until it is there. */
export const SignInFields = (props: SignInFieldsProps) => (
  <Suspense fallback={null}>
    <Fields {...props} />
  </Suspense>
)
