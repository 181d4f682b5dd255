/**
 * Links that other programs may open the console by: `postern://keys/<id>`, `postern://keys/<id>/why` and
 * `postern://refusals/<request id>`. Promises: a page to show, never an action. Pure.
 */
import { isKeyId } from '@postern/shared'
import type { Push } from '../bridge.ts'

export const linkScheme = 'postern'

/** Where a link or a notification leads. */
export type DeepLink = Extract<Push, { kind: 'go' }>

/** Nothing for what is not exactly such a link. */
export const readDeepLink = (text: string): DeepLink | undefined => {
  const [, id = '', why] = /^postern:\/\/keys\/([^/?#]*)(\/why)?\/?$/i.exec(text) ?? []
  if (isKeyId(id)) return { kind: 'go', page: 'keys', asked: `${why === undefined ? 'view' : 'why'}:${id}` }
  const refused = /^postern:\/\/refusals(?:\/([0-9A-Za-z._-]{1,64}))?\/?$/i.exec(text)
  if (refused === null) return undefined
  return { kind: 'go', page: 'usage', asked: refused[1] === undefined ? 'why' : `why:${refused[1]}` }
}
