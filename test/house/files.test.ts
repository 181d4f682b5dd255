/** How files look: short, opened by what they promise, and free of what belongs to one machine or one moment. */
import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { readText, repositoryFiles } from './sources.ts'

const linesMax = 299
/** A language is one file, so that whoever adds one has one file to write. */
const catalogue = /^desktop\/src\/renderer\/texts\/[a-z]{2}\.ts$/
const codeFile = /^(shared|daemon|desktop|scripts|test)\/.*\.[cm]?[jt]sx?$/
const code = () => repositoryFiles().filter((path) => codeFile.test(path) && !path.startsWith('test/fixtures/'))
const texts = () =>
  repositoryFiles().filter((path) => !/(^|\/)package-lock\.json$|^test\/fixtures\/|\.(png|ico|pfx|pks)$/.test(path))

/** Words are given in two halves, so that this file does not hold what it forbids. */
const anyOf = (...halves: [string, string][]): string => `(?:${halves.map((pair) => pair.join('')).join('|')})`
const personal = anyOf(['wo', 'rk'], ['t', 'mp'], ['ro', 'ot'], ['ho', 'me'])
const registries = anyOf(
  ['registry', '\\.npmjs'],
  ['registry', '\\.yarnpkg'],
  ['artifact', 'ory'],
  ['deb', '\\.debian'],
)

const forbidden: { what: string; pattern: RegExp }[] = [
  {
    what: 'unfinished work',
    pattern: new RegExp(`\\b${anyOf(['TO', 'DO'], ['FIX', 'ME'], ['XX', 'X'], ['HA', 'CK'])}\\b`),
  },
  { what: 'a folder of one machine', pattern: new RegExp(`(^|[\\s"'\`(=:])/${personal}/\\S`) },
  { what: 'a folder of one Windows user', pattern: /[A-Z]:\\{1,2}Users\\/ },
  { what: 'a package registry', pattern: new RegExp(registries, 'i') },
  { what: 'a page that is not in this repository', pattern: new RegExp(anyOf(['shared/', 'design\\.md'])) },
]

describe('house: files', () => {
  it('the repository is found', () => {
    assert.ok(code().includes('shared/src/index.ts') && texts().includes('package.json'))
  })

  it(`no source, script or test is longer than ${linesMax} lines`, () => {
    const long = code()
      .filter((path) => !catalogue.test(path))
      .map((path) => ({ path, lines: readText(path).split('\n').length - 1 }))
      .filter(({ lines }) => lines > linesMax)
      .map(({ path, lines }) => `${path}: ${lines}`)
    assert.deepEqual(long, [])
  })

  it('every source and script opens with what it promises', () => {
    const silent = code()
      .filter((path) => !path.startsWith('test/') && path !== 'shared/src/index.ts')
      .filter((path) => !/^(#!.*\n)?\s*(\/\*\*|\/\/)/.test(readText(path)))
    assert.deepEqual(silent, [])
  })

  it('file names are kebab-case', () => {
    assert.deepEqual(
      code().filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.long)?\.[cm]?[jt]sx?$/.test(basename(path))),
      [],
    )
  })

  it('every test of a room mirrors a source', () => {
    const all = new Set(repositoryFiles())
    const astray = code()
      .filter((path) => /^test\/(daemon|shared|desktop|scripts)\/.*\.test\.ts$/.test(path))
      .filter((path) => {
        const inside = path.slice('test/'.length).replace(/\.test\.ts$/, '')
        const [workspace = '', ...rest] = inside.split('/')
        const source =
          workspace === 'scripts' ? `scripts/${rest.join('/')}.mjs` : `${workspace}/src/${rest.join('/')}.ts`
        return !all.has(source)
      })
    assert.deepEqual(astray, [])
  })

  for (const { what, pattern } of forbidden) {
    it(`no file holds ${what}`, () => {
      const found = texts().flatMap((path) => {
        const lines = readText(path).split('\n')
        return lines.flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []))
      })
      assert.deepEqual(found, [])
    })
  }
})
