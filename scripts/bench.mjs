/**
 * `npm run bench`: the measurements, on one core where the system can pin one, so that runs can be compared.
 */
import { spawnSync } from 'node:child_process'
import { installOrExit } from './install-first.mjs'
import { runChild } from './run-child.mjs'

const node = await installOrExit()
const command = [node, 'test/bench/bench.ts', ...process.argv.slice(2)]
const canPin = spawnSync('taskset', ['-c', '0', node, '--version'], { stdio: 'ignore' }).status === 0
if (!canPin) console.log('taskset is not here: not pinned to one core, so the figures are not comparable.')
const [program = node, ...args] = canPin ? ['taskset', '-c', '0', ...command] : command
process.exitCode = await runChild(program, args)
