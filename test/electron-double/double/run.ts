/**
 * What `dist/electron` runs: starts Chromium, puts the stand-in where the app looks for `electron`, and runs the app's
 * own main file, be it a CommonJS module or an ES module. Promises: it ends when whoever started it is gone.
 */
import { fstatSync, readFileSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { Socket } from 'node:net'
import { pathToFileURL } from 'node:url'
import { app } from './app.ts'
import { startChromium } from './chromium.ts'
import { tellOfDownloads } from './session.ts'
import * as electron from './electron.ts'
import { engineIsUp } from './engine.ts'

const argv = process.argv.slice(2)
/** Playwright's loader and others like it, to run before the app. */
const loaders: string[] = []
let main = '.'
for (let at = 0; at < argv.length; at += 1) {
  const argument = argv[at] ?? ''
  if (argument === '-r' || argument === '--require') loaders.push(argv[(at += 1)] ?? '')
  else if (!argument.startsWith('-')) {
    main = argument
    break
  }
}

// What a main process may import, by Electron's own types: a name that a later version adds is an error here.
type OfOthers =
  'contextBridge' | 'ipcRenderer' | 'LanguageModelUtility' | 'localAIHandler' | 'parentPort' | 'webFrame' | 'webUtils'
void (electron satisfies Record<Exclude<keyof typeof Electron.CrossProcessExports, OfOthers>, unknown>)

const module = new URL('electron.ts', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    ['electron', 'electron/main', 'electron/common'].includes(specifier)
      ? { url: module, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
})
const manifest = new URL('../../../node_modules/electron/package.json', import.meta.url)
const { version: versionOfElectron } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
process.argv = [process.argv[0] ?? '', ...argv]
Object.defineProperties(process, {
  type: { value: 'browser' },
  defaultApp: { value: true },
  versions: { value: { ...process.versions, electron: versionOfElectron } },
})

// What Playwright evaluates here comes through the inspector, and Node goes on with a promise of it only when something
// else happens. In Electron something always does; without this a test hangs now and then.
const turnEveryMs = 5
setInterval(() => {}, turnEveryMs).unref()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => app.quit())
// Who started this holds the other end of its output: a socket, when it is a program of Node. A terminal or a file says
// nothing about anybody.
const outputAgain = 9
if (fstatSync(outputAgain).isSocket())
  new Socket({ fd: outputAgain, readable: true, writable: false }).on('close', () => app.exit(1)).resume()

const up = startChromium((said) => {
  process.stderr.write(`electron-double: Chromium ended by itself:\n${said}\n`)
  process.exit(1)
})
const require = createRequire(import.meta.url)
for (const loader of loaders) require(loader)
const entry = app.open(main)
const [chromium] = await Promise.all([up, import(pathToFileURL(entry).href)])
await tellOfDownloads(chromium.cdp)
engineIsUp(chromium)
app.becomeReady()
