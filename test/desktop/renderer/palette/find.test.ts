/** The palette finds by the beginnings of words, wherever they stand, and forgets nothing that was used lately. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { begins, findPairs, recentFirst, withRecent, wordsOf } from '../../../../desktop/src/renderer/palette/find.ts'

interface Thing {
  readonly name: string
  readonly on: boolean
}

const verbs = (['view', 'disable', 'enable'] as const).map((verb) => ({
  verb,
  words: [verb, 'key'],
  fits: ({ on }: Thing) => verb === 'view' || (verb === 'disable') === on,
}))
const things: readonly Thing[] = [
  { name: 'Invoices', on: true },
  { name: 'Payroll Zürich', on: false },
  ...Array.from({ length: 10_000 }, (_, at) => ({ name: `Robot ${at}`, on: true })),
]
const found = (text: string, limit = 60): string[] =>
  findPairs(wordsOf(text), { things, nameOf: ({ name }) => name, verbs }, limit).map(
    ({ thing, verb }) => `${verb} ${thing.name}`,
  )

describe('console: finding a command', () => {
  for (const [text, expected] of [
    ['inv', ['view Invoices', 'disable Invoices']],
    ['dis inv', ['disable Invoices']],
    ['inv dis', ['disable Invoices']],
    ['ENABLE zurich', ['enable Payroll Zürich']],
    ['disable payroll', []],
    ['voices', []],
    ['', []],
  ] as const)
    it(`“${text}” finds ${expected.join(', ') || 'nothing'}`, () => assert.deepEqual(found(text), expected))

  it('with many of a name the first thing alone is offered, and not more than asked for', () => {
    const all = found('robot')
    assert.equal(all.length, 60)
    assert.ok(all.every((each) => each.startsWith('view ')))
    assert.ok(found('dis robot').every((each) => each.startsWith('disable ')))
  })

  for (const [text, words, finds] of [
    ['keys', 'Add API key…', true],
    ['key add', 'Add API key…', true],
    ['disabled keys', 'Disable key', true],
    ['entries', 'Last entry', true],
    ['rotating', 'Rotate key', true],
    ['kets', 'Add API key…', false],
    ['es', 'Endpoint', false],
  ] as const)
    it(`“${text}” ${finds ? 'finds' : 'does not find'} “${words}”`, () =>
      assert.equal(begins(wordsOf(text), wordsOf(words)), finds))

  it('every beginning of every word finds it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), fc.nat(), (parts, cut) => {
        const words = wordsOf(parts.join(' '))
        assert.ok(
          begins(
            words.map((word) => word.slice(0, 1 + (cut % word.length))),
            words,
          ),
        )
      }),
    )
  })

  it('what was used lately comes first, the newest before the others, each once', () => {
    const commands = ['a', 'b', 'c', 'd'].map((id) => ({ id }))
    const recent = withRecent(withRecent(['d'], 'b', 2), 'c', 2)
    assert.deepEqual(recent, ['c', 'b'])
    assert.deepEqual(
      recentFirst(commands, recent).map(({ id }) => id),
      ['c', 'b', 'a', 'd'],
    )
    assert.deepEqual(withRecent(['c', 'b'], 'b', 2), ['b', 'c'])
  })
})
