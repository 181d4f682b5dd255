/**
 * `npm test`: types, lint, format, every test, coverage; one command, nothing hidden. Every stage runs, also after one
 * failed, and a failed stage counts as one failure. The last line is `N passed, N failed[, N skipped]`, alone.
 *
 *   npm test -- --grep 'a revoked key'          only the tests whose title matches
 *   npm test -- 'test/daemon/access/*.test.ts'  only these files; any option of mocha may be given
 *   npm run check                               types, lint and format without the tests
 *
 * With arguments only the chosen tests run: no types, lint, format or coverage.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildConsole } from './build-console.mjs'
import { checkCoverage } from './coverage.mjs'
import { installFirst, root } from './install-first.mjs'
import { runChild } from './run-child.mjs'
import { runSourceChecks, seconds } from './stages.mjs'
import { installPeers } from './test-peers.mjs'

const testsTimeoutMs = 20 * 60_000
const everyTest = 'test/**/*.test.ts'
const countsFile = join(root, 'coverage', 'test-counts.json')

/** @typedef {import('./mocha-reporter.mjs').TestCounts} TestCounts */

const main = async () => {
  const chosen = process.argv.slice(2)
  const node = await installFirst()
  await installPeers()
  await buildConsole(node)
  const failedStages = chosen.length === 0 ? await runSourceChecks(node) : []
  const { counts, broken } = await runTests(node, chosen)
  if (broken !== undefined) failedStages.push(broken)
  if (chosen.length === 0 && !(await checkCoverage(node))) failedStages.push('coverage')

  const failed = counts.failed + failedStages.length
  if (failedStages.length > 0) console.log(`Failed beside the tests themselves: ${failedStages.join(', ')}`)
  if (counts.skipped.length > 0) console.log(`Skipped: ${counts.skipped.join('; ')}`)
  const skipped = counts.skipped.length > 0 ? `, ${counts.skipped.length} skipped` : ''
  console.log(`${counts.passed} passed, ${failed} failed${skipped}`)
  process.exitCode = failed === 0 ? 0 : 1
}

/**
 * @param {string} node
 * @param {string[]} chosen options and files for mocha; none means all
 * @returns {Promise<{ counts: TestCounts, broken?: string }>} `broken` when the run itself, not a test, went wrong
 */
const runTests = async (node, chosen) => {
  rmSync(join(root, 'coverage'), { recursive: true, force: true })
  mkdirSync(join(root, 'coverage', 'raw'), { recursive: true })
  const startedAt = Date.now()
  const files = chosen.some((argument) => argument.endsWith('.ts')) ? [] : [everyTest]
  const code = await runChild(
    node,
    ['node_modules/mocha/bin/mocha.js', '--reporter-option', `output=${countsFile}`, ...chosen, ...files],
    { timeoutMs: testsTimeoutMs, env: chosen.length === 0 ? { NODE_V8_COVERAGE: join(root, 'coverage', 'raw') } : {} },
  )
  const counts = existsSync(countsFile) ? readCounts() : { passed: 0, failed: 0, skipped: [] }
  const ran = counts.passed + counts.failed + counts.skipped.length
  console.log(`${ran} tests in ${seconds(Date.now() - startedAt)}`)
  if (ran === 0) return { counts, broken: 'the test run (no test ran)' }
  if (code !== 0 && counts.failed === 0) return { counts, broken: `the test run (it ended with code ${code})` }
  return { counts }
}

/** @returns {TestCounts} */
const readCounts = () => JSON.parse(readFileSync(countsFile, 'utf8'))

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log('0 passed, 1 failed')
  process.exitCode = 1
}
