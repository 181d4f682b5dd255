/**
 * The files of the pages: a fixed table of path -> file, the console's made from its build's own list. Never: takes any
 * part of a file's name from a request.
 */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

interface PageFile {
  readonly file: string
  readonly type: string
}

const types = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
} as const

const page = (name: string, type: keyof typeof types): PageFile => ({
  file: fileURLToPath(new URL(`api-page/${name}`, import.meta.url)),
  type: types[type],
})

const installed = (url: string, type: keyof typeof types): PageFile => ({ file: fileURLToPath(url), type: types[type] })

// Made when a link is asked for and not when the daemon starts: a package that is missing must not keep keys from being served.
const apiTable = (): [string, PageFile][] => [
  ['/api/', page('api.html', 'html')],
  ['/api/page.js', page('page.js', 'js')],
  ['/api/page.css', page('page.css', 'css')],
  ['/api/swagger-ui-bundle.js', installed(import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js'), 'js')],
  ['/api/swagger-ui.css', installed(import.meta.resolve('swagger-ui-dist/swagger-ui.css'), 'css')],
]

/** Where the build of the console is put. */
export const consoleFolder = fileURLToPath(new URL('../../../desktop/dist/web/', import.meta.url))

/** What the build says of itself. A name leads nowhere but into its folder. */
const builtFiles = z.strictObject({
  files: z.array(z.string().regex(/^(?:assets\/)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.(?:html|js|css)$/)),
})

/** Nothing when the console has not been built. */
const consoleTable = (folder: string): [string, PageFile][] => {
  let list: string
  try {
    list = readFileSync(join(folder, 'files.json'), 'utf8')
  } catch {
    return []
  }
  return builtFiles.parse(JSON.parse(list)).files.map((name) => {
    const type = types[extname(name).slice(1) as keyof typeof types]
    return [name === 'index.html' ? '/console/' : `/console/${name}`, { file: join(folder, name), type }]
  })
}

export interface PageFiles {
  has(path: string): boolean
  /** Nothing for a path that is not in the table. */
  read(path: string): Promise<{ readonly content: Buffer; readonly type: string } | undefined>
  /** Looks again at what has been built. */
  refresh(): void
}

/** Empty until it is refreshed; reads each file once, when it is first asked for. */
export const createPageFiles = (builtAt = consoleFolder): PageFiles => {
  const makeTable = (): ReadonlyMap<string, PageFile> => new Map([...apiTable(), ...consoleTable(builtAt)])
  let table: ReadonlyMap<string, PageFile> = new Map()
  const contents = new Map<string, Promise<Buffer>>()
  return {
    has: (path) => table.has(path),
    read: async (path) => {
      const found = table.get(path)
      if (found === undefined) return undefined
      const content = contents.get(path) ?? readFile(found.file)
      contents.set(path, content)
      return { content: await content, type: found.type }
    },
    refresh: () => {
      table = makeTable()
      contents.clear()
    },
  }
}
