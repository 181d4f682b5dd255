/**
 * Who may speak to the admin API at all. Promises: a web page from elsewhere in an administrator's browser cannot,
 * whatever name it resolves to this machine; a role that is not known may do nothing.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { roles, type Role } from '@postern/shared'
import { Problem } from '../problem.ts'

// A literal only: a name could be made to resolve here (DNS rebinding).
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i

/** Throws `forbidden`, or `request_malformed` without a Host. */
export const assertLocal = (headers: IncomingHttpHeaders): void => {
  const { host, origin, referer } = headers
  if (host === undefined) throw new Problem('request_malformed', { detail: 'Host: needed; say "localhost"' })
  if (!loopback.test(host))
    throw new Problem('forbidden', { detail: 'Host: only a literal loopback name such as localhost is answered here' })
  // Programs send neither; browsers send one of them, "null" included.
  if (origin !== undefined || referer !== undefined || (headers['sec-fetch-site'] ?? 'none') !== 'none')
    throw new Problem('forbidden', { detail: 'Origin: web pages may not call this API' })
}

/** For the door of programs: as `assertLocal`, and nothing that only a browser sends. */
export const assertProgram = (headers: IncomingHttpHeaders): void => {
  assertLocal(headers)
  if (Object.keys(headers).some((name) => name.startsWith('sec-fetch-')))
    throw new Problem('forbidden', { detail: 'Sec-Fetch-Site: browsers may not call this API; see postern console' })
}

/**
 * For the door that pages use. Throws `forbidden` for every page but those that were loaded from this very door.
 * `hosts`: the door's own, with its port. `isPage`: a page file, which a person may open by its address.
 */
export const assertOwnPage = (
  headers: IncomingHttpHeaders,
  { hosts, isPage }: { hosts: readonly string[]; isPage: boolean },
): void => {
  const { host, origin, referer } = headers
  if (host === undefined || !hosts.includes(host))
    throw new Problem('forbidden', { detail: `Host: only ${hosts.join(' and ')} are answered here` })
  const own = `http://${host}`
  const site = headers['sec-fetch-site']
  const mode = headers['sec-fetch-mode']
  const typed = site === 'none' && (mode ?? 'navigate') === 'navigate'
  // A file on this machine that sends the browser here is told as another site; it must be a whole window that goes.
  const sentOn = site === 'cross-site' && mode === 'navigate' && headers['sec-fetch-dest'] === 'document'
  const opened = isPage && (typed || sentOn)
  if (
    (origin !== undefined && origin !== own) ||
    (referer !== undefined && !referer.startsWith(`${own}/`)) ||
    (site !== undefined && site !== 'same-origin' && !opened)
  )
    throw new Problem('forbidden', { detail: 'Origin: only pages of this door may call it' })
}

/** Throws `forbidden` unless `role` is at least `needed`. */
export const assertRole = (role: Role, needed: Role): void => {
  const [has, needs] = [roles.indexOf(role), roles.indexOf(needed)]
  if (has < 0 || needs < 0 || has < needs)
    throw new Problem('forbidden', { detail: `this call needs the role ${needed}` })
}
