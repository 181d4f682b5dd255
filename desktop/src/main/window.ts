/**
 * The one window. Promises: where and as large as it was left, and always to be seen; sandboxed, without Node, with the one
 * preload; closed it waits in the tray where there is one.
 */
import { join } from 'node:path'
import { BrowserWindow, screen } from 'electron'
import type { Push } from '../bridge.ts'
import { channelOf } from '../ipc.ts'
import type { PreferencesFile } from './kept-preferences.ts'
import { pageAddress } from './page-files.ts'
import { lockContents } from './session-locks.ts'
import { leastSize, placeWindow, zoomAfter } from './window-place.ts'

export interface ConsoleWindow {
  show(): void
  send(push: Push): void
  /** The page goes with its process and all that it held in memory; a new one comes. */
  startAnew(): void
  seen(): { readonly isVisible: boolean; readonly isLookedAt: boolean }
  /** The page has asked what it missed: from here on it hears what is sent. */
  isListening(): boolean
  listens(): void
  contains(contents: Electron.WebContents): boolean
}

export interface ConsoleWindowDeps {
  /** Where the built files of this program are. */
  readonly folder: string
  readonly title: string
  readonly preferences: PreferencesFile
  readonly showAtOnce: boolean
  /** Somebody closes it. True: it is only hidden. */
  readonly onClose: () => boolean
}

const keepPlaceAfterMs = 500

export const openWindow = (deps: ConsoleWindowDeps): ConsoleWindow => {
  const { preferences } = deps
  const { bounds, maximized } = preferences.get()
  const main = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id)
  const window = new BrowserWindow({
    ...placeWindow(
      bounds,
      [main, ...others].map(({ workArea }) => workArea),
    ),
    minWidth: leastSize.width,
    minHeight: leastSize.height,
    show: false,
    title: deps.title,
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(deps.folder, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  const { webContents } = window
  lockContents(webContents)
  let listening = false

  const keepPlace = (): void => {
    if (window.isDestroyed()) return
    preferences.set({ bounds: window.getNormalBounds(), maximized: window.isMaximized() })
  }
  let placeTimer: NodeJS.Timeout | undefined
  const placeChanged = (): void => {
    clearTimeout(placeTimer)
    placeTimer = setTimeout(keepPlace, keepPlaceAfterMs)
  }
  window.on('resize', placeChanged)
  window.on('move', placeChanged)
  window.on('close', (event) => {
    clearTimeout(placeTimer)
    keepPlace()
    if (!deps.onClose()) return
    event.preventDefault()
    window.hide()
  })

  webContents.on('before-input-event', (event, { type, key, control, meta, alt }) => {
    const level = webContents.getZoomLevel()
    const next = type === 'keyDown' ? zoomAfter(level, { key, control: control || meta, alt }) : undefined
    if (next === undefined) return
    event.preventDefault()
    webContents.setZoomLevel(next)
    preferences.set({ zoom: next })
  })
  webContents.on('did-finish-load', () => webContents.setZoomLevel(preferences.get().zoom))
  // Before the new page asks what it missed: what was sent to the old one is not heard any more.
  webContents.on('did-start-loading', () => (listening = false))
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') void webContents.loadURL(pageAddress)
  })

  const show = (): void => {
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }
  if (deps.showAtOnce)
    window.once('ready-to-show', () => {
      if (maximized) window.maximize()
      show()
    })
  void webContents.loadURL(pageAddress)

  return {
    show,
    send: (push) => {
      if (!webContents.isDestroyed()) webContents.send(channelOf('push'), push)
    },
    // Its end loads the page again, see above. A page that is loaded again in the same process may leave values behind.
    startAnew: () => {
      listening = false
      if (!webContents.isDestroyed()) webContents.forcefullyCrashRenderer()
    },
    seen: () => {
      const isVisible = !window.isDestroyed() && window.isVisible() && !window.isMinimized()
      return { isVisible, isLookedAt: isVisible && window.isFocused() }
    },
    isListening: () => listening,
    listens: () => {
      listening = true
    },
    contains: (contents) => contents === webContents,
  }
}
