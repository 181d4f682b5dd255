/**
 * The bundling itself, under the pinned Node: see build-console.mjs. No source maps, no polyfills: the engine is known.
 */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { adminApi } from '../shared/src/admin-api.ts'
import { root } from './install-first.mjs'

const from = join(root, 'desktop', 'src', 'web')
const outDir = join(root, 'desktop', 'dist', 'web')

/**
 * Of the admin table the pages need where calls go and which carry a body. The daemon checks what it is sent; the schemas
 * would be a third of the download.
 */
const targetsAlone = {
  name: 'targets-alone',
  /** @param {string} id */
  load: (id) => {
    if (!id.endsWith('/shared/src/admin-api.ts')) return null
    const rows = Object.entries(adminApi).map(([name, row]) => [
      name,
      { method: row.method, path: row.path, ...('body' in row ? { body: true } : {}) },
    ])
    return `export const adminApi = ${JSON.stringify(Object.fromEntries(rows))}`
  },
}

await build({
  root: from,
  base: '/console/',
  configFile: false,
  logLevel: 'warn',
  plugins: [react(), targetsAlone],
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
