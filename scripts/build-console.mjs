/**
 * Builds the console into desktop/dist: its pages for both doors, with the lists of their files that they are served by, and
 * the two files of the window's own program. Promises: done only when a source, a pinned part or this script is newer than
 * what is there; a build that fails leaves none.
 *
 *   node scripts/build-console.mjs           builds when it is needed
 *   node scripts/build-console.mjs --force   builds in any case
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { installFirst, root } from './install-first.mjs'
import { runChild } from './run-child.mjs'

const output = join(root, 'desktop', 'dist')
const results = ['web/files.json', 'window/files.json', 'app/main.cjs', 'app/preload.cjs'].map((name) =>
  join(output, name),
)
const sources = ['desktop/src', 'shared/src', 'scripts/bundle-console.mjs', 'package-lock.json']

/** @param {string} path */
const newestIn = (path) => {
  const found = statSync(path)
  if (!found.isDirectory()) return found.mtimeMs
  /** @type {number[]} */
  const times = readdirSync(path).map((name) => newestIn(join(path, name)))
  return Math.max(found.mtimeMs, ...times)
}

const isBuilt = () => {
  if (!results.every((result) => existsSync(result))) return false
  const builtAt = Math.min(...results.map((result) => statSync(result).mtimeMs))
  return sources.every((source) => newestIn(join(root, source)) < builtAt)
}

/**
 * @param {string} node the Node to build with
 * @param {{ force?: boolean }} [options]
 * @throws {Error} when the build fails
 */
export const buildConsole = async (node, { force = false } = {}) => {
  if (!force && isBuilt()) return
  rmSync(output, { recursive: true, force: true })
  const code = await runChild(node, ['scripts/bundle-console.mjs'])
  if (code !== 0) throw new Error('The console could not be built; the output above says why.')
}

if (process.argv[1] === import.meta.filename) {
  try {
    await buildConsole(await installFirst(), { force: process.argv.includes('--force') })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
