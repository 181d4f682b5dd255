/** Marks what a search has found, without touching the document (CSS Custom Highlight API). Where there is none, nothing is marked. */
import { useLayoutEffect, type RefObject } from 'react'
import { foundIn } from './found-in.ts'

const name = 'found'

/** In what is shown of names and descriptions. To be called with every drawing of them. */
export const useHighlights = (box: RefObject<HTMLElement | null>, words: readonly string[]): void => {
  useLayoutEffect(() => {
    if (!('highlights' in CSS)) return
    if (words.length === 0 || box.current === null) {
      CSS.highlights.delete(name)
      return
    }
    const ranges: Range[] = []
    for (const element of box.current.querySelectorAll('.rows [data-searched]')) {
      const text = element.firstChild
      if (!(text instanceof Text)) continue
      for (const [start, end] of foundIn(text.data, words)) {
        const range = new Range()
        range.setStart(text, start)
        range.setEnd(text, end)
        ranges.push(range)
      }
    }
    CSS.highlights.set(name, new Highlight(...ranges))
  })
  useLayoutEffect(
    () => () => {
      if ('highlights' in CSS) CSS.highlights.delete(name)
    },
    [],
  )
}
