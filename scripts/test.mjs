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
/** What waits for a browser runs beside the rest, which leaves a core alone while the browser thinks. */
const inBrowser = [
  'test/e2e/console*.test.ts',
  'test/e2e/api-page.test.ts',
  'test/window/*.test.ts',
  'test/electron-double/*.test.ts',
]
const countsFile = (/** @type {number} */ run) => join(root, 'coverage', `test-counts-${run}.json`)

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
  const rest = [everyTest, ...inBrowser.flatMap((each) => ['--ignore', each])]
  const runs = chosen.length === 0 ? [inBrowser, rest] : [[...chosen, ...files]]
  const env = chosen.length === 0 ? { NODE_V8_COVERAGE: join(root, 'coverage', 'raw') } : {}
  const codes = await Promise.all(
    runs.map((tests, run) => {
      const mocha = ['node_modules/mocha/bin/mocha.js', '--reporter-option', `output=${countsFile(run)}`]
      return runChild(node, [...mocha, ...tests], { timeoutMs: testsTimeoutMs, env })
    }),
  )
  const all = runs.map((_, run) => readCounts(countsFile(run)))
  const counts = {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    skipped: all.flatMap(({ skipped }) => skipped),
  }
  const ran = counts.passed + counts.failed + counts.skipped.length
  console.log(`${ran} tests in ${seconds(Date.now() - startedAt)}`)
  if (all.some(({ passed, failed, skipped }) => passed + failed + skipped.length === 0))
    return { counts, broken: 'the test run (no test ran)' }
  const unexplained = codes.find((code, run) => code !== 0 && all[run]?.failed === 0)
  return unexplained === undefined ? { counts } : { counts, broken: `the test run (it ended with code ${unexplained})` }
}

/**
 * @param {string} file
 * @returns {TestCounts} none at all for a run that did not come to its end
 */
const readCounts = (file) =>
  existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 0, skipped: [] }

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log('0 passed, 1 failed')
  process.exitCode = 1
}
