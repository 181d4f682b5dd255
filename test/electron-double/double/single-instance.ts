/**
 * One program for each folder of user data. Promises: the second one learns at once, without waiting, that it is the
 * second, and what it was started with reaches the first; a lock whose owner was killed is nobody's.
 */
import { mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Start {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly additionalData: unknown
}

/** Answers how to give the lock back, or undefined where another program holds it and has been handed `mine`. */
export const claimFolder = (folder: string, mine: Start, onOther: (start: Start) => void): (() => void) | undefined => {
  // A link holds text and is made in one step, or not at all.
  const lock = join(folder, 'electron-double.lock')
  const inbox = join(folder, 'electron-double.starts')
  mkdirSync(inbox, { recursive: true })
  if (!takeLock(lock)) {
    const letter = join(inbox, `${process.pid}.json`)
    writeFileSync(`${letter}.part`, JSON.stringify(mine))
    renameSync(`${letter}.part`, letter)
    return undefined
  }
  const watcher = watch(inbox, (_change, name) => {
    if (name === null || !name.endsWith('.json')) return
    const letter = takeLetter(join(inbox, name))
    if (letter !== undefined) onOther(letter)
  })
  return () => {
    watcher.close()
    rmSync(lock, { force: true })
    rmSync(inbox, { recursive: true, force: true })
  }
}

const takeLock = (lock: string): boolean => {
  try {
    symlinkSync(String(process.pid), lock)
    return true
  } catch {
    if (isAlive(Number(readlinkSync(lock)))) return false
    rmSync(lock, { force: true })
    return takeLock(lock)
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** The folder tells of a file more than once; only the first time it is still there. */
const takeLetter = (path: string): Start | undefined => {
  try {
    const start = JSON.parse(readFileSync(path, 'utf8')) as Start
    rmSync(path)
    return start
  } catch {
    return undefined
  }
}
