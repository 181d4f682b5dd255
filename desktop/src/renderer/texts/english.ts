/** All of the catalogue at once, for what is no download: the window's own program, and tests. */
import * as en from './en.ts'
import type { Texts } from './texts.ts'

export const englishTexts: Texts = en
