/** Links that other programs may open the console by: `postern://keys/<id>`. Promises: a page to show, never an action. Pure. */
import { isKeyId } from '@postern/shared'
import type { Push } from '../bridge.ts'

export const linkScheme = 'postern'

/** Where a link or a notification leads. */
export type DeepLink = Extract<Push, { kind: 'go' }>

/** Nothing for what is not exactly such a link. */
export const readDeepLink = (text: string): DeepLink | undefined => {
  const id = /^postern:\/\/keys\/([^/?#]*)\/?$/i.exec(text)?.[1] ?? ''
  return isKeyId(id) ? { kind: 'go', page: 'keys', asked: `view:${id}` } : undefined
}
