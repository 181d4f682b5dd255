/** The console in a browser. The code leaves the address bar before anything is asked. */
import { startConsole } from '../renderer/start.tsx'
import { createWebBridge } from './web-bridge.ts'

const code = location.hash.slice(1)
history.replaceState(null, '', location.pathname)

const bridge = createWebBridge(code === '' ? null : code)
const root = document.getElementById('console')
if (root !== null) startConsole(root, bridge)

window.addEventListener('pagehide', () => bridge.end())
// A page that the browser had put aside has no session any more; a new link opened over this page changes the fragment alone.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload()
})
window.addEventListener('hashchange', () => {
  if (location.hash !== '') location.reload()
})
