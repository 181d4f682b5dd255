/**
 * The files of the pages: a fixed table of path -> file. Never: takes any part of a file's name from a request.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

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

// Made when the door opens and not when the daemon starts: a package that is missing must not keep keys from being served.
const makeTable = (): ReadonlyMap<string, PageFile> =>
  new Map([
    ['/api/', page('api.html', 'html')],
    ['/api/page.js', page('page.js', 'js')],
    ['/api/page.css', page('page.css', 'css')],
    ['/api/swagger-ui-bundle.js', installed(import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js'), 'js')],
    ['/api/swagger-ui.css', installed(import.meta.resolve('swagger-ui-dist/swagger-ui.css'), 'css')],
  ])

export interface PageFiles {
  has(path: string): boolean
  /** Nothing for a path that is not in the table. */
  read(path: string): Promise<{ readonly content: Buffer; readonly type: string } | undefined>
}

/** Reads each file once, when it is first asked for. */
export const createPageFiles = (): PageFiles => {
  const table = makeTable()
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
  }
}
