/** The page's side of contextBridge, and `window.open`. Its text is put into the page before the page's own code. */
import type { Crossing } from './between-worlds.ts'

export const mainWorld = (tag: string, makeCrossing: (tag: string) => Crossing): void => {
  type Answer = { readonly call: number; readonly value?: unknown; readonly error?: string; readonly later?: true }
  const { say, hear, pack, unpack, freeze, ownFunction } = makeCrossing(tag)
  let lastCall = 0
  const answers = new Map<number, Answer>()
  const awaited = new Map<number, PromiseWithResolvers<unknown>>()

  /** Events are heard before `say` returns, so the answer of a function that is no promise is there at once. */
  const callPreload = (id: number, args: unknown[]): unknown => {
    const call = (lastCall += 1)
    say('call', { call, id, args: pack(args) })
    const answer = answers.get(call)
    answers.delete(call)
    if (answer === undefined) throw new Error('electron-double: the preload is gone')
    if (answer.error !== undefined) throw new Error(answer.error)
    if (answer.later === undefined) return unpack(answer.value, callPreload)
    const promised = Promise.withResolvers<unknown>()
    awaited.set(call, promised)
    return promised.promise
  }
  hear('answer', (answer: Answer) => answers.set(answer.call, answer))
  hear('settled', ({ call, value, error }: Answer) => {
    const promised = awaited.get(call)
    awaited.delete(call)
    if (error === undefined) promised?.resolve(unpack(value, callPreload))
    else promised?.reject(new Error(error))
  })
  hear('callback', ({ id, args }: { id: number; args: unknown }) => {
    ownFunction(id)(...(unpack(args, callPreload) as unknown[]))
  })
  const exposed = new Set<string>()
  hear('expose', ({ key, api }: { key: string; api: unknown }) => {
    if (exposed.has(key)) return
    exposed.add(key)
    Object.defineProperty(globalThis, key, { value: freeze(unpack(api, callPreload)), enumerable: true })
  })

  // Whether a window opens is decided in the main process. Chromium is never asked: a target that is opened and closed
  // at once makes Playwright hang now and then.
  const absolute = (url: string): string => {
    try {
      return new URL(url, document.baseURI).href
    } catch {
      return 'about:blank'
    }
  }
  globalThis.open = (url = '', name = '', features = '') => {
    say('open', { url: absolute(String(url)), name, features })
    return null
  }
  // Chromium would take the page away without asking for the window.
  globalThis.close = () => say('close', null)
  document.addEventListener('click', (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement && node.href !== '')
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented) return
    const elsewhere = !['', '_self', '_top', '_parent'].includes(link.target)
    if (!elsewhere && !event.ctrlKey && !event.metaKey && !event.shiftKey) return
    event.preventDefault()
    say('open', { url: link.href, name: link.target, features: '' })
  })

  // The preload may have run before this or may run after it.
  say('hello', null)
}
