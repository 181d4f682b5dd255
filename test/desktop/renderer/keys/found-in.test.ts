/** What a search has found is marked where it stands, also where folding changes how long a text is. */
import assert from 'node:assert/strict'
import { foundIn } from '../../../../desktop/src/renderer/keys/found-in.ts'

const marked = (text: string, ...words: string[]): string =>
  foundIn(text, words)
    .toReversed()
    .reduce((all, [start, end]) => `${all.slice(0, start)}[${all.slice(start, end)}]${all.slice(end)}`, text)

describe('console: marks of a search', () => {
  for (const [text, words, expected] of [
    ['Robot 11', ['robot', '1'], '[Robot] [11]'],
    ['Robot', [], 'Robot'],
    ['Robot', ['', 'x'], 'Robot'],
    ['banana', ['ana', 'nan'], 'b[anan]a'],
    ['ﬁne and İstanbul', ['fine', 'stan'], '[ﬁne] and İ[stan]bul'],
    ['Fleet ＡＢＣ', ['abc'], 'Fleet [ＡＢＣ]'],
    ['𝐀 key', ['a'], '[𝐀] key'],
  ] as const)
    it(`${JSON.stringify(words)} in "${text}"`, () => assert.equal(marked(text, ...words), expected))
})
