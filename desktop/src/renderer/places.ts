/** Where one is in the console, and where one was. Pure. */
import type { PageName } from './pages.tsx'

export interface Place {
  readonly page: PageName
  readonly asked: string | null
  /** Another for each going there: what is asked twice is done twice. */
  readonly visit: number
}

const placesKept = 50

/** What opens a dialog is over when one leaves: going back must not ask again. */
const isOnce = (asked: string | null): boolean => asked !== null && /^(?:add$|(?:edit|rotate|remove):)/.test(asked)

export const withPlace = (places: readonly Place[], page: PageName, asked: string | null): readonly Place[] => {
  const last = places.at(-1)
  // Nothing is asked of the page that is there: it stays as it is.
  if (last?.page === page && last.asked === null && asked === null) return places
  const before = places.map((place) => (isOnce(place.asked) ? { ...place, asked: null } : place))
  const visit = (last?.visit ?? 0) + 1
  return [...before.slice(-placesKept), { page, asked, visit }]
}

/** From outside the pages (a link, a notification) things may be looked at, and nothing begun. */
export const mayBeAskedFromOutside = (asked: string | null): boolean =>
  asked === null || (!isOnce(asked) && /^(?:[a-z]+|view:[0-9A-Za-z_]{1,40})$/.test(asked))
