/**
 * The files of the pages, and the rules they are served with. Promises: a fixed table, made from the build's own list; the
 * same rules as the browser door. Never: takes any part of a file's name from a request.
 */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { z } from 'zod'

export const pageScheme = 'app'
const origin = `${pageScheme}://console`
export const pageAddress = `${origin}/`

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** As daemon/src/admin/page-door.ts sends it with the console's pages; a test holds the two together. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join(';')

const headers = {
  'content-security-policy': pagePolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** What the build says of itself. A name leads nowhere but into its folder. */
const builtFiles = z.strictObject({
  files: z.array(z.string().regex(/^(?:assets\/)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.(?:html|js|css)$/)),
})

/** The page itself, whatever it has been opened with. */
export const isOwnPage = (address: string): boolean => {
  const url = URL.parse(address)
  return url !== null && isOwn(url) && url.pathname === '/'
}

/** Whatever else a page asks for is not let out. */
export const mayRequest = (address: string): boolean => {
  const url = URL.parse(address)
  return url !== null && isOwn(url)
}

// The origin of a scheme that is not one of the web's own is "null".
const isOwn = ({ protocol, host, username, password }: URL): boolean =>
  `${protocol}//${host}` === origin && username === '' && password === ''

export interface PageFiles {
  answer(address: string, method: string): Promise<Response>
}

/** Throws where the pages have not been built. */
export const createPageFiles = (folder: string): PageFiles => {
  const { files } = builtFiles.parse(JSON.parse(readFileSync(join(folder, 'files.json'), 'utf8')))
  const table = new Map(files.map((name) => [name === 'index.html' ? '/' : `/${name}`, name]))
  return {
    answer: async (address, method) => {
      const url = URL.parse(address)
      const name = url !== null && isOwn(url) && method === 'GET' ? table.get(url.pathname) : undefined
      if (name === undefined) return new Response('Not found', { status: 404, headers })
      const content = await readFile(join(folder, name))
      return new Response(new Uint8Array(content), {
        headers: { ...headers, 'content-type': types[extname(name)] ?? '' },
      })
    },
  }
}
