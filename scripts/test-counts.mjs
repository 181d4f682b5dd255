/**
 * What test runs counted, by file, and which files may be tried once more. Pure.
 *
 * A test that waits for a browser or for other programs can miss its deadline because the machine was busy with something
 * else. Such a file gets one more try, alone, and that it needed one is told. Whatever else fails has failed: what a rig of
 * `test/faults` or a random input has shown once is so.
 */

/** @typedef {{ passed: number, failed: number }} FileCounts */
/** @typedef {{ title: string, file: string, message: string }} Failure */
/** @typedef {{ files: Record<string, FileCounts>, failures: Failure[], skipped: string[] }} TestCounts `files` by path from the checkout, with `/` */

const withRealPeers = ['test/e2e/', 'test/window/', 'test/electron-double/']
/** How fast-check begins. */
const foundByRandomInput = 'Property failed'
/** More than so many are no accident. */
const triedAgainMax = 5

/** @returns {TestCounts} */
export const noCounts = () => ({ files: {}, failures: [], skipped: [] })

/** @param {TestCounts} counts */
export const totals = ({ files }) => {
  const all = Object.values(files)
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
  }
}

/**
 * @param {TestCounts[]} runs of files that are in one of them only
 * @returns {TestCounts}
 */
export const together = (runs) => ({
  files: Object.assign({}, ...runs.map(({ files }) => files)),
  failures: runs.flatMap(({ failures }) => failures),
  skipped: runs.flatMap(({ skipped }) => skipped),
})

/**
 * @param {TestCounts} counts
 * @returns {string[]} the files that failed, when each of them may be tried once more; else none
 */
export const filesToTryAgain = ({ failures }) => {
  const mayBe = failures.every(
    ({ file, message }) =>
      withRealPeers.some((folder) => file.startsWith(folder)) && !message.includes(foundByRandomInput),
  )
  const files = [...new Set(failures.map(({ file }) => file))]
  return mayBe && files.length <= triedAgainMax ? files : []
}

/**
 * @param {TestCounts} first
 * @param {TestCounts} second of some of its files; those it did not come to stay as they were
 * @returns {TestCounts}
 */
export const afterSecondTry = (first, second) => ({
  files: { ...first.files, ...second.files },
  failures: [...first.failures.filter(({ file }) => !(file in second.files)), ...second.failures],
  skipped: first.skipped,
})
