/**
 * `GET /.postern/calendar.ics`: when keys expire, for the calendars people look at. Its token opens this and nothing else.
 * Calendar programs send it as the password of HTTP Basic, or, where they can only be told an address, in its query.
 */
import { Problem } from '../problem.ts'
import { answerText, isQuestion, refuse, type OwnCall } from './own-call.ts'
import { problemOf } from './refuse.ts'

/** The calendar for a token, or `null` when the token is not the one, or there is none. */
export type CalendarReader = (token: string) => string | null

export const answerCalendar = (own: OwnCall): void => {
  if (own.index === null) {
    own.record(own.closed, { rule: 'keystore' })
    return refuse(own, problemOf({ allow: false, reason: own.closed, rule: 'keystore', key: null }))
  }
  if (!isQuestion(own)) return
  const token = tokenOf(own)
  const calendar = token === null ? null : own.rooms.calendar(token)
  if (calendar === null) {
    const reason = token === null ? 'credential_missing' : 'credential_invalid'
    own.record(reason, { rule: token === null ? 'credential_given' : 'credential_known' })
    return refuse(own, new Problem(reason, { headers: { 'www-authenticate': 'Basic realm="postern calendar"' } }))
  }
  answerText(own, 200, calendar, { 'content-type': 'text/calendar; charset=utf-8' })
}

const tokenOf = ({ call: { credential, query } }: OwnCall): string | null => {
  if (credential.kind === 'pair') return credential.secret
  if (credential.kind === 'value') return credential.value
  return new URLSearchParams(query).get('token')
}
