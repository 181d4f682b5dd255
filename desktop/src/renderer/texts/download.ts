/**
 * The texts as the pages are given them: those of the first download at once, the others with what shows them. Whoever adds a
 * section names it in one of the two lists; a test holds them against the catalogue.
 */
import { setLaterTexts } from '../later.ts'
import * as first from './english-first.ts'
import { pseudoOf, type Texts } from './texts.ts'

/** `pseudo`: in the language that is none. */
export const downloadedTexts = (pseudo: boolean): Texts => {
  const shown = (texts: object): object => (pseudo ? pseudoOf(texts) : texts)
  const texts = { ...shown(first) }
  setLaterTexts(async () => void Object.assign(texts, shown(await import('./english-later.ts'))))
  return texts as Texts
}
