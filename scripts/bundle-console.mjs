/**
 * The bundling itself, under the pinned Node: see build-console.mjs. No source maps, no polyfills: the engine is known.
 */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { root } from './install-first.mjs'

const from = join(root, 'desktop', 'src', 'web')
const outDir = join(root, 'desktop', 'dist', 'web')

await build({
  root: from,
  base: '/console/',
  configFile: false,
  logLevel: 'warn',
  plugins: [react()],
  resolve: { alias: { zod: join(from, 'no-schemas.ts') } },
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
