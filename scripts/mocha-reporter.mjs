/**
 * How the test run is told: one line a suite while it runs, every failure in full at the end, and the counts in a file
 * (`output` in the reporter options) for the command that started it. Never: a run that ends without an answer because
 * something was left open.
 */
import { writeFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import mocha from 'mocha'
import { root } from './install-first.mjs'

const slowestShown = 5
const leftOpenMs = 10_000

/** @typedef {import('./test-counts.mjs').TestCounts} TestCounts */

export default class PosternReporter extends mocha.reporters.Base {
  /**
   * @param {import('mocha').Runner} runner
   * @param {import('mocha').MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options)
    /** @type {string[]} */
    const skipped = []
    /** @type {import('mocha').Test[]} */
    const passed = []
    let suiteTests = 0
    let suiteStartedAt = Date.now()
    runner.on('suite', (suite) => {
      if (suite.parent?.root !== true) return
      suiteTests = 0
      suiteStartedAt = Date.now()
    })
    runner.on('pass', (test) => passed.push(test))
    runner.on('test end', () => (suiteTests += 1))
    runner.on('pending', (test) => skipped.push(test.fullTitle()))
    runner.on('fail', (test) => console.log(`FAIL ${test.fullTitle()}`))
    runner.on('suite end', (suite) => {
      if (suite.parent?.root === true)
        console.log(`     ${suite.title}: ${suiteTests} tests, ${Date.now() - suiteStartedAt} ms`)
    })
    runner.once('end', () => {
      const slowest = passed.toSorted((a, b) => (b.duration ?? 0) - (a.duration ?? 0)).slice(0, slowestShown)
      console.log(`Slowest: ${slowest.map((test) => `${test.fullTitle()} (${test.duration ?? 0} ms)`).join('; ')}`)
      if (this.failures.length > 0) mocha.reporters.Base.list(this.failures)
      const output = /** @type {unknown} */ (options.reporterOptions?.output)
      if (typeof output === 'string')
        writeFileSync(output, JSON.stringify({ ...countsOf(passed, this.failures), skipped }))
      reportLeftOpen()
    })
  }
}

/**
 * @param {import('mocha').Test[]} passed
 * @param {import('mocha').Test[]} failed hooks too, which know their file by their suite alone
 * @returns {Omit<TestCounts, 'skipped'>}
 */
const countsOf = (passed, failed) => {
  /** @type {TestCounts['files']} */
  const files = {}
  const fileOf = (/** @type {import('mocha').Test} */ test) =>
    relative(root, test.file ?? test.parent?.file ?? '').replaceAll(sep, '/')
  const counts = (/** @type {string} */ file) => (files[file] ??= { passed: 0, failed: 0 })
  for (const test of passed) counts(fileOf(test)).passed += 1
  for (const test of failed) counts(fileOf(test)).failed += 1
  const failures = failed.map((test) => ({
    title: test.fullTitle(),
    file: fileOf(test),
    message: test.err?.message ?? '',
  }))
  return { files, failures }
}

const reportLeftOpen = () => {
  const timer = setTimeout(() => {
    console.error(`The tests ended but something is still open: ${process.getActiveResourcesInfo().join(', ')}`)
    process.exit(1)
  }, leftOpenMs)
  // Only fires when something else keeps the run alive.
  timer.unref()
}
