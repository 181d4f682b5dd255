/**
 * Through which door a command speaks to the daemon, and by what. Promises: a token comes from a file that its owner alone can
 * read, and goes to this machine alone. Never: a token among a program's arguments, or in an error.
 */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { parseAdminToken } from '@postern/shared'
import { Secret } from '../problem.ts'
import type { Reach } from './admin-client.ts'
import type { Io } from './io.ts'
import { UsageError } from './prompt.ts'

interface Given {
  readonly tokenFile?: string | undefined
  readonly url?: string | undefined
  readonly socket?: string | undefined
}

/** Throws `UsageError` for what cannot be used. */
export const readReach = (given: Given, env: Io['env']): Reach => {
  // A socket that is named here is meant, whatever the environment says.
  const url = given.url ?? (given.socket === undefined ? env['POSTERN_ADMIN_URL'] : undefined)
  const file = given.tokenFile ?? env['POSTERN_TOKEN_FILE']
  if (url !== undefined && file === undefined)
    throw new UsageError(
      '--url: this door needs an admin token; name its file with --token-file or POSTERN_TOKEN_FILE.',
    )
  return {
    ...(url === undefined ? {} : { url: readUrl(url) }),
    ...(file === undefined ? {} : { adminToken: readTokenFile(file) }),
  }
}

const readUrl = (text: string): URL => {
  // The token goes over it in plain http, so it has to stay on this machine.
  if (!/^http:\/\/(?:127\.0\.0\.1|\[::1\]):\d{1,5}\/?$/.test(text) || !URL.canParse(text))
    throw new UsageError(`--url: "${text}" is not http://127.0.0.1:PORT or http://[::1]:PORT.`)
  return new URL(text)
}

const tokenFileMax = 1_000

const readTokenFile = (path: string): Secret => {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    throw new UsageError(`--token-file: ${path} cannot be read (${code}).`)
  }
  try {
    const facts = fstatSync(file)
    if (!facts.isFile() || facts.size > tokenFileMax)
      throw new UsageError(`--token-file: ${path} holds no admin token.`)
    // Windows keeps rights in another way, which the mode says nothing of.
    if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0)
      throw new UsageError(`--token-file: others can read ${path}. Keep it to yourself: chmod 600 ${path}`)
    const text = readFileSync(file, 'utf8').trim()
    if (parseAdminToken(text) === null) throw new UsageError(`--token-file: ${path} holds no admin token.`)
    return new Secret(text)
  } finally {
    closeSync(file)
  }
}
