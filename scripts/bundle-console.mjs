/**
 * The bundling itself, under the pinned Node: see build-console.mjs. No source maps, no polyfills: the engine is known.
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { adminApi } from '../shared/src/admin-api.ts'
import { root } from './install-first.mjs'

const sources = join(root, 'desktop', 'src')
const built = join(root, 'desktop', 'dist')

/**
 * Of the admin table the pages need where calls go and which carry a body. The daemon checks what it is sent; the schemas
 * would be a third of the download.
 */
const targetsAlone = {
  name: 'targets-alone',
  /** @param {string} id */
  load: (id) => {
    if (!id.endsWith('/shared/src/admin-api.ts')) return null
    // One short text to a call: said in full, the words that all rows share would be half of the table.
    const rows = Object.entries(adminApi).map(([name, row]) => [
      name,
      `${row.method} ${row.path}${'body' in row ? ' body' : ''}`,
    ])
    return `const rows = ${JSON.stringify(Object.fromEntries(rows))}
      export const adminApi = Object.fromEntries(Object.entries(rows).map(([name, row]) => {
        const [method, path, body] = row.split(' ')
        return [name, { method, path, body }]
      }))`
  },
}

/**
 * A language is one file. Each of the lists of what is downloaded when gets a copy of it, of which the build keeps what the
 * list names.
 * @type {import('vite').Plugin}
 */
const textsByDownload = {
  name: 'texts-by-download',
  enforce: 'pre',
  async resolveId(source, importer) {
    const [, list] = /\/texts\/english-(first|later)\.ts$/.exec(importer ?? '') ?? []
    if (list === undefined) return null
    const found = await this.resolve(source, importer, { skipSelf: true })
    return found === null ? null : { id: `${found.id}?${list}`, moduleSideEffects: false }
  },
}

/**
 * The pages behind a door, with the list of their files that they are served by.
 * @param {'web' | 'window'} door
 * @param {string} base the path that they are served under
 */
const bundlePages = async (door, base) => {
  const outDir = join(built, door)
  await build({
    root: join(sources, door),
    base,
    configFile: false,
    logLevel: 'warn',
    plugins: [react(), targetsAlone, textsByDownload],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'chrome130',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      license: false,
    },
  })
  const files = readdirSync(outDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(outDir.length + 1)
        .replaceAll('\\', '/'),
    )
  writeFileSync(join(outDir, 'files.json'), `${JSON.stringify({ files: files.toSorted() }, null, 2)}\n`)
}

/**
 * One file for Electron, with all that it needs but Electron itself, and Node where it may have that. CommonJS: a sandboxed
 * preload can be nothing else.
 * @param {'main' | 'preload'} name
 * @param {RegExp[]} external
 */
const bundleProgram = (name, external) =>
  build({
    root: sources,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      outDir: join(built, 'app'),
      emptyOutDir: false,
      ssr: true,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: join(sources, name, `${name}.ts`),
        external,
        output: { format: 'cjs', entryFileNames: `${name}.cjs`, codeSplitting: false },
      },
    },
  })

rmSync(join(built, 'app'), { recursive: true, force: true })
await Promise.all([
  bundlePages('web', '/console/'),
  bundlePages('window', '/'),
  bundleProgram('main', [/^electron$/, /^node:/]),
  bundleProgram('preload', [/^electron$/]),
])
