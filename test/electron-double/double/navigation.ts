/** Whether a page may go where it wants to: what the app's listeners say, in Electron's order. */
import type { EventEmitter } from 'node:events'
import { cancellable } from './events.ts'

type Wish = Omit<Electron.Event<Electron.WebContentsWillNavigateEventParams>, 'preventDefault' | 'defaultPrevented'>

export const askNavigation = (contents: EventEmitter, wish: Wish): boolean => {
  const ofAnyFrame = cancellable(wish)
  contents.emit('will-frame-navigate', ofAnyFrame)
  if (ofAnyFrame.defaultPrevented || !wish.isMainFrame) return !ofAnyFrame.defaultPrevented
  const ofPage = cancellable(wish)
  contents.emit('will-navigate', ofPage, wish.url, false, true)
  return !ofPage.defaultPrevented
}
