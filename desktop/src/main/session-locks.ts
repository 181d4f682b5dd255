/**
 * What pages of this console cannot do, whatever they are made to try: reach a network, get a permission, go elsewhere, open
 * another window. Promises: everything that is not a file of the pages is refused.
 */
import type { Session, WebContents } from 'electron'
import { isOwnPage, mayRequest } from './page-files.ts'

export const lockSession = (session: Session): void => {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !mayRequest(details.url) }))
  session.on('will-download', (event) => event.preventDefault())
}

export const lockContents = (contents: WebContents): void => {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
}
