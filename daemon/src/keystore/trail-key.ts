/** The key that seals the audit trail: Ed25519 (RFC 8032), its private half worked out from a seed in the keyring. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto'

export interface TrailKey {
  readonly storeId: string
  /** PEM (SPKI). */
  readonly publicKey: string
  sign(message: Buffer): Buffer
}

// RFC 8410 §7: everything of a PKCS#8 Ed25519 key but its 32 bytes.
const pkcs8Start = Buffer.from('302e020100300506032b657004220420', 'hex')

export const trailKeyOf = (seed: Buffer, storeId: string): TrailKey => {
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Start, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' })
  return { storeId, publicKey, sign: (message) => sign(null, message, privateKey) }
}
