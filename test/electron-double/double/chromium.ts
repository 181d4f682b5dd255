/**
 * The Chromium under the stand-in. Promises: it ends and its profile goes away with this process, however that ends,
 * also by `kill -9`; no name but this machine's own resolves in it.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { speakCdp, type Cdp } from './cdp.ts'
import { record } from './record.ts'

export interface Chromium {
  readonly cdp: Cdp
  /** Resolves when it is gone, and its profile too. */
  close(): Promise<void>
}

const executable = process.env['ELECTRON_DOUBLE_CHROMIUM'] ?? '/usr/bin/chromium'
const closeTimeoutMs = 5_000

const switches = (profile: string): string[] => [
  '--headless=new',
  // Chromium refuses its sandbox to whom containers run tests as.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--no-startup-window',
  // Playwright comes by the port. We come by the pipe: Chromium closes itself when the other end of it is gone.
  '--remote-debugging-port=0',
  '--remote-debugging-pipe',
  `--user-data-dir=${profile}`,
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  // Frames of another site would be targets of their own, whose requests nobody here would see.
  '--disable-site-isolation-trials',
  '--disable-features=HttpsUpgrades,PaintHolding,IsolateOrigins,site-per-process',
  // As in Electron: a page one goes back to is loaded again.
  '--disable-back-forward-cache',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-extensions',
  '--disable-sync',
  '--force-color-profile=srgb',
  '--hide-scrollbars',
  '--no-default-browser-check',
  '--no-first-run',
  '--password-store=basic',
]

/** @param ended called when Chromium is gone without having been asked */
export const startChromium = async (ended: (said: string) => void): Promise<Chromium> => {
  const profile = mkdtempSync(join(tmpdir(), 'electron-double-'))
  record.profile = profile
  // The shell waits for Chromium's end and takes the profile away. It leads a group of its own, so that it is still
  // there when this process and everything in its group are killed.
  const child = spawn(
    '/bin/sh',
    ['-c', 'profile=$1; shift; "$@"; rm -rf "$profile"', 'sh', profile, executable, ...switches(profile)],
    { detached: true, stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
  )
  let closing = false
  let said = ''
  const endpoint = new Promise<void>((resolve) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000)
      const line = /^DevTools listening on ws:\/\/.*$/m.exec(said)
      if (line === null) return
      child.stderr?.removeAllListeners('data').resume()
      // Playwright reads this line from Electron.
      process.stderr.write(`${line[0]}\n`)
      resolve()
    })
  })
  const gone = once(child, 'close').then(() => {
    if (!closing) ended(said)
  })
  const cdp = speakCdp(child.stdio[3] as Writable, child.stdio[4] as Readable)
  await Promise.all([endpoint, cdp.send('Browser.getVersion')])
  return {
    cdp,
    close: async () => {
      closing = true
      ;(child.stdio[3] as Writable).end()
      const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), closeTimeoutMs)
      await gone
      clearTimeout(timer)
    },
  }
}
