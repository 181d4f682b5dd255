/** What `status` says of the machine. Promises: never throws and never waits long; what cannot be known is null. */
import { statfs } from 'node:fs/promises'
import { availableParallelism, hostname, networkInterfaces, uptime } from 'node:os'
import { domainToASCII } from 'node:url'
import systeminformation from 'systeminformation'

export type Facts = Record<string, unknown>

const patienceMs = 2_000

/** `dataDir`: the folder whose disk matters. */
export const readHostFacts = async (dataDir: string): Promise<Facts> => {
  const [os, memory, freeBytes] = await Promise.all([
    within(systemName()),
    within(systeminformation.mem()),
    within(freeBytesOf(dataDir)),
  ])
  return {
    hostname: hostname(),
    os,
    arch: process.arch,
    node: process.version,
    cpu_count: availableParallelism(),
    memory_bytes: memory?.total ?? null,
    memory_available_bytes: memory?.available ?? null,
    disk_free_bytes: freeBytes,
    uptime_seconds: Math.floor(uptime()),
  }
}

/** Every address this machine has at the moment. */
export const ownAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address))

let knownSystem: string | undefined

/** Asked once: each question starts a dozen shells, and the answer stays the same while we run. */
const systemName = async (): Promise<string> => {
  if (knownSystem !== undefined) return knownSystem
  const { distro, release } = await systeminformation.osInfo()
  knownSystem = `${distro} ${release}`.trim()
  return knownSystem
}

/** Bytes that we may still write where `dir` is. Throws the file system's error. */
export const freeBytesOf = async (dir: string): Promise<number> => {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}

/** The names and addresses this machine answers to, the most telling first; only what a certificate can say. */
export const machineNames = (
  readHostname: () => string = hostname,
  readInterfaces: typeof networkInterfaces = networkInterfaces,
): string[] => [
  ...new Set([...certifiable(readHostname()), 'localhost', '127.0.0.1', '::1', ...outerAddresses(readInterfaces)]),
]

/** RFC 5280 §4.2.1.6 takes ASCII only; `_` is no host name there, but machines are called so and clients take it. */
const certifiable = (name: string): string[] => {
  const ascii = domainToASCII(name).toLowerCase()
  return /^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9])?$/.test(ascii) ? [ascii] : []
}

const outerAddresses = (readInterfaces: typeof networkInterfaces): string[] => {
  try {
    return Object.values(readInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ internal, address }) => !internal && !/^fe[89ab]/i.test(address))
      .map(({ address }) => address)
  } catch {
    // A sandbox without netlink sockets cannot list them; the gateway serves all the same.
    return []
  }
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
