/**
 * What a value from elsewhere is checked by. Such a value may be weaker than one that Postern draws, so its bare hash could
 * be guessed back from a stolen document; under the store's pepper it cannot. It can be made from a hash alone, because
 * some who bring their keys have only hashes of them.
 */
import { createHash, createHmac } from 'node:crypto'

/** HMAC-SHA-256 under the pepper (32 bytes) of the SHA-256 of a value: 32 bytes. */
export const importedVerifier = (pepper: Buffer, sha256: Buffer): Buffer =>
  createHmac('sha256', pepper).update(sha256).digest()

/** The SHA-256 of a value as it is presented, which is visible ASCII. */
export const sha256Of = (value: string): Buffer => createHash('sha256').update(value, 'latin1').digest()
