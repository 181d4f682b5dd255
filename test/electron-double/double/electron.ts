/**
 * The module `electron` as the app's main process imports it. Every name that the real one has is here; those the
 * stand-in lacks may be imported and throw when they are used.
 */
import { app } from './app.ts'
import { BrowserWindow } from './browser-window.ts'
import { clipboard, ClipboardItem } from './clipboard.ts'
import { dialog, powerMonitor, screen, shell } from './desktop.ts'
import { ipcMain } from './ipc-main.ts'
import { Menu, MenuItem } from './menu.ts'
import { nativeImage } from './native-image.ts'
import { nativeTheme } from './native-theme.ts'
import { Notification } from './notification.ts'
import { protocol } from './protocol.ts'
import { session } from './session.ts'
import { absent } from './strict.ts'
import { Tray } from './tray.ts'
import { webContents } from './web-contents.ts'

export {
  app,
  BrowserWindow,
  clipboard,
  ClipboardItem,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
  Tray,
  webContents,
}

export const autoUpdater = absent('autoUpdater')
export const BaseWindow = absent('BaseWindow')
export const BrowserView = absent('BrowserView')
export const contentTracing = absent('contentTracing')
export const crashReporter = absent('crashReporter')
export const desktopCapturer = absent('desktopCapturer')
export const globalShortcut = absent('globalShortcut')
export const ImageView = absent('ImageView')
export const inAppPurchase = absent('inAppPurchase')
export const IpcMainServiceWorker = absent('IpcMainServiceWorker')
export const MessageChannelMain = absent('MessageChannelMain')
export const net = absent('net')
export const netLog = absent('netLog')
export const powerSaveBlocker = absent('powerSaveBlocker')
export const pushNotifications = absent('pushNotifications')
export const safeStorage = absent('safeStorage')
export const sharedTexture = absent('sharedTexture')
export const ShareMenu = absent('ShareMenu')
export const systemPreferences = absent('systemPreferences')
export const TouchBar = absent('TouchBar')
export const utilityProcess = absent('utilityProcess')
export const View = absent('View')
export const WebContentsView = absent('WebContentsView')
export const webFrameMain = absent('webFrameMain')
export const WebSocket = absent('WebSocket')
