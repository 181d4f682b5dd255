/**
 * Keeps the connector listener's certificate: made by our own authority and renewed 30 days before its end, or the
 * administrator's file, read again when it changes. Promises: a new certificate is announced, the old one serves until
 * then; a file that cannot be used leaves the one in use alone. Never: a private key on the disk in the clear, or another
 * authority in the place of the one that callers trust.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdir, readdir, readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { duplexPair } from 'node:stream'
import { connect, createSecureContext, TLSSocket, type SecureContextOptions } from 'node:tls'
import { writeDurably } from '../disk/durable-file.ts'
import { assertNever, Problem, Secret } from '../problem.ts'
import { issueAuthority, issueServer, namesOf, type Issued } from './certificate.ts'

export type CertificateSource =
  | { readonly kind: 'own' }
  | {
      readonly kind: 'pem'
      readonly certificateFile: string
      readonly keyFile: string
      readonly passphraseFile: string | null
    }
  | { readonly kind: 'pfx'; readonly file: string; readonly passphraseFile: string | null }

export interface CertificateInfo {
  readonly source: CertificateSource['kind']
  readonly subject: string
  readonly names: readonly string[]
  readonly notAfter: string
  readonly fingerprint256: string
  /** What callers have to trust: the file of our own authority. Null: the certificate is the administrator's. */
  readonly authorityFile: string | null
}

export interface CertificateKeeper {
  readonly context: SecureContextOptions
  readonly info: CertificateInfo
  /** Looks whether the certificate has to change; `onChange` hears of a new one. Throws when a file cannot be used. */
  check(): Promise<void>
}

interface Sealer {
  seal(plain: Buffer, associated: string): string
  open(sealed: string, associated: string): Buffer
}

export interface CertificateKeeperDeps {
  readonly dir: string
  readonly source: CertificateSource
  /** Names and addresses the own certificate must be good for. */
  readonly names: () => readonly string[]
  readonly sealer: Sealer
  readonly now: () => number
  readonly onChange: (context: SecureContextOptions) => void
  /** Hears what a person has to do something about. */
  readonly onWarning?: (message: string) => void
}

interface Kept {
  readonly number: number
  readonly issued: Issued
}

interface Held {
  readonly context: SecureContextOptions
  readonly info: CertificateInfo
  /** Tells one state of the source from the next. */
  readonly mark: string
  /** Of the own source: what its files hold. */
  readonly own?: { readonly authority: Kept; readonly server: Kept }
}

const renewBeforeMs = 30 * 86_400_000
const serversKept = 3
const filePattern = /^(authority|server)-(\d{6})\.json$/

/** Loads or makes the certificate. Throws `settings_invalid` when the administrator's file cannot be used. */
export const keepCertificate = async (deps: CertificateKeeperDeps): Promise<CertificateKeeper> => {
  await mkdir(deps.dir, { recursive: true, mode: 0o700 })
  let held = await hold(deps, undefined)
  return {
    get context() {
      return held.context
    },
    get info() {
      return held.info
    },
    async check() {
      const next = await hold(deps, held)
      if (next.mark === held.mark) return
      held = next
      deps.onChange(held.context)
    },
  }
}

const hold = (deps: CertificateKeeperDeps, held: Held | undefined): Promise<Held> => {
  const { source } = deps
  switch (source.kind) {
    case 'own':
      return holdOwn(deps, held)
    case 'pem':
      return holdFile([source.certificateFile, source.keyFile], source, held)
    case 'pfx':
      return holdFile([source.file], source, held)
    default:
      return assertNever(source)
  }
}

const holdOwn = async (deps: CertificateKeeperDeps, held: Held | undefined): Promise<Held> => {
  const nowMs = deps.now()
  const names = deps.names()
  const endsSoon = (pem: string): boolean => new X509Certificate(pem).validToDate.getTime() - nowMs < renewBeforeMs
  // Read once: what happens to the files while the daemon runs must not change what callers see.
  let { authority, server } = held?.own ?? {
    authority: await newest(deps, 'authority'),
    server: await newest(deps, 'server'),
  }
  if (authority === undefined || endsSoon(authority.issued.certificate)) {
    authority = await keep(deps, 'authority', await issueAuthority(`Postern ${names[0] ?? ''}`.trim(), nowMs))
    if (authority.number > 1)
      deps.onWarning?.(
        `tls: there is a new certificate authority; callers refuse this gateway until they trust ${join(deps.dir, publicName(authority.number))}`,
      )
  }
  await publishAuthority(deps.dir, authority)
  if (
    server === undefined ||
    endsSoon(server.issued.certificate) ||
    !fits(server.issued.certificate, authority.issued.certificate, names)
  ) {
    server = await keep(deps, 'server', await issueServer(authority.issued, names, nowMs))
    await discardOldServers(deps.dir)
  }
  const { certificate, key } = server.issued
  return {
    context: { cert: certificate + authority.issued.certificate, key: key.reveal() },
    info: infoOf('own', new X509Certificate(certificate), join(deps.dir, publicName(authority.number))),
    mark: `${authority.number}.${server.number}`,
    own: { authority, server },
  }
}

type Kind = 'authority' | 'server'

const fileName = (kind: Kind, number: number): string => `${kind}-${String(number).padStart(6, '0')}.json`

/** What callers trust: `ca.crt` is of the first authority and stays so; a later one has a file of its own beside it. */
const publicName = (number: number): string => (number === 1 ? 'ca.crt' : `ca-${number}.crt`)

/** The numbers of the kept files, the newest first. */
const numbersOf = async (dir: string, kind: Kind): Promise<number[]> =>
  (await readdir(dir))
    .map((name) => filePattern.exec(name))
    .filter((found) => found?.[1] === kind)
    .map((found) => Number(found?.[2]))
    .toSorted((a, b) => b - a)

