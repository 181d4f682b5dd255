/**
 * How values cross from the page to its preload and back: structured clones in DOM events, functions as numbers that the
 * other side makes callable. Written as one function without outer names, for its text is put into both worlds.
 */

export type Act = (...args: unknown[]) => unknown

export interface Crossing {
  say(kind: string, detail: unknown): void
  hear(kind: string, listen: (detail: never) => void): void
  /** Throws what Electron throws for what cannot be cloned. */
  pack(value: unknown): unknown
  /** @param call how a function of the other side is called, by its number */
  unpack(value: unknown, call: (id: number, args: unknown[]) => unknown): unknown
  freeze<T>(value: T): T
  ownFunction(id: number): Act
}

/** @param tag a secret of the two worlds, so that nothing in a page can be taken for a message or a function by chance */
export const makeCrossing = (tag: string): Crossing => {
  // Taken before the page's own code can replace them.
  const dispatch = document.dispatchEvent.bind(document)
  const listenTo = document.addEventListener.bind(document)
  const mark = `${tag}function`
  const own: Act[] = []
  const theirs = new Map<number, Act>()

  const isPlain = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value))
  const each = (value: unknown, change: (inner: unknown) => unknown): unknown => {
    if (Array.isArray(value)) return value.map(change)
    if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, change(held)]))
    return value
  }
  const mask = (value: unknown): unknown => {
    if (typeof value !== 'function') return each(value, mask)
    const known = own.indexOf(value as Act)
    return { [mark]: known >= 0 ? known : own.push(value as Act) - 1 }
  }
  const freeze = <T>(value: T): T => {
    if (Array.isArray(value) || isPlain(value)) Object.values(value).forEach(freeze)
    return Object.isFrozen(value) ? value : Object.freeze(value)
  }
  return {
    say: (kind, detail) => void dispatch(new CustomEvent(tag + kind, { detail })),
    hear: (kind, listen) => listenTo(tag + kind, (heard) => listen((heard as CustomEvent).detail as never)),
    pack: (value) => {
      try {
        return structuredClone(mask(value))
      } catch {
        throw new Error('An object could not be cloned.')
      }
    },
    unpack: (value, call) => {
      const unmask = (inner: unknown): unknown => {
        const id = isPlain(inner) ? inner[mark] : undefined
        if (typeof id !== 'number') return each(inner, unmask)
        // The same function comes out as the same function: `off(listener)` must find it.
        const known = theirs.get(id) ?? ((...args: unknown[]) => call(id, args))
        theirs.set(id, known)
        return known
      }
      return unmask(value)
    },
    freeze,
    ownFunction: (id) => {
      const found = own[id]
      if (found === undefined) throw new Error('electron-double: no such function')
      return found
    },
  }
}
