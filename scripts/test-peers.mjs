/**
 * The real programs some tests talk to. Promises: missing ones are installed only on Debian-like Linux, as root, after
 * saying which and why, and no service of theirs is started or left enabled. A failure here is not a failure of the
 * tests: those that need the program skip themselves and are counted as skipped. POSTERN_TEST_NO_INSTALL=1 installs
 * nothing.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { runChild } from './run-child.mjs'

/**
 * `file`: what tells that it is there, where it is no program.
 * @type {{ program: string, package: string, why: string, unit?: string, file?: string }[]}
 */
export const peers = [
  { program: 'curl', package: 'curl', why: 'a client that is not Node calls the connector listener' },
  { program: 'openssl', package: 'openssl', why: 'the certificates are judged by another implementation' },
  { program: 'strace', package: 'strace', why: 'the daemon is killed and failed at each system call of a write' },
  {
    program: 'promtool',
    package: 'prometheus',
    why: 'the metrics are judged by Prometheus’ own rules',
    unit: 'prometheus.service',
  },
  { program: 'nginx', package: 'nginx', why: 'real proxies ask, odd requests come through', unit: 'nginx.service' },
  { program: 'caddy', package: 'caddy', why: 'real proxies ask, each in its own way', unit: 'caddy.service' },
  {
    program: 'haproxy',
    package: 'haproxy',
    why: 'real proxies ask, odd requests come through',
    unit: 'haproxy.service',
  },
  { program: 'jose', package: 'jose', why: 'a key slot opens with a JWE implementation that is not ours' },
  {
    program: 'jwcrypto',
    package: 'python3-jwcrypto',
    why: 'a backup opens without Postern, by the rescue script',
    file: '/usr/lib/python3/dist-packages/jwcrypto/jwe.py',
  },
  { program: 'chromium', package: 'chromium', why: 'the pages are used in a real browser' },
  {
    program: 'chromium-headless-shell',
    package: 'chromium-headless-shell',
    why: 'the same engine without windows: hundreds of pages are looked at in half the time',
  },
]

const policyFile = '/usr/sbin/policy-rc.d'
const installTimeoutMs = 600_000

/** Installs the peers that are missing, where that is possible. Never throws. */
export const installPeers = async () => {
  const missing = peers.filter(({ program, file }) => (file === undefined ? !isOnPath(program) : !existsSync(file)))
  if (missing.length === 0) return
  console.log('Some tests talk to programs that are not here:')
  for (const peer of missing) console.log(`  ${peer.package}: ${peer.why}`)
  const reason = whyNotInstall()
  if (reason !== undefined) return console.log(`They are not installed (${reason}); those tests are skipped.`)
  console.log(`Installing with apt-get, no service is started: ${missing.map((peer) => peer.package).join(', ')}`)
  try {
    await withoutStartingServices(() => aptInstallAll(missing.map((peer) => peer.package)))
    for (const { unit } of missing) if (unit !== undefined) disableUnit(unit)
  } catch (error) {
    console.log(`Could not install them (${String(error)}); those tests are skipped.`)
  }
}

const whyNotInstall = () => {
  if (process.env['POSTERN_TEST_NO_INSTALL'] === '1') return 'POSTERN_TEST_NO_INSTALL is set'
  if (process.platform !== 'linux' || !isOnPath('apt-get')) return 'not a Debian-like Linux'
  if (process.getuid?.() !== 0) return 'not root'
  return undefined
}

/**
 * Together, or each that can be had: a distribution may not know all of them.
 * @param {string[]} packages
 */
const aptInstallAll = async (packages) => {
  const isUpdated = !hasPackageLists() && (await aptGet(['update', '-q']))
  if (await aptInstall(packages)) return
  if (!isUpdated) {
    // Lists that are there may name versions the mirror no longer has.
    if (!(await aptGet(['update', '-q']))) throw new Error('apt-get failed, see above')
    if (await aptInstall(packages)) return
  }
  for (const each of packages)
    if (!(await aptInstall([each]))) console.log(`Could not install ${each}; tests that need it are skipped.`)
}

/** @param {string[]} packages */
const aptInstall = (packages) => {
  const options = ['-y', '-q', '--no-install-recommends', '-o', 'Acquire::Retries=1', '-o', 'DPkg::Lock::Timeout=60']
  return aptGet(['install', ...options, ...packages])
}

/**
 * @param {string[]} args
 * @returns {Promise<boolean>} whether it went well
 */
const aptGet = async (args) =>
  (await runChild('apt-get', args, { env: { DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: installTimeoutMs })) === 0

const hasPackageLists = () => {
  const lists = '/var/lib/apt/lists'
  return existsSync(lists) && readdirSync(lists).some((name) => name.includes('_Packages'))
}

/**
 * Debian asks policy-rc.d before a package starts its service: 101 is "do not". A machine that has its own policy
 * keeps it, and nothing is installed unless that policy says the same.
 * @param {() => Promise<void>} work
 */
const withoutStartingServices = async (work) => {
  if (existsSync(policyFile)) {
    const answer = spawnSync(policyFile, ['nginx', 'start'], { stdio: 'ignore' }).status
    if (answer !== 101) throw new Error(`${policyFile} of this machine would let services start`)
    return work()
  }
  writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' })
  try {
    await work()
  } finally {
    rmSync(policyFile, { force: true })
  }
}

/**
 * policy-rc.d holds for now; without this the service would come up at the next boot.
 * @param {string} unit
 */
const disableUnit = (unit) => {
  if (!isOnPath('systemctl')) return
  const { status } = spawnSync('systemctl', ['disable', unit], { stdio: 'ignore' })
  if (status !== 0) console.log(`Could not disable ${unit}: it may start at the next boot of this machine.`)
}

/** @param {string} program */
const isOnPath = (program) =>
  // Debian keeps daemons in sbin, which is not on everybody's path.
  [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'].some(
    (folder) => folder !== '' && existsSync(join(folder, process.platform === 'win32' ? `${program}.exe` : program)),
  )
