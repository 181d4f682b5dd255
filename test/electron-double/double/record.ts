/**
 * What real Electron would show to a person and a test wants to read: `globalThis.electronDouble` of the main process.
 * A test that reads it cannot run on real Electron and says so.
 */
import type { Notification } from './notification.ts'
import type { Tray } from './tray.ts'

export interface Seen {
  /** Requests that nobody inside the app has served. A console must never have any. */
  readonly networkLog: string[]
  /** What was handed to the desktop: addresses and paths. */
  readonly opened: string[]
  /** Every notification that was shown, also those closed since. */
  readonly notifications: Notification[]
  /** Every tray icon, also those destroyed since. */
  readonly trays: Tray[]
  /** Downloads the app has not prevented. */
  readonly downloads: string[]
  readonly errorBoxes: { readonly title: string; readonly content: string }[]
  /** What the operating system was asked to remember. */
  readonly calls: { readonly api: string; readonly args: readonly unknown[] }[]
  /** Where Chromium keeps its files. */
  profile: string
}

declare global {
  var electronDouble: Seen
}

export const record: Seen = {
  networkLog: [],
  opened: [],
  notifications: [],
  trays: [],
  downloads: [],
  errorBoxes: [],
  calls: [],
  profile: '',
}
globalThis.electronDouble = record
