/** The one name of a call in answers, logs and at the upstream. */
import { randomBytes } from 'node:crypto'
import { couldHoldSecret } from '@postern/shared'
import { headerOf } from './read-call.ts'

/** Gives each request its id: the caller's own when it is harmless to print, else one that this process gives once. */
export const requestIds = (): ((rawHeaders: readonly string[]) => string) => {
  const prefix = randomBytes(6).toString('hex')
  let count = 0
  return (rawHeaders) => {
    const given = headerOf(rawHeaders, 'x-request-id')
    return given !== undefined && /^[A-Za-z0-9._-]{1,64}$/.test(given) && !couldHoldSecret(given)
      ? given
      : `${prefix}-${(++count).toString(36)}`
  }
}
