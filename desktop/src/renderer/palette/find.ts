/**
 * Finds commands by the beginnings of their words. Promises: every word of the search, or its stem, begins a word of what is found; what
 * was used lately comes first; a search among ten thousand keys takes no longer than a keystroke. Pure.
 */

const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

export const wordsOf = (text: string): readonly string[] => folded(text).match(/[\p{L}\p{N}]+/gu) ?? []

/** What a word ends in when there are several, or when it has been done: "keys" finds a key, "disabled" what disables. */
const endings: readonly (readonly [RegExp, string])[] = [
  [/ies$/, 'y'],
  [/s$/, ''],
  [/ed$/, ''],
  [/d$/, ''],
  [/ing$/, ''],
]
const stemLeast = 3

/** Whether `wanted` begins one of the words, as it is or as far as it does not change with its number and its time. */
const isBegunBy = (wanted: string, words: readonly string[]): boolean => {
  const stems = endings.map(([ending, instead]) => wanted.replace(ending, instead))
  return [wanted, ...stems.filter((stem) => stem.length >= stemLeast)].some((stem) =>
    words.some((word) => word.startsWith(stem)),
  )
}

/** In any order. */
export const begins = (wanted: readonly string[], words: readonly string[]): boolean =>
  wanted.every((each) => isBegunBy(each, words))

/** What can be done with each of many things. */
export interface Many<T extends object, V extends string> {
  readonly things: readonly T[]
  nameOf(thing: T): string
  readonly verbs: readonly { readonly verb: V; readonly words: readonly string[]; fits(thing: T): boolean }[]
}

export interface Pair<T, V> {
  readonly thing: T
  readonly verb: V
}

/** With so many things or fewer, all that can be done with each is offered; with more, the first thing alone. */
const fewThings = 3

const foldedNames = new WeakMap<object, readonly string[]>()
const nameWords = <T extends object>(thing: T, nameOf: (thing: T) => string): readonly string[] => {
  const known = foldedNames.get(thing)
  if (known !== undefined) return known
  const found = wordsOf(nameOf(thing))
  foldedNames.set(thing, found)
  return found
}

/** A word may belong to what is done or to what it is done with: "dis inv" disables Invoices. */
export const findPairs = <T extends object, V extends string>(
  wanted: readonly string[],
  { things, nameOf, verbs }: Many<T, V>,
  limit: number,
): readonly Pair<T, V>[] => {
  if (wanted.length === 0) return []
  const found: Pair<T, V>[] = []
  const named = (rest: readonly string[]): readonly T[] =>
    things.filter((thing) => begins(rest, nameWords(thing, nameOf)))
  const exact = named(wanted)
  const offered = exact.length > fewThings ? verbs.slice(0, 1) : verbs
  for (const thing of exact) {
    for (const { verb, fits } of offered) if (fits(thing)) found.push({ thing, verb })
    if (found.length >= limit) break
  }
  for (const { verb, words, fits } of verbs) {
    const rest = wanted.filter((each) => !isBegunBy(each, words))
    if (rest.length === wanted.length) continue
    for (const thing of named(rest)) {
      if (found.length >= limit) break
      if (fits(thing) && !found.some((pair) => pair.thing === thing && pair.verb === verb)) found.push({ thing, verb })
    }
  }
  return found.slice(0, limit)
}

/** The newest first, each once. */
export const withRecent = (recent: readonly string[], id: string, kept: number): readonly string[] =>
  [id, ...recent.filter((each) => each !== id)].slice(0, kept)

/** What was used lately first, in that order; the rest as it was. */
export const recentFirst = <C extends { readonly id: string }>(
  commands: readonly C[],
  recent: readonly string[],
): readonly C[] => {
  const rank = ({ id }: C): number => {
    const at = recent.indexOf(id)
    return at < 0 ? recent.length : at
  }
  return commands.toSorted((a, b) => rank(a) - rank(b))
}
