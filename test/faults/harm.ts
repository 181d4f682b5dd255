/** Harm to a folder of generations, by chance: what disks, file systems and people do to files. */
import { createHash } from 'node:crypto'
import type { Chance } from './chance.ts'

export const nameOf = (gen: number): string => `${String(gen).padStart(10, '0')}.pks`

/** As somebody leaves it who makes the checksum fit again. */
export const rehashed = (bytes: Buffer): Buffer => {
  const body = bytes.subarray(0, Math.max(0, bytes.length - 32))
  return Buffer.concat([body, createHash('sha256').update(body).digest()])
}

const harms = [
  'flip',
  'flip',
  'flip',
  'cut',
  'zeros',
  'garbage',
  'swap',
  'copy',
  'splice',
  'graft',
  'grow',
  'missing',
  'rename',
] as const

/** One to three harms to copies of the files, each told in a word; the harmed file may get a checksum that fits. */
export const harmed = (
  files: ReadonlyMap<string, Buffer>,
  chance: Chance,
): { files: Map<string, Buffer>; said: string } => {
  const next = new Map(files)
  const said: string[] = []
  for (let left = 1 + chance.under(3); left > 0; left--) {
    const names = [...next.keys()]
    if (names.length < 2) break
    // The newest is what matters most; it is harmed every other time.
    const name = (chance.under(2) === 0 ? names.toSorted().at(-1) : names[chance.under(names.length)]) ?? ''
    const other = names[chance.under(names.length)] ?? ''
    const harm = chance.pick(harms)
    const fits = chance.under(3) === 0
    said.push(`${harm} ${name} ${other}${fits ? ' with a checksum' : ''}`)
    const [mine, theirs] = [next.get(name) ?? Buffer.alloc(0), next.get(other) ?? Buffer.alloc(0)]
    const put = (bytes: Buffer): void => void next.set(name, fits ? rehashed(bytes) : bytes)
    switch (harm) {
      case 'flip': {
        const bytes = Buffer.from(mine)
        for (let flips = 1 + chance.under(8); flips > 0; flips--) {
          const at = chance.under(bytes.length)
          bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.under(8))
        }
        put(bytes)
        break
      }
      case 'cut':
        put(mine.subarray(0, chance.under(mine.length)))
        break
      case 'zeros':
      case 'garbage': {
        const from = chance.under(mine.length)
        const length = Math.min(mine.length - from, 1 + chance.under(600))
        const fill = harm === 'zeros' ? Buffer.alloc(length) : chance.bytes(length)
        put(Buffer.concat([mine.subarray(0, from), fill, mine.subarray(from + length)]))
        break
      }
      case 'swap':
        next.set(name, theirs)
        next.set(other, mine)
        break
      case 'copy':
        put(theirs)
        break
      case 'splice': {
        const at = chance.under(Math.min(mine.length, theirs.length) + 1)
        put(Buffer.concat([mine.subarray(0, at), theirs.subarray(at)]))
        break
      }
      case 'graft': {
        // Header, keyring and chunks are taken from one or the other as wholes.
        const [a, b] = [partsOf(mine), partsOf(theirs)]
        put(Buffer.concat(a.map((part, at) => (chance.under(2) === 0 ? part : (b[at] ?? part)))))
        break
      }
      case 'grow':
        put(Buffer.concat([mine, chance.bytes(1 + chance.under(64))]))
        break
      case 'missing':
        next.delete(name)
        break
      case 'rename':
        next.delete(name)
        next.set(nameOf(1 + chance.under(9)), mine)
        break
    }
  }
  return { files: next, said: said.join(', ') }
}

/** Magic and header, keyring, first chunk, the others, hash; a file that is none comes back as it is. */
const partsOf = (bytes: Buffer): Buffer[] => {
  const cuts = [0]
  for (let at = 6, part = 0; part < 2 && at + 4 <= bytes.length; part++) {
    at += 4 + bytes.readUInt32BE(at)
    cuts.push(Math.min(at, bytes.length))
  }
  const chunksAt = cuts.at(-1) ?? 0
  cuts.push(
    Math.min(chunksAt + 65_552, Math.max(chunksAt, bytes.length - 32)),
    Math.max(chunksAt, bytes.length - 32),
    bytes.length,
  )
  return cuts.slice(1).map((end, at) => bytes.subarray(cuts[at], end))
}
