/** The problem table is true: well-formed rows, no two alike, none that nobody says. */
import assert from 'node:assert/strict'
import { problems, type ProblemCode } from '@postern/shared'
import { readImports } from './imports.ts'
import { readSources } from './sources.ts'

/** Codes kept for what is not built yet. One that is said somewhere must be struck off here. */
const coming: readonly ProblemCode[] = []

const said = (): Set<string> => {
  const sources = [...readSources()].filter(([path]) => path !== 'shared/src/problems.ts')
  return new Set(sources.flatMap(([path, text]) => [...readImports(path, text).names]))
}

describe('house: the problem table', () => {
  it('every code has a status that is an error, and a title', () => {
    for (const [code, { status, title }] of Object.entries(problems)) {
      assert.match(code, /^[a-z]+(_[a-z]+)*$/)
      assert.ok(Number.isInteger(status) && status >= 400 && status <= 599, `${code}: ${status}`)
      assert.match(title, /^[A-Z].*[^.]$/, code)
    }
  })

  it('no two codes share a title', () => {
    const titles = Object.values(problems).map(({ title }) => title)
    assert.equal(new Set(titles).size, titles.length)
  })

  it('every code made into a Problem is in the table', () => {
    const unknown = [...readSources()].flatMap(([path, text]) =>
      [...text.matchAll(/new Problem\(\s*'([^']*)'/g)]
        .filter(([, code]) => code !== undefined && !Object.hasOwn(problems, code))
        .map(([, code]) => `${path}: ${code}`),
    )
    assert.deepEqual(unknown, [])
  })

  it('every code of the table is said somewhere, or listed as coming', () => {
    const words = said()
    const unsaid = Object.keys(problems).filter((code) => !words.has(code) && !coming.some((each) => each === code))
    assert.deepEqual(unsaid, [])
  })

  it('no code is listed as coming that has come', () => {
    const words = said()
    assert.deepEqual(
      coming.filter((code) => words.has(code)),
      [],
    )
  })
})
