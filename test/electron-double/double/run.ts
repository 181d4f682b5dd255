/**
 * What `dist/electron` runs: starts Chromium, puts the stand-in where the app looks for `electron`, and runs the app's
 * own main file, be it a CommonJS module or an ES module. Promises: it ends when whoever started it is gone.
 */
import { fstatSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { app } from './app.ts'
import { startChromium } from './chromium.ts'
import { engineIsUp } from './engine.ts'
import './electron.ts'

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

const module = new URL('electron.ts', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    ['electron', 'electron/main', 'electron/common'].includes(specifier)
      ? { url: module, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
})
process.argv = [process.argv[0] ?? '', ...argv]
Object.defineProperties(process, {
  type: { value: 'browser' },
  defaultApp: { value: true },
  versions: { value: { ...process.versions, electron: '45.4.1', chrome: '156.0.0.0' } },
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => app.quit())
// Who started this holds the other end of its input. A terminal or an empty file says nothing about that.
const input = fstatSync(0)
if (input.isFIFO() || input.isSocket()) process.stdin.on('end', () => app.exit(1)).resume()

const up = startChromium((said) => {
  process.stderr.write(`electron-double: Chromium ended by itself:\n${said}\n`)
  process.exit(1)
})
const require = createRequire(import.meta.url)
for (const loader of loaders) require(loader)
const entry = app.open(main)
const [chromium] = await Promise.all([up, import(pathToFileURL(entry).href)])
engineIsUp(chromium)
app.becomeReady()
