import assert from 'node:assert/strict'
import { afterSecondTry, filesToTryAgain, together, totals } from '../../scripts/test-counts.mjs'

const failure = (file: string, message = 'Timeout of 10000ms exceeded') => ({ title: `of ${file}`, file, message })
const failedIn = (...failures: ReturnType<typeof failure>[]) => ({
  files: Object.fromEntries(failures.map(({ file }) => [file, { passed: 3, failed: 1 }])),
  failures,
  skipped: [],
})

describe('scripts: test counts', () => {
  it('a file that waits for real peers is tried once more, by name and once', () => {
    const [one, other] = ['test/e2e/console.test.ts', 'test/window/story.test.ts']
    assert.deepEqual(filesToTryAgain(failedIn(failure(one), failure(one), failure(other))), [one, other])
    assert.deepEqual(filesToTryAgain(failedIn()), [])
  })

  it('nothing is tried again when something failed that waits for nobody, when random input showed it, or when it is much', () => {
    const peer = failure('test/e2e/console.test.ts')
    for (const file of ['test/faults/model.test.ts', 'test/daemon/keys/keys.test.ts', 'test/e2e.test.ts'])
      assert.deepEqual(filesToTryAgain(failedIn(peer, failure(file))), [], file)
    const random = failure('test/e2e/malformed.test.ts', 'Property failed after 3 tests\n{ seed: 1 }')
    assert.deepEqual(filesToTryAgain(failedIn(random)), [])
    const many = Array.from({ length: 6 }, (_, at) => failure(`test/e2e/${at}.test.ts`))
    assert.deepEqual(filesToTryAgain(failedIn(...many)), [])
  })

  it('the second try stands in place of the first for its files alone; a try that came to nothing changes nothing', () => {
    const file = 'test/e2e/console.test.ts'
    const [mine, others] = [failure(file), { 'test/e2e/api.test.ts': { passed: 7, failed: 0 } }]
    const first = together([failedIn(mine), { files: others, failures: [], skipped: ['a test'] }])
    assert.deepEqual(totals(first), { passed: 10, failed: 1 })
    const mended = afterSecondTry(first, { files: { [file]: { passed: 4, failed: 0 } }, failures: [], skipped: [] })
    assert.deepEqual([totals(mended), mended.skipped], [{ passed: 11, failed: 0 }, ['a test']])
    const still = afterSecondTry(first, failedIn(mine))
    assert.deepEqual([totals(still), still.failures], [{ passed: 10, failed: 1 }, [mine]])
    assert.deepEqual(afterSecondTry(first, { files: {}, failures: [], skipped: [] }), first)
  })
})
