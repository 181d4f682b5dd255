/**
 * `npm run desktop`: the console in a window of its own. `npm run test:electron-real`: the window's stories on real Electron,
 * which tests otherwise have a stand-in for. Promises: the pinned Electron, downloaded when it is first needed.
 *
 *   npm run desktop -- --data .postern-demo/data    the console of this daemon
 */
import { buildConsole } from './build-console.mjs'
import { installOrExit } from './install-first.mjs'
import { runChild } from './run-child.mjs'

const node = await installOrExit()
await buildConsole(node)
const [what, ...args] = process.argv.slice(2)
if (what === 'test') {
  // Asked for by name, so that what cannot be downloaded fails here and does not count as skipped.
  const ready = await runChild(node, ['node_modules/electron/cli.js', '--version'])
  const mocha = ['node_modules/mocha/bin/mocha.js', 'test/window/*.test.ts', ...args]
  process.exitCode = ready === 0 ? await runChild(node, mocha, { env: { POSTERN_ELECTRON: 'real' } }) : 1
} else process.exitCode = await runChild(node, ['node_modules/electron/cli.js', 'desktop', ...args])
