/**
 * `session.defaultSession`. Permissions are real: Chromium grants and denies what the app's handlers say. They are asked
 * for each permission when a page is loaded, not when it asks, for Chromium here does not ask anybody.
 */
import { EventEmitter } from 'node:events'
import type { Cdp } from './cdp.ts'
import { engine } from './engine.ts'
import { cancellable } from './events.ts'
import { protocol, toAppUrl } from './protocol.ts'
import { record } from './record.ts'
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

class Session
  extends EventEmitter
  implements
    Pick<
      Electron.Session,
      | 'protocol'
      | 'setDevicePermissionHandler'
      | 'setPermissionCheckHandler'
      | 'setPermissionRequestHandler'
      | 'webRequest'
    >
{
  readonly protocol = protocol as unknown as Electron.Protocol
  readonly webRequest = webRequest as unknown as Electron.WebRequest
  setPermissionRequestHandler(handler: RequestHandler): void {
    onRequest = handler
    applyToAll()
  }
  setPermissionCheckHandler(handler: CheckHandler): void {
    onCheck = handler
    applyToAll()
  }
  /** Kept out of use: Chromium here has no devices. */
  setDevicePermissionHandler(): void {}
}
strict('session.defaultSession', Session.prototype)

const defaultSession = new Session() as unknown as Electron.Session
export const session = strict('session', { defaultSession } satisfies Partial<typeof Electron.Session>)

/**
 * Downloads: the app hears of each. None is saved, whether the app prevents it or not: where to, a person would be asked.
 */
export const tellOfDownloads = async (cdp: Cdp): Promise<void> => {
  cdp.on('Browser.downloadWillBegin', ({ guid, url, suggestedFilename }) => {
    const item = strict('downloadItem', { getURL: () => toAppUrl(url), getFilename: () => suggestedFilename })
    const event = cancellable()
    defaultSession.emit('will-download', event, item)
    if (!event.defaultPrevented) record.downloads.push(toAppUrl(url))
    // It may have been denied already.
    cdp.send('Browser.cancelDownload', { guid }).catch(() => {})
  })
  await cdp.send('Browser.setDownloadBehavior', { behavior: 'deny', eventsEnabled: true })
}
