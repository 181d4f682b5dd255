/**
 * `npm test`: types, lint, format, every test, coverage; one command, nothing hidden. Every stage runs, also after one
 * failed, and a failed stage counts as one failure. The last line is `N passed, N failed[, N skipped]`, alone. What waits for
 * real peers may be tried once more (test-counts.mjs says when), which is told.
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
import { afterSecondTry, filesToTryAgain, noCounts, together, totals } from './test-counts.mjs'
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

/** @typedef {import('./test-counts.mjs').TestCounts} TestCounts */

const main = async () => {
  const chosen = process.argv.slice(2)
  const node = await installFirst()
  await installPeers()
  await buildConsole(node)
  const failedStages = chosen.length === 0 ? await runSourceChecks(node) : []
  const { counts, broken } = await runTests(node, chosen)
  if (broken !== undefined) failedStages.push(broken)
  if (chosen.length === 0 && !(await checkCoverage(node))) failedStages.push('coverage')

  const { passed, failed: failedTests } = totals(counts)
  const failed = failedTests + failedStages.length
  if (failedStages.length > 0) console.log(`Failed beside the tests themselves: ${failedStages.join(', ')}`)
  if (counts.skipped.length > 0) console.log(`Skipped: ${counts.skipped.join('; ')}`)
  const skipped = counts.skipped.length > 0 ? `, ${counts.skipped.length} skipped` : ''
  console.log(`${passed} passed, ${failed} failed${skipped}`)
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
  const run = async (/** @type {string[]} */ tests, /** @type {number} */ at) => {
    const mocha = ['node_modules/mocha/bin/mocha.js', '--reporter-option', `output=${countsFile(at)}`]
    const code = await runChild(node, [...mocha, ...tests], { timeoutMs: testsTimeoutMs, env })
    return { code, counts: readCounts(countsFile(at)) }
  }
  const first = await Promise.all(runs.map(run))
  let counts = together(first.map((each) => each.counts))
  const again = chosen.length === 0 ? filesToTryAgain(counts) : []
  if (again.length > 0) {
    console.log(`Once more, alone: ${again.join(', ')}`)
    const unsteady = counts.failures.map(({ title }) => title)
    counts = afterSecondTry(counts, (await run(again, runs.length)).counts)
    if (counts.failures.length === 0) console.log(`Passed only at the second try: ${unsteady.join('; ')}`)
  }
  const { passed, failed } = totals(counts)
  console.log(`${passed + failed + counts.skipped.length} tests in ${seconds(Date.now() - startedAt)}`)
  if (first.some((each) => Object.keys(each.counts.files).length + each.counts.skipped.length === 0))
    return { counts, broken: 'the test run (no test ran)' }
  const unexplained = first.find((each) => each.code !== 0 && each.counts.failures.length === 0)
  return unexplained === undefined
    ? { counts }
    : { counts, broken: `the test run (it ended with code ${unexplained.code})` }
}

/**
 * @param {string} file
 * @returns {TestCounts} none at all for a run that did not come to its end
 */
const readCounts = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : noCounts())

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log('0 passed, 1 failed')
  process.exitCode = 1
}
