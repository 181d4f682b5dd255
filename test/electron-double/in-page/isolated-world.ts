/**
 * Runs the app's preload in the isolated world, with what Electron gives to a sandboxed one: `ipcRenderer`,
 * `contextBridge`, a small `process`, and a `require` that knows `electron` alone.
 */
import type { Act, Crossing } from './between-worlds.ts'
import type { Codec } from './codec.ts'

export interface IsolatedWorldParts {
  readonly tag: string
  readonly codec: Codec
  readonly makeCrossing: (tag: string) => Crossing
  readonly preload: (require: unknown, module: unknown, exports: unknown, process: unknown) => void
  readonly process: object
  readonly inSubFrames: boolean
}

export type ToMain =
  | { readonly kind: 'invoke'; readonly id: number; readonly channel: string; readonly args: unknown }
  | { readonly kind: 'send'; readonly channel: string; readonly args: unknown }
  | { readonly kind: 'open'; readonly url: string; readonly name: string; readonly features: string }
  | { readonly kind: 'close' }
  | { readonly kind: 'preload-error'; readonly message: string; readonly stack: string }

export type ToPage =
  | { readonly kind: 'reply'; readonly id: number; readonly value?: unknown; readonly error?: string }
  | { readonly kind: 'push'; readonly channel: string; readonly args: unknown }

export const isolatedWorld = ({
  tag,
  codec,
  makeCrossing,
  preload,
  process,
  inSubFrames,
}: IsolatedWorldParts): void => {
  const world = globalThis as unknown as {
    electronDoubleSend(text: string): void
    electronDoubleDeliver(message: ToPage): void
  }
  const sendToMain = (message: ToMain): void => world.electronDoubleSend(JSON.stringify(message))
  const { say, hear, pack, unpack, ownFunction } = makeCrossing(tag)
  // A frame in a page has no preload of its own, but what it opens is still for the main process to decide.
  hear('open', (asked: { url: string; name: string; features: string }) => sendToMain({ kind: 'open', ...asked }))
  hear('close', () => {
    if (window === window.top) sendToMain({ kind: 'close' })
  })
  if (window !== window.top && !inSubFrames) return

  const loud = <T extends object>(name: string, thing: T): T =>
    new Proxy(thing, {
      get: (target, key): unknown => {
        if (key in target || typeof key === 'symbol' || key === 'then') return Reflect.get(target, key)
        throw new Error(`electron-double: ${name}.${key} is not implemented; add it with its real type`)
      },
    })

  let lastId = 0
  const invoked = new Map<number, { readonly channel: string } & PromiseWithResolvers<unknown>>()
  const listeners = new Map<string, { readonly listen: Act; readonly run: Act }[]>()
  const add = (channel: string, listen: Act, run = listen): object => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), { listen, run }])
    return ipcRenderer
  }
  const remove = (channel: string, listen: Act): object => {
    listeners.set(
      channel,
      (listeners.get(channel) ?? []).filter((each) => each.listen !== listen),
    )
    return ipcRenderer
  }
  const ipcRenderer: object = loud('ipcRenderer', {
    // Async, so that what cannot be cloned is a rejection, as it is in Electron.
    invoke: async (channel: string, ...args: unknown[]) => {
      const id = (lastId += 1)
      const message: ToMain = { kind: 'invoke', id, channel, args: codec.encode(args) }
      const reply = Promise.withResolvers<unknown>()
      invoked.set(id, { channel, ...reply })
      sendToMain(message)
      return reply.promise
    },
    send: (channel: string, ...args: unknown[]) => sendToMain({ kind: 'send', channel, args: codec.encode(args) }),
    on: (channel: string, listen: Act) => add(channel, listen),
    addListener: (channel: string, listen: Act) => add(channel, listen),
    once: (channel: string, listen: Act) =>
      add(channel, listen, (...args) => {
        remove(channel, listen)
        listen(...args)
      }),
    off: remove,
    removeListener: remove,
    removeAllListeners: (channel: string) => {
      listeners.delete(channel)
      return ipcRenderer
    },
  })
  world.electronDoubleDeliver = (message) => {
    if (message.kind === 'push') {
      const args = codec.decode(message.args) as unknown[]
      for (const { run } of listeners.get(message.channel) ?? []) run({ sender: ipcRenderer, ports: [] }, ...args)
      return
    }
    const reply = invoked.get(message.id)
    invoked.delete(message.id)
    if (message.error === undefined) reply?.resolve(codec.decode(message.value))
    else reply?.reject(new Error(`Error invoking remote method '${reply.channel}': ${message.error}`))
  }

  const callPage = (id: number, args: unknown[]): void => say('callback', { id, args: pack(args) })
  const textOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
  hear('call', ({ call, id, args }: { call: number; id: number; args: unknown }) => {
    try {
      const value = ownFunction(id)(...(unpack(args, callPage) as unknown[]))
      if (!(value instanceof Promise)) return say('answer', { call, value: pack(value) })
      say('answer', { call, later: true })
      value
        .then((settled: unknown) => say('settled', { call, value: pack(settled) }))
        .catch((thrown: unknown) => say('settled', { call, error: textOf(thrown) }))
    } catch (thrown) {
      say('answer', { call, error: textOf(thrown) })
    }
  })
  const exposed = new Map<string, unknown>()
  hear('hello', () => exposed.forEach((api, key) => say('expose', { key, api })))
  const contextBridge = loud('contextBridge', {
    exposeInMainWorld: (key: string, api: unknown) => {
      if (exposed.has(key)) throw new Error('Cannot bind an API on top of an existing property on the window object')
      exposed.set(key, pack(api))
      say('expose', { key, api: exposed.get(key) })
    },
  })

  const electron = loud('electron (in a preload)', { ipcRenderer, contextBridge })
  const require = (name: string): object => {
    if (name === 'electron' || name === 'electron/renderer') return electron
    throw new Error(`module not found: ${name}`)
  }
  const module = { exports: {} }
  try {
    preload(require, module, module.exports, loud('process (in a preload)', process))
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    // oxlint-disable-next-line no-console -- as Electron does
    console.error('Unable to load preload script', error)
    sendToMain({ kind: 'preload-error', message: error.message, stack: error.stack ?? '' })
  }
}
