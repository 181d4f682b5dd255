/** Looks for many secrets at once in any bytes: as text, UTF-16, base64 and base64url at every alignment, and hex. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface SecretSearch {
  /** Every secret that stands in the bytes, with the form it stands in. */
  find(bytes: Buffer): string[]
}

const windowLength = 16

/** Halves of a long secret, so that a part of it is found too. What a key value shows anyway (its id) is left out. */
const windowsOf = (secret: string): string[] => {
  const [, hidden = secret] = /^postern_[0-9A-Za-z]{8}_(.*)$/.exec(secret) ?? []
  if (hidden.length < 2 * windowLength) return [hidden]
  return [hidden.slice(0, windowLength), hidden.slice(windowLength, 2 * windowLength)]
}

/** The characters of a base64 text that stand for these bytes alone, when `before` bytes of others come first. */
const base64At = (bytes: Buffer, before: number): string =>
  Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))

const formsOf = (window: string): [form: string, bytes: Buffer][] => {
  const plain = Buffer.from(window, 'utf8')
  const base64 = [0, 1, 2].map((before) => base64At(plain, before))
  const hex = plain.toString('hex')
  return [
    ['text', plain],
    ['UTF-16', Buffer.from(window, 'utf16le')],
    ['hex', Buffer.from(hex)],
    ['HEX', Buffer.from(hex.toUpperCase())],
    ...base64.map((text): [string, Buffer] => ['base64', Buffer.from(text)]),
    ...base64.map((text): [string, Buffer] => [
      'base64url',
      Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_')),
    ]),
  ]
}

/** A webhook secret is bytes written in base64; the bytes are as secret as the text. */
const bytesBehind = (secret: string): [form: string, bytes: Buffer][] =>
  secret.startsWith('whsec_')
    ? [['bytes', Buffer.from(secret.slice('whsec_'.length), 'base64').subarray(0, windowLength)]]
    : []

const bits = 20
const slotOf = (word: number): number => Math.imul(word, 0x9e3779b1) >>> (32 - bits)

export const searchFor = (secrets: Iterable<string>): SecretSearch => {
  const marked = new Uint8Array(1 << bits)
  const byWord = new Map<number, { what: string; bytes: Buffer }[]>()
  for (const secret of secrets)
    for (const [form, bytes] of [...windowsOf(secret).flatMap(formsOf), ...bytesBehind(secret)]) {
      if (bytes.length < 8) throw new RangeError('too short to be told from chance')
      const word = bytes.readInt32LE(0)
      marked[slotOf(word)] = 1
      byWord.set(word, [...(byWord.get(word) ?? []), { what: `${secret} as ${form}`, bytes }])
    }
  return {
    find(bytes) {
      const found = new Set<string>()
      let word = 0
      for (let at = 0; at < bytes.length; at++) {
        word = (word >>> 8) | ((bytes[at] ?? 0) << 24)
        if (marked[slotOf(word)] === 0 || at < 3) continue
        for (const { what, bytes: wanted } of byWord.get(word) ?? [])
          if (bytes.subarray(at - 3, at - 3 + wanted.length).equals(wanted)) found.add(what)
      }
      return [...found]
    },
  }
}

/** Every file below a folder: its path and its bytes. Sockets hold nothing. */
export async function* filesUnder(dir: string): AsyncGenerator<{ path: string; bytes: Buffer }> {
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) yield* filesUnder(path)
    else if (entry.isFile()) yield { path, bytes: await readFile(path) }
  }
}
