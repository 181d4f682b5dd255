/** Which records of the trail somebody asks for. Pure. */
import type { AuditEntry, RecordsAsked } from '@postern/shared'

export interface PageAsked extends RecordsAsked {
  readonly page: number
  readonly perPage: number
  /** A record as whoever asks may see it; `null`: not at all. Default: all of them as they are. */
  readonly show?: (entry: AuditEntry) => AuditEntry | null
}

export const isAsked = (entry: AuditEntry, asked: RecordsAsked): boolean => {
  const { object, actor, action, source, fromMs = -Infinity, toMs = Infinity } = asked
  const atMs = Date.parse(entry.ts)
  return (
    (object === undefined || entry.object.id === object || entry.object.name === object) &&
    (actor === undefined || entry.actor.name.toLowerCase().includes(actor.toLowerCase())) &&
    (action === undefined || entry.action === action) &&
    (source === undefined || entry.actor.kind === source) &&
    atMs >= fromMs &&
    atMs < toMs
  )
}
