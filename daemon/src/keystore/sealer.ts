/** Seals small things under a key of their own purpose: secrets in the document, private keys of certificates, usage files. */
import { hkdfSync } from 'node:crypto'
import { openBlob, sealBlob } from './generation-file.ts'
import { sha256 } from './layout.ts'

export interface Sealer {
  /** AES-256-GCM; `associated` must be said again to open. Gives text: `v1.` and base64url. */
  seal(plain: Buffer, associated: string): string
  /** Throws when anything does not fit. */
  open(sealed: string, associated: string): Buffer
}

export const createSealer = (fieldKey: Buffer, storeId: string, purpose: string): Sealer => {
  const key = Buffer.from(hkdfSync('sha256', fieldKey, storeId, `postern/field/v1/${purpose}`, 32))
  return {
    seal: (plain, associated) => `v1.${sealBlob(key, plain, sha256(associated)).toString('base64url')}`,
    open: (sealed, associated) => {
      if (!sealed.startsWith('v1.')) throw new Error('sealed in a form that is not known')
      return openBlob(key, Buffer.from(sealed.slice(3), 'base64url'), sha256(associated))
    },
  }
}