/** The newest file that is good. A file that cannot be read for now is not damaged: the file system's error is thrown. */
const newest = async ({ dir, sealer }: CertificateKeeperDeps, kind: Kind): Promise<Kept | undefined> => {
  for (const number of await numbersOf(dir, kind)) {
    const issued = openKept(sealer, kind, await readFile(join(dir, fileName(kind, number)), 'utf8'))
    if (issued !== undefined) return { number, issued }
  }
  return undefined
}

/** What a file holds, or nothing if it is not what was written. Only the key is sealed, so it has to vouch for the rest. */
const openKept = (sealer: Sealer, kind: Kind, text: string): Issued | undefined => {
  try {
    const held = JSON.parse(text) as { certificate: string; key: string }
    const certificate = new X509Certificate(held.certificate)
    const key = sealer.open(held.key, `${kind}-key/v1`).toString('utf8')
    if (!certificate.checkPrivateKey(createPrivateKey(key))) return undefined
    if (kind === 'authority' && !certificate.verify(certificate.publicKey)) return undefined
    return { certificate: certificate.toString(), key: new Secret(key) }
  } catch {
    return undefined
  }
}

const keep = async ({ dir, sealer }: CertificateKeeperDeps, kind: Kind, issued: Issued): Promise<Kept> => {
  const taken = new Set(await readdir(dir))
  const isTaken = (number: number): boolean => kind === 'authority' && taken.has(publicName(number))
  let number = ((await numbersOf(dir, kind))[0] ?? 0) + 1
  while (isTaken(number)) number += 1
  const key = sealer.seal(Buffer.from(issued.key.reveal(), 'utf8'), `${kind}-key/v1`)
  await writeDurably(
    join(dir, fileName(kind, number)),
    Buffer.from(`${JSON.stringify({ certificate: issued.certificate, key })}\n`),
  )
  return { number, issued }
}

const publishAuthority = async (dir: string, { number, issued }: Kept): Promise<void> => {
  const name = publicName(number)
  if (!(await readdir(dir)).includes(name)) await writeDurably(join(dir, name), Buffer.from(issued.certificate))
}

/** Machines change addresses often. The newest is in use; the ones before it are for the case that it gets damaged. */
const discardOldServers = async (dir: string): Promise<void> => {
  for (const number of (await numbersOf(dir, 'server')).slice(serversKept))
    // One too many does no harm, and is met again the next time.
    await unlink(join(dir, fileName('server', number))).catch(() => undefined)
}

const fits = (certificate: string, authority: string, names: readonly string[]): boolean => {
  const leaf = new X509Certificate(certificate)
  const issuer = new X509Certificate(authority)
  const good = namesOf(leaf)
  return (
    leaf.checkIssued(issuer) &&
    leaf.verify(issuer.publicKey) &&
    names.every((name) => good.some((each) => sameName(each, name)))
  )
}

/** Certificates print IPv6 addresses in full and in capitals. */
const sameName = (printed: string, name: string): boolean =>
  printed === name ||
  (name.includes(':') && URL.parse(`http://[${printed}]`)?.hostname === URL.parse(`http://[${name}]`)?.hostname)

const holdFile = async (
  files: readonly string[],
  source: Exclude<CertificateSource, { kind: 'own' }>,
  held: Held | undefined,
): Promise<Held> => {
  try {
    const facts = await Promise.all(files.map((file) => stat(file)))
    const mark = facts.map(({ mtimeMs, size, ino }) => `${mtimeMs}:${size}:${ino}`).join(' ')
    if (mark === held?.mark) return held
    const passphrase =
      source.passphraseFile === null ? undefined : (await readFile(source.passphraseFile, 'utf8')).replace(/\r?\n$/, '')
    const [first, second] = await Promise.all(files.map((file) => readFile(file)))
    const material = source.kind === 'pfx' ? { pfx: first } : { cert: first, key: second }
    const context = { ...material, ...(passphrase === undefined ? {} : { passphrase }) } as SecureContextOptions
    return { context, info: infoOf(source.kind, await presented(context), null), mark }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new Problem('settings_invalid', {
      detail: `tls: ${files.join(' and ')} cannot be used (${code ?? 'unreadable'}). Check the path, the passphrase file and that the key belongs to the certificate.`,
      internal: message,
      cause: error,
    })
  }
}

/** Node shows what is inside a PFX only in a handshake, so one is made with ourselves, in memory. */
const presented = async (context: SecureContextOptions): Promise<X509Certificate> => {
  const [near, far] = duplexPair()
  const server = new TLSSocket(near, { isServer: true, secureContext: createSecureContext(context) })
  // What we are about to present is what we want to read, whoever signed it.
  const client = connect({ socket: far, rejectUnauthorized: false })
  try {
    return await new Promise<X509Certificate>((resolve, reject) => {
      server.once('error', reject)
      client.once('error', reject)
      client.once('secureConnect', () => {
        const certificate = client.getPeerX509Certificate()
        if (certificate === undefined) reject(new Error('no certificate was presented'))
        else resolve(certificate)
      })
    })
  } finally {
    // Ending one side may reset the other; nobody is left to hear of it.
    for (const each of [server, client]) each.on('error', () => undefined).destroy()
  }
}

const infoOf = (
  source: CertificateSource['kind'],
  certificate: X509Certificate,
  authorityFile: string | null,
): CertificateInfo => ({
  source,
  subject: certificate.subject,
  names: namesOf(certificate),
  notAfter: certificate.validToDate.toISOString(),
  fingerprint256: certificate.fingerprint256,
  authorityFile,
})
