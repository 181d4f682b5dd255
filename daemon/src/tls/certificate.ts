/**
 * Makes certificates: an authority of our own and what it signs. Keys are drawn by node:crypto; node-forge only puts our
 * own fields together and never reads what somebody else wrote.
 */
import { generateKeyPair, randomBytes, type X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { promisify } from 'node:util'
import forge from 'node-forge'
import { Secret } from '../problem.ts'

export interface Issued {
  /** PEM. */
  readonly certificate: string
  /** PEM, PKCS#8. */
  readonly key: Secret
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const authorityDays = 3_650
const leafDays = 397
const authorityBits = 3_072
const leafBits = 2_048

/** An authority for this gateway alone: ten years, no intermediates. */
export const issueAuthority = async (name: string, nowMs: number): Promise<Issued> => {
  const pair = await drawRsa(authorityBits)
  const certificate = blank(pair.publicKey, nowMs, nowMs + authorityDays * dayMs)
  const subject = [{ name: 'commonName', value: name.slice(0, 64) }]
  certificate.setSubject(subject)
  certificate.setIssuer(subject)
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
  ])
  certificate.sign(pair.privateKey, forge.md.sha256.create())
  return { certificate: forge.pki.certificateToPem(certificate), key: pair.pem }
}

/**
 * A server certificate for names and addresses, signed by the authority: 397 days, never past the authority's end.
 * The authority must be our own; nothing of it is checked here.
 */
export const issueServer = async (authority: Issued, names: readonly string[], nowMs: number): Promise<Issued> => {
  const issuer = forge.pki.certificateFromPem(authority.certificate)
  const pair = await drawRsa(leafBits)
  const certificate = blank(
    pair.publicKey,
    nowMs,
    Math.min(nowMs + leafDays * dayMs, issuer.validity.notAfter.getTime()),
  )
  certificate.setSubject([{ name: 'commonName', value: (names[0] ?? 'postern').slice(0, 64) }])
  certificate.setIssuer(issuer.subject.attributes)
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    subjectAltName(names),
    { name: 'subjectKeyIdentifier' },
    // Strict clients refuse a chain whose leaf does not name its authority's key.
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
  ])
  certificate.sign(forge.pki.privateKeyFromPem(authority.key.reveal()), forge.md.sha256.create())
  return { certificate: forge.pki.certificateToPem(certificate), key: pair.pem }
}

/** A self-signed certificate that lives in memory only, for the time while the keystore is locked. */
export const issueThrowaway = async (names: readonly string[], nowMs: number): Promise<Issued> => {
  const pair = await drawRsa(leafBits)
  const certificate = blank(pair.publicKey, nowMs, nowMs + dayMs * 7)
  const subject = [{ name: 'commonName', value: 'postern (locked)' }]
  certificate.setSubject(subject)
  certificate.setIssuer(subject)
  certificate.setExtensions([subjectAltName(names)])
  certificate.sign(pair.privateKey, forge.md.sha256.create())
  return { certificate: forge.pki.certificateToPem(certificate), key: pair.pem }
}

/** The names and addresses a certificate is good for, as OpenSSL prints them. */
export const namesOf = (certificate: X509Certificate): string[] =>
  (certificate.subjectAltName ?? '')
    .split(', ')
    .filter((part) => part.startsWith('DNS:') || part.startsWith('IP Address:'))
    .map((part) => part.slice(part.indexOf(':') + 1))

/** RFC 5280 §4.2.1.6: names are of type 2, addresses of type 7. */
const subjectAltName = (names: readonly string[]): object => ({
  name: 'subjectAltName',
  altNames: names.map((each) => (isIP(each) === 0 ? { type: 2, value: each } : { type: 7, ip: each })),
})

const drawRsa = async (modulusLength: number) => {
  const pair = await promisify(generateKeyPair)('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return {
    publicKey: forge.pki.publicKeyFromPem(pair.publicKey),
    privateKey: forge.pki.privateKeyFromPem(pair.privateKey),
    pem: new Secret(pair.privateKey),
  }
}

const blank = (publicKey: forge.pki.rsa.PublicKey, nowMs: number, endMs: number): forge.pki.Certificate => {
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = publicKey
  certificate.serialNumber = drawSerial()
  // An hour back, for callers whose clock is a little behind.
  certificate.validity.notBefore = new Date(nowMs - hourMs)
  certificate.validity.notAfter = new Date(endMs)
  return certificate
}

/** Sixteen bytes that begin with the bits 01: positive, never shorter, unguessable (RFC 5280 §4.1.2.2). */
const drawSerial = (): string => {
  const bytes = randomBytes(16)
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0)
  return bytes.toString('hex')
}
