/**
 * How the machine key lies on this machine. Promises: a copy of the machine folder opens nothing elsewhere, where the
 * system can bind the key to itself: systemd-creds on Linux (the host's key, and its TPM where there is one), DPAPI on
 * Windows. Otherwise it is a file that only its owner may read. Never: the key in an argument or in the environment.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../problem.ts'

export const machineKeyKinds = ['file', 'systemd-creds', 'dpapi'] as const
export type MachineKeyKind = (typeof machineKeyKinds)[number]

/** The name under which the key is sealed, and under which a unit's `LoadCredentialEncrypted=` hands it in. */
export const credentialName = 'postern.machine-key'

/** Seals for this machine. Throws `settings_invalid` where the system cannot. */
export const sealForMachine = async (kind: Exclude<MachineKeyKind, 'file'>, plain: Buffer): Promise<Buffer> =>
  kind === 'dpapi'
    ? Buffer.from((await dpapi()).protectData(plain, entropy, 'LocalMachine'))
    : systemdCreds('encrypt', plain)

/** Opens what was sealed on this machine. Throws an Error when it was sealed on another, `settings_invalid` as above. */
export const openForMachine = async (kind: Exclude<MachineKeyKind, 'file'>, sealed: Buffer): Promise<Buffer> => {
  if (kind === 'dpapi') return Buffer.from((await dpapi()).unprotectData(sealed, entropy, 'LocalMachine'))
  const handedIn = process.env['CREDENTIALS_DIRECTORY']
  const path = handedIn === undefined ? undefined : join(handedIn, credentialName)
  // A unit that does not run as root is handed the opened key by systemd; it could not open it by itself.
  return path !== undefined && existsSync(path) ? readFile(path) : systemdCreds('decrypt', sealed)
}

/** The best this machine has, for whom it runs as now. */
export const bestMachineKeyKind = (): MachineKeyKind => {
  if (process.platform === 'win32') return 'dpapi'
  // Without systemd as the first process the host's key may be that of a container, which is gone with it.
  const hasHostKey =
    process.getuid?.() === 0 && existsSync('/run/systemd/system') && existsSync('/usr/bin/systemd-creds')
  return hasHostKey ? 'systemd-creds' : 'file'
}

/** Keeps what is sealed here apart from what other programs seal. It is no secret: any process of the machine may ask DPAPI. */
const entropy = Buffer.from('postern/machine-key/v1')

interface Dpapi {
  protectData(plain: Uint8Array, entropy: Uint8Array, scope: 'LocalMachine'): Uint8Array
  unprotectData(sealed: Uint8Array, entropy: Uint8Array, scope: 'LocalMachine'): Uint8Array
}

const dpapi = async (): Promise<Dpapi> => {
  if (process.platform !== 'win32') throw notHere('dpapi', 'DPAPI is a part of Windows')
  const { Dpapi } = (await import('@primno/dpapi')) as unknown as { Dpapi: Dpapi }
  return Dpapi
}

const outputBytesMax = 64 * 1024

const systemdCreds = (verb: 'encrypt' | 'decrypt', input: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const child = spawn('systemd-creds', [verb, `--name=${credentialName}`, '-', '-'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const output: Buffer[] = []
    let said = ''
    child.stdout.on('data', (piece: Buffer) => output.push(piece))
    child.stderr.on('data', (piece: Buffer) => (said = (said + String(piece)).slice(0, 300)))
    child.once('error', () => reject(notHere('systemd-creds', 'systemd-creds is not installed here')))
    child.once('close', (code) => {
      const bytes = Buffer.concat(output)
      if (code === 0 && bytes.length > 0 && bytes.length <= outputBytesMax) resolve(bytes)
      else reject(notHere('systemd-creds', `systemd-creds could not ${verb} it: ${said.trim()}`))
    })
    // A program that is gone before it has read everything says so by its exit.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })

const notHere = (kind: MachineKeyKind, why: string): Problem =>
  new Problem('settings_invalid', {
    detail: `The machine key cannot be kept by ${kind}: ${why}. Choose another way: ${machineKeyKinds.join(', ')}.`,
  })
