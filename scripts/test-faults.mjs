/**
 * `npm run test:faults`: the fault rigs in their long sizes, one after the other, and a table of what they tried and
 * found. Takes about an hour.
 *
 *   npm run test:faults -- strace   only the rigs with such a name
 */
import { installOrExit } from './install-first.mjs'
import { runChild } from './run-child.mjs'
import { installPeers } from './test-peers.mjs'

const node = await installOrExit()
await installPeers()
process.exitCode = await runChild(node, ['test/faults/run-long.ts', ...process.argv.slice(2)])
