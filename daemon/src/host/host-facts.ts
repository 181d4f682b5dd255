/** What `status` says of the machine. Promises: never throws and never waits long; what cannot be known is null. */
import { statfs } from 'node:fs/promises'
import { hostname, networkInterfaces } from 'node:os'
import systeminformation from 'systeminformation'

export type Facts = Record<string, unknown>

const patienceMs = 2_000

/** `dataDir`: the folder whose disk matters. */
export const readHostFacts = async (dataDir: string): Promise<Facts> => {
  const [os, memory, freeBytes] = await Promise.all([
    within(systeminformation.osInfo()),
    within(systeminformation.mem()),
    within(freeBytesOf(dataDir)),
  ])
  return {
    hostname: hostname(),
    os: os === null ? null : `${os.distro} ${os.release}`.trim(),
    arch: process.arch,
    node: process.version,
    memory_bytes: memory?.total ?? null,
    memory_available_bytes: memory?.available ?? null,
    disk_free_bytes: freeBytes,
    uptime_seconds: Math.floor(systeminformation.time().uptime),
  }
}

export const freeBytesOf = async (dir: string): Promise<number> => {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}

/** The names and addresses this machine answers to, the most telling first. */
export const machineNames = (): string[] => {
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address)
  return [...new Set([hostname().toLowerCase(), 'localhost', '127.0.0.1', '::1', ...addresses])]
}

const within = async <T>(answer: Promise<T>): Promise<T | null> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), patienceMs)))
  try {
    return await Promise.race([answer, late])
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}
