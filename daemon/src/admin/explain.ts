/** The admin calls that say why calls are refused: one that is only asked about, and those that were. */
import type { RefusalView } from '@postern/shared'
import type { Document } from '../document/document.ts'
import { findKey } from '../keys/find.ts'
import { Problem } from '../problem.ts'
import { refusalBookLimits, type Refused } from '../usage/refusal-book.ts'
import { holds, type HandlersOf } from './handlers.ts'
import { pageOf } from './parse.ts'

export const explainHandlers: HandlersOf<'explain'> = {
  'explain.call': ({ body, rooms }) => rooms.explain(body),
}

export const refusalHandlers: HandlersOf<'refusals'> = {
  'refusals.list': ({ query, rooms }) => {
    const document = rooms.store().document()
    const keyId = query.key === undefined ? undefined : findKey(document, query.key, { removed: true }).id
    const found = Array.from(rooms.refusals.newestFirst()).filter(
      (refused) =>
        (keyId === undefined || refused.keyId === keyId) &&
        (query.reason === undefined || refused.reason === query.reason) &&
        holds(query.text, refused.requestId, refused.path, refused.address),
    )
    return pageOf(found, query, (refused) => refusalView(refused, document))
  },

  'refusals.get': ({ params, rooms }) => {
    const refused = rooms.refusals.find(params.request)
    if (refused !== undefined) return refusalView(refused, rooms.store().document())
    throw new Problem('not_found', {
      detail:
        `No refusal of this request id is remembered: the last ${refusalBookLimits.refusalsMax} since the start are, ` +
        'and a call that was allowed is none. For an older one ask explain with its key, method, path and instant.',
    })
  },
}

const refusalView = (refused: Refused, { keys }: Document): RefusalView => {
  const { keyId } = refused
  return {
    request_id: refused.requestId,
    at: new Date(refused.atMs).toISOString(),
    reason: refused.reason,
    status: refused.status,
    rule: refused.rule,
    said: refused.said,
    // A key that has been purged since has no name any more.
    key: keyId === null ? null : { id: keyId, name: keys[keyId]?.name ?? keyId },
    method: refused.method,
    ...(refused.host === '' ? {} : { host: refused.host }),
    path: refused.path,
    address: refused.address,
    asked_by_proxy: refused.askedByProxy,
    caller_known: refused.callerKnown,
  }
}
