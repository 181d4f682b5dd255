/**
 * One daemon to a folder. Two holds that the kernel drops when the process dies (an abstract socket on Linux, an exclusive
 * open on Windows), and a lock file that says who holds it and reaches into other network namespaces. Fencing in the
 * keystore stands behind both.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { realDisk, writeDurably } from '../disk/durable-file.ts'
import { Problem } from '../problem.ts'
import { layoutOf } from './layout.ts'

export interface FolderHold {
  release(): Promise<void>
}

interface Holder {
  pid: number
  bootId: string
  startTime: string
  nonce: string
}

/**
 * Takes the folder for this process. Makes both folders (mode 0700) when they are not there. Throws `folder_in_use` naming
 * the holder's pid.
 */
export const holdFolder = async (dataDir: string, machineDir: string): Promise<FolderHold> => {
  const layout = layoutOf(dataDir, machineDir)
  await mkdir(layout.dataDir, { recursive: true, mode: 0o700 })
  await mkdir(layout.machineDir, { recursive: true, mode: 0o700 })
  const path = join(layout.machineDir, 'lock')
  const kernel = process.platform === 'win32' ? await holdExclusively(`${path}.x`) : await holdAbstract(layout.dataDir)
  const before = await readHolder(path)
  if (kernel === undefined || (before !== undefined && (await isAlive(before)))) {
    await kernel?.release()
    throw new Problem('folder_in_use', {
      detail:
        before === undefined
          ? `Another Postern uses ${layout.dataDir}. Stop it first.`
          : `Another Postern, process ${before.pid}, uses ${layout.dataDir}. Stop it first, or give this one another --data.`,
      extensions: before === undefined ? {} : { pid: before.pid },
    })
  }
  if (before !== undefined) await unlink(path)
  else await rename(path, `${path}.${randomBytes(4).toString('hex')}.bad`).catch(() => undefined)
  const own: Holder = { ...(await identityOf(process.pid)), nonce: randomBytes(8).toString('hex') }
  await writeDurably(path, Buffer.from(`${JSON.stringify(own)}\n`), realDisk)
  return {
    release: async () => {
      if ((await readHolder(path))?.nonce === own.nonce) await unlink(path).catch(() => undefined)
      await kernel.release()
    },
  }
}

const readHolder = async (path: string): Promise<Holder | undefined> => {
  try {
    const holder = JSON.parse(await readFile(path, 'utf8')) as Holder
    return Number.isInteger(holder.pid) && holder.pid > 0 ? holder : undefined
  } catch {
    return undefined
  }
}

const identityOf = async (pid: number): Promise<{ pid: number; bootId: string; startTime: string }> => {
  const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  const facts = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The command name may hold spaces and brackets; what follows the last ')' is regular. Field 22 is the start time.
  return { pid, bootId: bootId.trim(), startTime: facts.slice(facts.lastIndexOf(')') + 2).split(' ')[19] ?? '' }
}

/** A pid alone may have been given to another program since; its start time and the boot say whether it is the same one. */
const isAlive = async (holder: Holder): Promise<boolean> => {
  if (process.platform === 'win32') return false // the exclusive open has already answered
  const now = await identityOf(holder.pid)
  return now.startTime !== '' && now.bootId === holder.bootId && now.startTime === holder.startTime
}

const holdAbstract = async (dataDir: string): Promise<FolderHold | undefined> => {
  const { dev, ino } = await stat(dataDir, { bigint: true })
  const server: Server = createServer((socket) => socket.destroy())
  const held = await new Promise<boolean>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    )
    server.listen(`\0postern-${dev}:${ino}`, () => resolve(true))
  })
  if (!held) return undefined
  server.unref()
  return { release: () => new Promise((resolve) => server.close(() => resolve())) }
}

const holdExclusively = async (path: string): Promise<FolderHold | undefined> => {
  const exclusive = 0x10000000 // UV_FS_O_EXLOCK: share mode 0
  try {
    const file = await open(path, 2 | 0x100 | exclusive)
    return { release: () => file.close() }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBUSY') return undefined
    throw error
  }
}
