/** `session.webRequest`: the app's own say on each request, before anything serves it. */
import { strict } from './strict.ts'

type Details = Electron.OnBeforeRequestListenerDetails
type Listen = (details: Details, callback: (response: Electron.CallbackResponse) => void) => void

let current: { readonly matches: (details: Details) => boolean; readonly listen: Listen } | undefined

export const webRequest = strict('session.webRequest', {
  // As in Electron there is one listener; a new one takes the place of the old.
  onBeforeRequest: (filterOrListen: Electron.WebRequestFilter | Listen | null, listen?: Listen | null): void => {
    const filter = typeof filterOrListen === 'object' ? filterOrListen : null
    const chosen = typeof filterOrListen === 'function' ? filterOrListen : listen
    current = chosen ? { matches: matcherOf(filter), listen: chosen } : undefined
  },
} satisfies Partial<Record<keyof Electron.WebRequest, unknown>>)

export const askBeforeRequest = (details: Details): Promise<Electron.CallbackResponse> =>
  new Promise((resolve) => {
    if (current?.matches(details) === true) current.listen(details, resolve)
    else resolve({})
  })

const matcherOf = (filter: Electron.WebRequestFilter | null): ((details: Details) => boolean) => {
  if (filter === null) return () => true
  const [wanted, unwanted] = [filter.urls.map(patternOf), (filter.excludeUrls ?? []).map(patternOf)]
  const types: readonly string[] | undefined = filter.types
  return ({ url, resourceType }) =>
    (wanted.length === 0 || wanted.some((each) => each.test(url))) &&
    !unwanted.some((each) => each.test(url)) &&
    (types === undefined || types.includes(resourceType))
}

/** Chromium's match patterns, as far as `*` in scheme, host and path. */
const patternOf = (pattern: string): RegExp => {
  if (pattern === '<all_urls>') return /^/
  const [scheme = '*', rest = '*'] = pattern.split('://')
  const source = `${scheme === '*' ? '(https?|wss?)' : scheme.replace('*', '.*')}://${rest
    .replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')}`
  return new RegExp(`^${source}$`)
}

export const resourceTypeOf = (type: string, isMainFrame: boolean): Details['resourceType'] => {
  switch (type) {
    case 'Document':
      return isMainFrame ? 'mainFrame' : 'subFrame'
    case 'Stylesheet':
    case 'Script':
    case 'Image':
    case 'Font':
    case 'Media':
    case 'Ping':
      return type.toLowerCase() as 'script'
    case 'XHR':
    case 'Fetch':
      return 'xhr'
    case 'CSPViolationReport':
      return 'cspReport'
    default:
      return 'other'
  }
}
