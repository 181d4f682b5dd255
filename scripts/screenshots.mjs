/** `npm run screenshots`: takes the pictures of the console that the README shows. Needs Chromium. */
import { buildConsole } from './build-console.mjs'
import { installOrExit } from './install-first.mjs'
import { runChild } from './run-child.mjs'

const node = await installOrExit()
await buildConsole(node)
process.exitCode = await runChild(node, ['test/pictures/take-pictures.ts'])
