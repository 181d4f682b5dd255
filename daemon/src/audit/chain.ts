/**
 * How the trail is chained and sealed. Each line is a JSON object whose `prev` is the SHA-256 of the line before it; the
 * last line of every append carries `sig`, an Ed25519 signature (RFC 8032) that covers, through the chain, all before it.
 * Promises: no line can be changed, left out or moved without the key, except at the very end. Never: a key ratchet, whose
 * start key would lie in every backup.
 */
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto'

/** Signs for one store. The key never leaves whoever hands this in. */
export interface TrailSigner {
  readonly storeId: string
  /** PEM (SPKI) of the public half. */
  readonly publicKey: string
  sign(message: Buffer): Buffer
}

export const trailPurpose = 'postern-audit/v1'

const signedPattern = /^(.*),"sig":"([A-Za-z0-9_-]{86})"\}$/s

/** Hex SHA-256 of a line, as the next one's `prev` names it. */
export const hashOfLine = (line: string): string => createHash('sha256').update(line, 'utf8').digest('hex')

/** What is signed: purpose, store and the line without its signature, each on a line of its own. */
const messageOf = (purpose: string, storeId: string, body: string): Buffer =>
  Buffer.from(`${purpose}\n${storeId}\n${body}`, 'utf8')

/** Adds the signature to an object that is already text. `purpose` keeps a signature from being used elsewhere. */
export const signLine = (body: string, signer: TrailSigner, purpose = trailPurpose): string => {
  const sig = signer.sign(messageOf(purpose, signer.storeId, body)).toString('base64url')
  return `${body.slice(0, -1)},"sig":"${sig}"}`
}

export const isSigned = (line: string): boolean => signedPattern.test(line)

/** Whether a signed line carries a good signature. */
export const isGenuine = (line: string, storeId: string, publicKey: KeyObject, purpose = trailPurpose): boolean => {
  const [, start, sig] = signedPattern.exec(line) ?? []
  if (start === undefined || sig === undefined) return false
  return verify(null, messageOf(purpose, storeId, `${start}}`), publicKey, Buffer.from(sig, 'base64url'))
}

export const publicKeyOf = (pem: string): KeyObject => createPublicKey(pem)

/** Chains bodies to what came before and signs the last one. Gives the lines and the hash that the next `prev` names. */
export const chainLines = (
  entries: readonly object[],
  prev: string,
  signer: TrailSigner,
): { lines: string[]; head: string } => {
  let head = prev
  const lines = entries.map((entry, at) => {
    const body = JSON.stringify({ ...entry, prev: head })
    const line = at === entries.length - 1 ? signLine(body, signer) : body
    head = hashOfLine(line)
    return line
  })
  return { lines, head }
}

/** A line of the trail as far as the chain is concerned. */
export interface Link {
  readonly seq: number
  /** `undefined`: from before lines were chained. */
  readonly prev: string | undefined
  readonly missing: { readonly from: number; readonly to: number } | undefined
  readonly kept_from: { readonly seq: number; readonly prev: string } | undefined
}

/** `undefined` for a line that cannot be read as one. */
export const readLink = (line: string): Link | undefined => {
  try {
    const link = JSON.parse(line) as Link
    const { seq, prev } = link
    const fits = Number.isSafeInteger(seq) && seq > 0 && (prev === undefined || typeof prev === 'string')
    return fits ? link : undefined
  } catch {
    return undefined
  }
}

/** Whether an append can end with this line. Lines from before the trail was chained end theirs without a seal. */
export const isEnd = (line: string): boolean => {
  const link = readLink(line)
  return link !== undefined && (link.prev === undefined || isSigned(line))
}
