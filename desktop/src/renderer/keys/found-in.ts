/** Where the words of a search stand in a text, by the same folding that the search finds by. Pure. */
export type Span = readonly [start: number, end: number]

const fold = (text: string): string => text.normalize('NFKC').toLowerCase()

/** In order, without overlaps. */
export const foundIn = (text: string, words: readonly string[]): Span[] => {
  // Folding may make a letter longer or shorter: for each place in the folded text, the letter it came from.
  let folded = ''
  const starts: number[] = []
  const ends: number[] = []
  let at = 0
  for (const letter of text) {
    const piece = fold(letter)
    folded += piece
    for (let unit = 0; unit < piece.length; unit++) {
      starts.push(at)
      ends.push(at + letter.length)
    }
    at += letter.length
  }
  const spans: [number, number][] = []
  for (const word of words.filter((each) => each !== '')) {
    let from = folded.indexOf(word)
    while (from >= 0) {
      spans.push([starts[from] ?? 0, ends[from + word.length - 1] ?? at])
      from = folded.indexOf(word, from + word.length)
    }
  }
  const merged: [number, number][] = []
  for (const [start, end] of spans.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged
}
