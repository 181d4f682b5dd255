/**
 * What is a download of its own, so that the first one is there sooner: a page, or what is opened over one, and the texts that
 * only these show. Promises: fetched while nothing is to be done, for they must be there when the service is not; what could not
 * be fetched is tried again for as long as it is wanted, and nothing else of the page is gone meanwhile.
 */
import { lazy, type ComponentType } from 'react'

let loaders: readonly (() => Promise<unknown>)[] = []
let texts: Promise<void> | undefined
let loadTexts = (): Promise<void> => Promise.resolve()

/** `load`: fetches the texts of what comes later, and puts them where everybody has them. */
export const setLaterTexts = (load: () => Promise<void>): void => {
  loadTexts = load
}

// A download that failed is tried again by whoever needs it next.
const withTexts = (): Promise<void> =>
  (texts ??= loadTexts().catch((error: unknown) => {
    texts = undefined
    throw error
  }))

const tryAgainMs = 1_000

export const later = <P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> => {
  loaders = [...loaders, load]
  return lazy(async () => {
    for (;;)
      try {
        const [part] = await Promise.all([load(), withTexts()])
        return { default: part }
      } catch {
        // The service may be away. A part that gives up takes the whole page with it.
        await new Promise((resolve) => setTimeout(resolve, tryAgainMs))
      }
  })
}

export const loadTheRest = (): void => {
  requestIdleCallback(() => void Promise.allSettled([withTexts(), ...loaders.map((load) => load())]))
}
