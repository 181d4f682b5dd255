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
const isOnce = (asked: string | null): boolean =>
  asked !== null && /^(?:add$|(?:edit|rotate|remove|why|kit|do):)/.test(asked)

const withoutOnce = (places: readonly Place[]): readonly Place[] =>
  places.map((place) => (isOnce(place.asked) ? { ...place, asked: null } : place))

export const withPlace = (places: readonly Place[], page: PageName, asked: string | null): readonly Place[] => {
  const last = places.at(-1)
  // Nothing is asked of the page that is there: it stays as it is.
  if (last?.page === page && last.asked === null && asked === null) return places
  const before = withoutOnce(places)
  const visit = (last?.visit ?? 0) + 1
  return [...before.slice(-placesKept), { page, asked, visit }]
}

/** The places that one has been to in order, and which of them one is at: what comes after it is where Forward leads. */
export interface Walk {
  readonly places: readonly [Place, ...Place[]]
  readonly at: number
}

const firstPlace: Place = { page: 'keys', asked: null, visit: 0 }
export const startWalk: Walk = { places: [firstPlace], at: 0 }

export const placeOf = ({ places, at }: Walk): Place => places[at] ?? places[0]

const walkOf = ([first = firstPlace, ...others]: readonly Place[], at: number): Walk => ({
  places: [first, ...others],
  at,
})

/** To another place; what was ahead is given up. */
export const walkOn = (walk: Walk, page: PageName, asked: string | null): Walk => {
  const behind = walk.places.slice(0, walk.at + 1)
  const next = withPlace(behind, page, asked)
  return next === behind ? walk : walkOf(next, next.length - 1)
}

/** One back or one on; at the end of it the walk stays the same. */
export const walkBy = (walk: Walk, by: 1 | -1): Walk => {
  const at = walk.at + by
  return at in walk.places ? walkOf(withoutOnce(walk.places), at) : walk
}

/** To where one has been. Null: one has not. */
export const walkTo = (walk: Walk, { page, visit }: Pick<Place, 'page' | 'visit'>): Walk | null => {
  const at = walk.places.findIndex((place) => place.page === page && place.visit === visit)
  return at < 0 ? null : walkOf(withoutOnce(walk.places), at)
}

/** From outside the pages (a link, a notification) things may be looked at, and nothing begun. */
export const mayBeAskedFromOutside = (asked: string | null): boolean =>
  asked === null ||
  /^why:[0-9A-Za-z._-]{1,64}$/.test(asked) ||
  (!isOnce(asked) && /^(?:[a-z]+|view:[0-9A-Za-z_]{1,40})$/.test(asked))
