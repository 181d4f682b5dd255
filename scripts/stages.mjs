/**
 * The checks that read the sources without running them. Each prints its own findings and answers whether all is well.
 */
import { runChild } from './run-child.mjs'

/** @type {{ name: string, args: string[] }[]} */
const sourceChecks = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '-b'] },
  { name: 'lint', args: ['node_modules/oxlint/bin/oxlint', '--type-aware'] },
  { name: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'] },
]

/** Exit codes of a program ended by SIGHUP, SIGINT, SIGTERM: who asked for that wants no further stage. */
const stoppedByUser = new Set([129, 130, 143])

/**
 * Runs all of them, also after one failed: one run tells everything there is to mend.
 * @param {string} node
 * @returns {Promise<string[]>} the names of those that failed
 */
export const runSourceChecks = async (node) => {
  const failed = []
  for (const { name, args } of sourceChecks) {
    const startedAt = Date.now()
    const code = await runChild(node, args)
    if (stoppedByUser.has(code)) process.exit(code)
    const passed = code === 0
    console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} (${seconds(Date.now() - startedAt)})`)
    if (!passed) failed.push(name)
  }
  return failed
}

/** @param {number} durationMs */
export const seconds = (durationMs) => `${(durationMs / 1000).toFixed(1)} s`
