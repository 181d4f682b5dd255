/**
 * The app's own schemes. Chromium here knows none, so `app://console/a` is `https://console.app.electron-double.invalid/a`
 * inside of it: a secure origin with every privilege, which is why a scheme must have been registered as one.
 */
import { app } from './app.ts'
import { strict } from './strict.ts'

type Serve = Parameters<Electron.Protocol['handle']>[1]

const privileged = new Set<string>()
const served = new Map<string, Serve>()

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged: (customSchemes) => {
    if (app.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    for (const { scheme, privileges } of customSchemes)
      if (privileges?.standard === true && privileges.secure === true) privileged.add(scheme)
  },
  handle: (scheme, serve) => {
    if (!app.isReady()) throw new Error('protocol.handle can only be called after app is ready')
    if (served.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
    if (!privileged.has(scheme))
      throw new Error(`electron-double: ${scheme}: only schemes registered as standard and secure are implemented`)
    served.set(scheme, serve)
  },
  unhandle: (scheme) => {
    if (!served.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`)
  },
  isProtocolHandled: (scheme) => served.has(scheme),
} satisfies Partial<Electron.Protocol>)

/** What serves this address, or undefined where the network would be asked. */
export const serverOf = (url: string): Serve | undefined => served.get(new URL(url).protocol.slice(0, -1))

const suffix = '.electron-double.invalid'
const ofChromium = new Set(['http:', 'https:', 'file:', 'about:', 'data:', 'blob:', 'chrome-error:'])

/** The address under which Chromium knows it. */
export const toChromiumUrl = (url: string): string => {
  const { protocol: scheme, host, pathname, search, hash } = new URL(url)
  if (ofChromium.has(scheme)) return url
  return `https://${host}.${scheme.slice(0, -1)}${suffix}${pathname}${search}${hash}`
}

/** The address under which the app knows it. */
export const toAppUrl = (url: string): string => {
  const [, host, scheme, rest] = /^https:\/\/(.+)\.([^./]+)\.electron-double\.invalid(.*)$/.exec(url) ?? []
  return scheme === undefined ? url : `${scheme}://${host ?? ''}${rest ?? ''}`
}

export const originOf = (url: string): string => /^[a-z][a-z0-9+.-]*:\/\/[^/]+/i.exec(url)?.[0] ?? 'null'
