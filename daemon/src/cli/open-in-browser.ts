/**
 * Opens a link that holds a one-time code in the browser. Promises: the code stands in a file that only this user can
 * read and that is gone soon after, not among a program's arguments; no shell in between.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Io } from './io.ts'

/** How long a browser gets to read the file, once the program that opens pages has handed it over. */
const readWithinMs = 2_000
/** Some of those programs stay for as long as the browser does. */
const handedOverWithinMs = 8_000

const opener = (): [program: string, ...args: string[]] => {
  // `start` is a word of cmd.exe; this is what it comes down to.
  if (process.platform === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler']
  return process.platform === 'darwin' ? ['open'] : ['xdg-open']
}

const sendingOn = (url: string): string =>
  `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${url}"><title>Postern</title>\n`

/** Nothing where no program could be started. `done`: the file is gone again. */
export const openInBrowser = async (io: Io, url: string): Promise<{ done: Promise<void> } | undefined> => {
  // mkdtemp makes it 0700.
  const folder = await mkdtemp(join(io.env['XDG_RUNTIME_DIR'] ?? tmpdir(), 'postern-')).catch(() => undefined)
  if (folder === undefined) return undefined
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  const file = join(folder, 'open.html')
  try {
    await writeFile(file, sendingOn(url), { mode: 0o600, flag: 'wx' })
    const [program, ...args] = opener()
    const child = spawn(program, [...args, file], { stdio: 'ignore', detached: true, env: { ...io.env } })
    const handedOver = once(child, 'exit').then(() => pause(readWithinMs))
    handedOver.catch(() => undefined)
    await once(child, 'spawn')
    child.unref()
    return { done: Promise.race([handedOver, pause(handedOverWithinMs)]).then(remove, remove) }
  } catch {
    await remove()
    return undefined
  }
}
