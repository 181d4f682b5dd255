/** What of the trail is asked for, from what was entered. Pure. */
import type { AdminRequest } from '@postern/shared'
import { addDays, endOfDate } from '../dates.ts'

export type TrailQuery = NonNullable<AdminRequest<'audit.list'>['query']>

const plainFields = ['object', 'actor', 'action', 'source'] as const

/** `from` and `to` are dates of the gateway's zone; both are part of it. */
export type TrailFilter = Readonly<Record<(typeof plainFields)[number] | 'from' | 'to', string>>

export const noFilter: TrailFilter = { object: '', actor: '', action: '', source: '', from: '', to: '' }

export const queryOf = (filter: TrailFilter, zone: string): TrailQuery => {
  const { from, to } = filter
  const given = plainFields.map((name) => [name, filter[name].trim()] as const).filter(([, value]) => value !== '')
  const instant = (ms: number): string => new Date(ms).toISOString()
  return {
    ...(Object.fromEntries(given) as TrailQuery),
    ...(from === '' ? {} : { from: instant(endOfDate(addDays(from, -1), zone) + 1) }),
    ...(to === '' ? {} : { to: instant(endOfDate(to, zone) + 1) }),
  }
}
