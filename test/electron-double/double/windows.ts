/** All open windows, for those who must not import them. */
import type { BrowserWindow } from './browser-window.ts'

export const windows = new Set<BrowserWindow>()
