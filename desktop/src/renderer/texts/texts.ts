/** The shape every language has, and a language that is none, for tests. */
import type * as en from './en.ts'

type Widened<T> = {
  readonly [K in keyof T]: T[K] extends (...given: infer A) => string
    ? (...given: A) => string
    : T[K] extends string
      ? string
      : Widened<T[K]>
}

export type Texts = Widened<typeof en>

const accents: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ó',
  u: 'ú',
  A: 'Á',
  E: 'É',
  O: 'Ó',
  c: 'ç',
  n: 'ñ',
}

/** 40 % longer, accented and bracketed: what is not from the catalogue, or does not fit, stands out. */
const lengthen = (text: string): string =>
  text === ''
    ? ''
    : `[${[...text].map((each) => accents[each] ?? each).join('')}${'~'.repeat(Math.ceil(text.length * 0.4))}]`

type Said = (...given: unknown[]) => string

/** Any part of a catalogue in the language that is none. */
export const pseudoOf = (texts: object): object =>
  Object.fromEntries(
    Object.entries(texts).map(([name, text]: [string, unknown]): [string, unknown] => {
      if (typeof text === 'string') return [name, lengthen(text)]
      if (typeof text === 'function') return [name, (...given: unknown[]) => lengthen((text as Said)(...given))]
      return [name, pseudoOf(text as object)]
    }),
  ) as object
