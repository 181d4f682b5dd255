/** What is left of names and bytes after a power cut: the enumeration behind the disk that forgets. */
import type { Chance } from './chance.ts'

export interface FileNode {
  readonly kind: 'file'
  readonly id: number
  bytes: Buffer
  durable: Buffer
  mtimeMs: number
}

export interface FolderNode {
  readonly kind: 'folder'
  readonly id: number
  readonly names: Map<string, Node>
  durable: Map<string, Node>
  /** Unsynced changes to names, in order. */
  pending: Change[]
}

export type Node = FileNode | FolderNode

export interface Change {
  readonly add?: readonly [string, Node]
  readonly remove?: string
}

/** What a disk holds after a cut: path of a folder -> name -> bytes. */
export type CrashState = ReadonlyMap<string, ReadonlyMap<string, Buffer>>

/** The names that a cut leaves when of the unsynced changes only `kept` came true. */
export const surviving = (folders: ReadonlyMap<string, FolderNode>, kept: ReadonlySet<Change>) => {
  const found = new Map<string, Map<string, FileNode>>()
  for (const [path, folder] of folders) {
    const above = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    const parent = path === '' ? undefined : folders.get(above)
    // A folder whose own name is lost is gone with all that is in it.
    if (parent !== undefined && !found.has(above)) continue
    const isNew = parent?.pending.find(({ add }) => add?.[1] === folder)
    if (isNew !== undefined && !kept.has(isNew)) continue
    const files = new Map<string, FileNode>()
    for (const [name, node] of folder.durable) if (node.kind === 'file') files.set(name, node)
    for (const change of folder.pending) {
      if (!kept.has(change)) continue
      if (change.remove !== undefined) files.delete(change.remove)
      if (change.add?.[1].kind === 'file') files.set(change.add[0], change.add[1])
    }
    found.set(path, files)
  }
  return found
}

/** What may be left of each file that has unsynced bytes: all there is, or `max` by chance. */
export function* withBytes(
  names: ReadonlyMap<string, ReadonlyMap<string, FileNode>>,
  chance: Chance,
  last: Change | FileNode | undefined,
  max: number,
): Generator<CrashState> {
  const dirty = [...new Set([...names.values()].flatMap((files) => [...files.values()]))].filter(
    ({ bytes, durable }) => bytes !== durable,
  )
  if (last !== undefined && 'kind' in last && !dirty.includes(last)) return
  const variants = dirty.map((node) => remainsOf(node, chance).slice(node === last ? 1 : 0))
  const total = variants.reduce((product, each) => product * each.length, 1)
  for (let at = 0; at < Math.min(total, max); at++) {
    let left = total <= max ? at : chance.under(total)
    const content = new Map<FileNode, Buffer>()
    for (const [index, each] of variants.entries()) {
      const node = dirty[index]
      if (node !== undefined) content.set(node, each[left % each.length] ?? node.durable)
      left = Math.floor(left / each.length)
    }
    yield new Map(
      [...names].map(([path, files]) => [
        path,
        new Map([...files].map(([name, node]) => [name, content.get(node) ?? node.durable])),
      ]),
    )
  }
}

/** First: nothing of it came out. */
const remainsOf = ({ bytes, durable }: FileNode, chance: Chance): Buffer[] => {
  const same = commonLength(bytes, durable)
  const fresh = bytes.length - same
  if (fresh === 0) return [durable, bytes]
  const start = bytes.subarray(0, same)
  const torn = bytes.subarray(0, same + chance.under(fresh))
  return [durable, bytes, torn, Buffer.concat([start], bytes.length), Buffer.concat([start, chance.bytes(fresh)])]
}

const commonLength = (one: Buffer, other: Buffer): number => {
  const most = Math.min(one.length, other.length)
  if (one.subarray(0, most).equals(other.subarray(0, most))) return most
  let at = 0
  while (one[at] === other[at]) at += 1
  return at
}
