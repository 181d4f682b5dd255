/** Key values to plant, and archives to plant them in. */
import { deflateRawSync } from 'node:zlib'
import { formatAdminToken, formatKeyValue, keyPrefix, maskAdminToken } from '@postern/shared'
import { drawId, drawKeyMaterial, drawSecret } from '../../daemon/src/keys/material.ts'

export interface Planted {
  readonly keyId: string
  readonly value: string
  readonly masked: string
}

/** A key value that nobody has issued, its checksum right. */
export const plantedKey = (): Planted => {
  const parts = drawKeyMaterial()
  return { keyId: parts.keyId, ...shownAs(formatKeyValue(parts), parts.keyId) }
}

/** An admin token that nobody has issued, its checksum right. */
export const plantedToken = (): Planted => {
  const parts = { tokenId: drawId('at_'), secret: drawSecret() }
  const value = formatAdminToken(parts)
  return { keyId: parts.tokenId, value, masked: maskAdminToken(parts.tokenId, value.slice(-4)) }
}

/** The same with one character of its checksum changed. */
export const fakeKey = (): Planted => {
  const { value, keyId } = plantedKey()
  return { keyId, ...shownAs(value.slice(0, -1) + (value.endsWith('A') ? 'B' : 'A'), keyId) }
}

const shownAs = (value: string, keyId: string) => ({ value, masked: `${keyPrefix}${keyId}_…${value.slice(-4)}` })

/** What must not be printed: the secret, in every form that anything here could print it in. */
export const secretOf = ({ value }: Planted): string => value.slice(-49, -4)

export const basicOf = ({ keyId, value }: Planted): string =>
  `Basic ${Buffer.from(`${keyId}:${value.slice(-49)}`).toString('base64')}`

/** UTF-16, big end first. */
export const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()

export interface ZipEntry {
  readonly name: string
  readonly data: Buffer
  readonly method?: 'stored' | 'deflated' | 'unknown'
  readonly encrypted?: boolean
}

const methods = { stored: 0, deflated: 8, unknown: 99 } as const

/** A zip file of these entries. Its CRC fields are zero: what is tested here does not look at them. */
export const zipOf = (entries: readonly ZipEntry[], comment = ''): Buffer => {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, data, method = 'deflated', encrypted = false } of entries) {
    const packed = method === 'deflated' ? deflateRawSync(data) : data
    const nameBytes = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE((encrypted ? 1 : 0) | 0x800, 2)
    common.writeUInt16LE(methods[method], 4)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(data.length, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    const offset = Buffer.alloc(14)
    offset.writeUInt32LE(at, 10)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, nameBytes, packed])
    parts.push(local)
    directory.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), common, offset, nameBytes)
    at += local.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(listed.length, 8)
  end.writeUInt32LE(at, 12)
  end.writeUInt16LE(comment.length, 16)
  return Buffer.concat([...parts, listed, Buffer.from('PK\u0005\u0006'), end, Buffer.from(comment)])
}
