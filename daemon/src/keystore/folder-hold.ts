/**
 * One daemon to a folder. Two holds that the kernel drops when the process dies (an abstract socket on Linux, an exclusive
 * open on Windows), and a lock file that says who holds it and reaches into other network namespaces. Fencing in the
 * keystore stands behind both.
 */
import { randomBytes } from 'node:crypto'
import { link, open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { makeFolder } from '../disk/disk-calls.ts'
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
  await makeFolder(layout.dataDir)
  await makeFolder(layout.machineDir)
  const path = join(layout.machineDir, 'lock')
  const kernel = process.platform === 'win32' ? await holdExclusively(`${path}.x`) : await holdAbstract(layout.dataDir)
  if (kernel === undefined) throw inUse(layout.dataDir, await readHolder(path))
  const own: Holder = { ...(await identityOf(process.pid)), nonce: randomBytes(8).toString('hex') }
  try {
    await putAway(path, layout.dataDir)
    await writeDurably(path, Buffer.from(`${JSON.stringify(own)}\n`), realDisk)
  } catch (error) {
    await kernel.release()
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw inUse(layout.dataDir, await readHolder(path))
    throw error
  }
  return {
    release: async () => {
      if ((await readHolder(path))?.nonce === own.nonce) await unlink(path).catch(() => undefined)
      await kernel.release()
    },
  }
}

const inUse = (dataDir: string, holder: Holder | undefined): Problem =>
  new Problem('folder_in_use', {
    detail:
      holder === undefined
        ? `Another Postern uses ${dataDir}. Stop it first.`
        : `Another Postern, process ${holder.pid}, uses ${dataDir}. Stop it first, or give this one another --data.`,
    extensions: holder === undefined ? {} : { pid: holder.pid },
  })

/**
 * Takes away the lock file of a process that is gone. It is moved first and looked at again: another start, in another
 * network namespace, may have put its own there in between, and gets it back.
 */
const putAway = async (path: string, dataDir: string): Promise<void> => {
  const before = await readHolder(path)
  if (before !== undefined && (await isAlive(before))) throw inUse(dataDir, before)
  const aside = `${path}.${randomBytes(4).toString('hex')}.${before === undefined ? 'bad' : 'old'}`
  const moved = await rename(path, aside).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
  if (!moved) return
  const holder = await readHolder(aside)
  if (holder !== undefined && (await isAlive(holder))) {
    await link(aside, path)
    await unlink(aside)
    throw inUse(dataDir, holder)
  }
  // A lock that could not be read is kept for whoever wants to know what it was.
  if (holder !== undefined) await unlink(aside)
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
