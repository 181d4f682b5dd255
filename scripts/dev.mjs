/**
 * `npm run dev`: the daemon on the demo folder, started again at each saved change. `npm start` makes the folder.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { installOrExit, root } from './install-first.mjs'
import { runChild } from './run-child.mjs'

const data = join(root, '.postern-demo', 'data')
if (existsSync(data)) {
  const node = await installOrExit()
  const command = ['--watch', 'daemon/bin/postern.mjs', 'run', '--data', data, ...process.argv.slice(2)]
  process.exitCode = await runChild(node, command, { endsWithParent: true })
} else {
  console.error('There is no demo folder yet: run `npm start` once, stop it, and try again.')
  process.exitCode = 1
}
