/**
 * Walking through the pages, back and on again. Promises: in a browser its own Back and Forward do it too, and stay in the
 * console until there is nothing left to go back to. Never: anything but the name of a page in the browser's history; what was
 * asked of a page, and whose link this is, stay in memory.
 */
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Bridge } from '../bridge.ts'
import { isPageName, type PageName } from './pages.tsx'
import { placeOf, startWalk, walkBy, walkOn, walkTo, type Place, type Walk } from './places.ts'

interface Places {
  readonly at: Place
  go(page: PageName, asked?: string): void
  back(): void
  forward(): void
  /** As if one had just come. */
  reset(): void
}

interface Mark {
  readonly page: PageName
  readonly visit: number
}

const markOf = (walk: Walk): Mark => {
  const { page, visit } = placeOf(walk)
  return { page, visit }
}

const readMark = (state: unknown): Mark | null => {
  if (typeof state !== 'object' || state === null || !('page' in state && 'visit' in state)) return null
  const { page, visit } = state
  return typeof page === 'string' && isPageName(page) && typeof visit === 'number' ? { page, visit } : null
}

export const usePlaces = (door: Bridge['door']): Places => {
  const [walk, setWalk] = useState(startWalk)
  const now = useRef(walk)
  const isBrowser = door === 'browser'
  const functions = useMemo(() => {
    const put = (next: Walk): void => {
      now.current = next
      setWalk(next)
    }
    const note = (): void => {
      if (isBrowser) history.replaceState(markOf(now.current), '')
    }
    const step = (by: 1 | -1): void => {
      const next = walkBy(now.current, by)
      if (next === now.current) return
      // The browser tells of it, and is followed then.
      if (isBrowser) history.go(by)
      else put(next)
    }
    return {
      note,
      go: (page: PageName, asked?: string): void => {
        const next = walkOn(now.current, page, asked ?? null)
        if (next === now.current) return
        put(next)
        if (isBrowser) history.pushState(markOf(next), '')
      },
      back: () => step(-1),
      forward: () => step(1),
      reset: () => {
        put(startWalk)
        note()
      },
      follow: ({ state }: PopStateEvent): void => {
        const mark = readMark(state)
        if (mark === null) return
        const found = walkTo(now.current, mark)
        put(found ?? walkOn(now.current, mark.page, null))
        // From before this page was loaded again: it is a place of this walk from now on.
        if (found === null) note()
      },
    }
  }, [isBrowser])
  const { note, follow, go, back, forward, reset } = functions
  useEffect(() => {
    if (!isBrowser) return undefined
    note()
    window.addEventListener('popstate', follow)
    return () => window.removeEventListener('popstate', follow)
  }, [isBrowser, note, follow])
  return { at: placeOf(walk), go, back, forward, reset }
}
