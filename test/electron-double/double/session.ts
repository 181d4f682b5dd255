/**
 * `session.defaultSession`. Permissions are real: Chromium grants and denies what the app's handlers say. They are asked
 * for each permission when a page is loaded, not when it asks, for Chromium here does not ask anybody.
 */
import type { Cdp } from './cdp.ts'
import { engine } from './engine.ts'
import { protocol } from './protocol.ts'
import { strict } from './strict.ts'
import { webRequest } from './web-request.ts'

type RequestHandler = Parameters<Electron.Session['setPermissionRequestHandler']>[0]
type CheckHandler = Parameters<Electron.Session['setPermissionCheckHandler']>[0]
type Permission = Parameters<NonNullable<RequestHandler>>[1]

/** Chromium's name in its protocol -> Electron's. */
const permissions: Readonly<Record<string, Permission>> = {
  camera: 'media',
  'clipboard-read': 'clipboard-read',
  'clipboard-write': 'clipboard-sanitized-write',
  geolocation: 'geolocation',
  'idle-detection': 'idle-detection',
  microphone: 'media',
  midi: 'midi',
  notifications: 'notifications',
  'persistent-storage': 'persistent-storage',
}

let onRequest: RequestHandler = null
let onCheck: CheckHandler = null
/** The pages that are open: what is decided later is for them too. */
const loaded = new Map<Electron.WebContents, { readonly url: string; readonly origin: string }>()

const decide = async (contents: Electron.WebContents, permission: Permission, url: string): Promise<boolean> => {
  const details = { isMainFrame: true, requestingUrl: url }
  const { origin } = new URL(url)
  // Without a handler Electron grants.
  if (onCheck !== null && !onCheck(contents, permission, origin, { ...details, securityOrigin: origin })) return false
  return onRequest === null || new Promise((resolve) => onRequest?.(contents, permission, resolve, details))
}

const apply = async (cdp: Cdp, contents: Electron.WebContents, url: string, origin: string): Promise<void> => {
  for (const [name, permission] of Object.entries(permissions)) {
    const setting = (await decide(contents, permission, url)) ? 'granted' : 'denied'
    await cdp.send('Browser.setPermission', { permission: { name }, setting, origin })
  }
}

/** For web contents: this address is about to be loaded. */
export const permit = async (contents: Electron.WebContents, url: string, origin: string): Promise<void> => {
  loaded.set(contents, { url, origin })
  await apply((await engine).cdp, contents, url, origin)
}

const applyToAll = (): void => {
  for (const [contents, { url, origin }] of loaded)
    if (contents.isDestroyed()) loaded.delete(contents)
    else void permit(contents, url, origin)
}

const defaultSession = strict('session.defaultSession', {
  setPermissionRequestHandler: (handler) => {
    onRequest = handler
    applyToAll()
  },
  setPermissionCheckHandler: (handler) => {
    onCheck = handler
    applyToAll()
  },
  protocol: protocol as unknown as Electron.Protocol,
  webRequest: webRequest as unknown as Electron.WebRequest,
} satisfies Partial<Electron.Session>) as Partial<Electron.Session> as Electron.Session

export const session = strict('session', { defaultSession } satisfies Partial<typeof Electron.Session>)
