/**
 * `npm start`: a Postern to try out, from a fresh clone in one command. Installs what is missing, then runs the demo
 * on the pinned Node; Ctrl-C stops it.
 */
import { buildConsole } from './build-console.mjs'
import { installOrExit } from './install-first.mjs'
import { runChild } from './run-child.mjs'

const node = await installOrExit()
await buildConsole(node)
process.exitCode = await runChild(node, ['scripts/demo.ts', ...process.argv.slice(2)], { endsWithParent: true })
