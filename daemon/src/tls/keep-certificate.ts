/**
 * Keeps the connector listener's certificate: made by our own authority and renewed 30 days before its end, or the
 * administrator's file, read again when it changes. Promises: a new certificate is announced, the old one serves until
 * then; a file that cannot be used leaves the one in use alone. Never: a private key on the disk in the clear.
 */
import { X509Certificate } from 'node:crypto'
import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { connect, createSecureContext, createServer, type SecureContextOptions } from 'node:tls'
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
}

interface Held {
  context: SecureContextOptions
  info: CertificateInfo
  /** Tells one state of the source from the next. */
  mark: string
}

const renewBeforeMs = 30 * 86_400_000
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
      return holdOwn(deps)
    case 'pem':
      return holdFile([source.certificateFile, source.keyFile], source, held)
    case 'pfx':
      return holdFile([source.file], source, held)
    default:
      return assertNever(source)
  }
}

const holdOwn = async (deps: CertificateKeeperDeps): Promise<Held> => {
  const nowMs = deps.now()
  const endsSoon = (pem: string): boolean => new X509Certificate(pem).validToDate.getTime() - nowMs < renewBeforeMs
  let authority = await newest(deps, 'authority')
  if (authority === undefined || endsSoon(authority.issued.certificate)) {
    const issued = await issueAuthority(`Postern ${deps.names()[0] ?? ''}`.trim(), nowMs)
    authority = await keep(deps, 'authority', (authority?.number ?? 0) + 1, issued)
  }
  await publishAuthority(deps.dir, authority)
  let server = await newest(deps, 'server')
  if (
    server === undefined ||
    endsSoon(server.issued.certificate) ||
    !fits(server.issued.certificate, authority.issued.certificate, deps.names())
  ) {
    const issued = await issueServer(authority.issued, deps.names(), nowMs)
    server = await keep(deps, 'server', (server?.number ?? 0) + 1, issued)
  }
  const { certificate, key } = server.issued
  return {
    context: { cert: certificate + authority.issued.certificate, key: key.reveal() },
    info: infoOf('own', new X509Certificate(certificate)),
    mark: `${authority.number}.${server.number}`,
  }
}

interface Kept {
  number: number
  issued: Issued
}

const pathOf = (dir: string, kind: string, number: number): string =>
  join(dir, `${kind}-${String(number).padStart(6, '0')}.json`)

const newest = async ({ dir, sealer }: CertificateKeeperDeps, kind: string): Promise<Kept | undefined> => {
  const numbers = (await readdir(dir))
    .map((name) => filePattern.exec(name))
    .filter((found) => found?.[1] === kind)
    .map((found) => Number(found?.[2]))
    .toSorted((a, b) => b - a)
  for (const number of numbers) {
    try {
      const { certificate, key } = JSON.parse(await readFile(pathOf(dir, kind, number), 'utf8')) as {
        certificate: string
        key: string
      }
      void new X509Certificate(certificate)
      const opened = sealer.open(key, `${kind}-key/v1`).toString('utf8')
      return { number, issued: { certificate, key: new Secret(opened) } }
    } catch {
      // A file that cannot be read is passed over: an older one serves, or a new one is made under the next number.
    }
  }
  return undefined
}

const keep = async (
  { dir, sealer }: CertificateKeeperDeps,
  kind: string,
  from: number,
  issued: Issued,
): Promise<Kept> => {
  const taken = new Set(await readdir(dir))
  let number = from
  while (taken.has(`${kind}-${String(number).padStart(6, '0')}.json`)) number += 1
  const key = sealer.seal(Buffer.from(issued.key.reveal(), 'utf8'), `${kind}-key/v1`)
  await writeDurably(
    pathOf(dir, kind, number),
    Buffer.from(`${JSON.stringify({ certificate: issued.certificate, key })}\n`),
  )
  return { number, issued }
}

/** `ca.crt` is what callers trust; a later authority gets a file of its own beside it. */
const publishAuthority = async (dir: string, { number, issued }: Kept): Promise<void> => {
  const path = join(dir, number === 1 ? 'ca.crt' : `ca-${number}.crt`)
  if ((await readFile(path, 'utf8').catch(() => undefined)) === undefined)
    await writeDurably(path, Buffer.from(issued.certificate))
}

const fits = (certificate: string, authority: string, names: readonly string[]): boolean => {
  const leaf = new X509Certificate(certificate)
  const good = namesOf(leaf)
  return (
    leaf.checkIssued(new X509Certificate(authority)) && names.every((name) => good.some((each) => sameName(each, name)))
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
    createSecureContext(context)
    return { context, info: infoOf(source.kind, await presented(context)), mark }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new Problem('settings_invalid', {
      detail: `tls: ${files.join(' and ')} cannot be used (${code ?? 'unreadable'}). Check the path, the passphrase file and that the key belongs to the certificate.`,
      internal: message,
      cause: error,
    })
  }
}

/** Node shows what is inside a PFX only in a handshake, so one is made with ourselves, on loopback. */
const presented = (context: SecureContextOptions): Promise<X509Certificate> =>
  new Promise((resolve, reject) => {
    const server = createServer(context, (socket) => socket.end())
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      // Our own listener a moment ago: what it presents is what we want to read, whoever signed it.
      const client = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
        const certificate = client.getPeerX509Certificate()
        client.destroy()
        server.close()
        if (certificate === undefined) reject(new Error('no certificate was presented'))
        else resolve(certificate)
      })
      client.once('error', reject)
    })
  })

const infoOf = (source: CertificateSource['kind'], certificate: X509Certificate): CertificateInfo => ({
  source,
  subject: certificate.subject,
  names: namesOf(certificate),
  notAfter: certificate.validToDate.toISOString(),
  fingerprint256: certificate.fingerprint256,
})
