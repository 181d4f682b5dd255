/**
 * A disk in memory that forgets what was not synced. It keeps what programs see (volatile) and what a power cut leaves
 * (durable) apart, for bytes and for names alike, and enumerates the states a cut may leave (after ALICE, OSDI '14): any
 * subset of the unsynced changes to names, and of each file's unsynced bytes none, all, a torn start, zeros or garbage.
 */
import type { DiskCalls, DiskFile } from '../../daemon/src/disk/disk-calls.ts'
import type { Chance } from './chance.ts'
import {
  surviving,
  withBytes,
  type Change,
  type CrashState,
  type FileNode,
  type FolderNode,
  type Node,
} from './crash-remains.ts'

export interface CrashDiskOptions {
  readonly now?: () => number
  /** Syncs that say yes and do nothing: the controls. */
  readonly forgets?: 'files' | 'folders'
  /** A write takes only half of what it is given. */
  readonly isShort?: () => boolean
  /** Called before each call; may throw what the disk would. */
  readonly before?: (call: string, path: string) => void
}

export interface CrashDisk {
  readonly calls: DiskCalls
  /** Called after each change that a cut could undo, and waited for. */
  onChange: (() => Promise<void>) | undefined
  /** The states a cut may leave now; about `max`, chosen by chance when there are more. `fresh`: only with the last change. */
  states(max: number, chance: Chance, fresh: boolean): Generator<CrashState>
  /** What programs see, as if all were durable. */
  whole(): CrashState
}

let ids = 0
const ownId = process.geteuid?.() ?? 0
const fault = (code: string, path: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: ${path}`), { code, path })

export const createCrashDisk = (start: CrashState, options: CrashDiskOptions = {}): CrashDisk => {
  const { now = () => 0, forgets, isShort = () => false, before = () => undefined } = options
  const folders = new Map<string, FolderNode>()
  let last: Change | FileNode | undefined

  const folderOf = (): FolderNode => ({
    kind: 'folder',
    id: (ids += 1),
    names: new Map(),
    durable: new Map(),
    pending: [],
  })
  const split = (path: string): [string, string] => {
    const at = path.lastIndexOf('/')
    return [path.slice(0, at), path.slice(at + 1)]
  }
  for (const [path, files] of start) {
    const folder = folderOf()
    for (const [name, bytes] of files)
      folder.names.set(name, { kind: 'file', id: (ids += 1), bytes, durable: bytes, mtimeMs: now() })
    folders.set(path, folder)
    const [parent, name] = split(path)
    if (path !== '') folders.get(parent)?.names.set(name, folder)
  }
  for (const folder of folders.values()) folder.durable = new Map(folder.names)

  const there = (path: string): FolderNode => {
    const folder = folders.get(path)
    if (folder === undefined) throw fault('ENOENT', path)
    return folder
  }
  const find = (path: string): Node => {
    const [dir, name] = split(path)
    const node = folders.get(path) ?? there(dir).names.get(name)
    if (node === undefined) throw fault('ENOENT', path)
    return node
  }
  const fileAt = (path: string): FileNode => {
    const node = find(path)
    if (node.kind !== 'file') throw fault('EISDIR', path)
    return node
  }
  const changed = async (what: Change | FileNode): Promise<void> => {
    last = what
    await disk.onChange?.()
  }
  const rename = (folder: FolderNode, change: Change): Promise<void> => {
    if (change.remove !== undefined) folder.names.delete(change.remove)
    if (change.add !== undefined) folder.names.set(change.add[0], change.add[1])
    folder.pending.push(change)
    return changed(change)
  }

  const factsOf = (node: Node, options_?: { bigint?: boolean }): never => {
    const size = node.kind === 'file' ? node.bytes.length : 0
    const facts = {
      size,
      mtimeMs: node.kind === 'file' ? node.mtimeMs : 0,
      ino: options_?.bigint === true ? BigInt(node.id) : node.id,
      dev: options_?.bigint === true ? 1n : 1,
      uid: ownId,
      mode: node.kind === 'file' ? 0o100600 : 0o40700,
      isSymbolicLink: () => false,
      isDirectory: () => node.kind === 'folder',
    }
    return facts as never
  }

  const openFile = (path: string, node: Node): DiskFile => {
    const bytesOf = (): FileNode => {
      if (node.kind !== 'file') throw fault('EISDIR', path)
      return node
    }
    const sync = async (): Promise<void> => {
      before('sync', path)
      if (node.kind === 'file') {
        if (forgets !== 'files') node.durable = node.bytes
      } else if (forgets !== 'folders') {
        node.durable = new Map(node.names)
        node.pending = []
      }
    }
    const file = {
      async read(into: Buffer, offset: number, length: number, position: number) {
        before('read', path)
        return { bytesRead: bytesOf().bytes.copy(into, offset, position, position + length), buffer: into }
      },
      async write(from: Buffer, offset: number, length: number, position: number | null) {
        before('write', path)
        const held = bytesOf()
        const taken = isShort() && length > 1 ? length >> 1 : length
        const at = position ?? held.bytes.length
        const next = Buffer.alloc(Math.max(held.bytes.length, at + taken))
        held.bytes.copy(next)
        from.copy(next, at, offset, offset + taken)
        held.bytes = next
        held.mtimeMs = now()
        await changed(held)
        return { bytesWritten: taken, buffer: from }
      },
      async truncate(size: number) {
        before('truncate', path)
        const held = bytesOf()
        held.bytes = Buffer.from(held.bytes.subarray(0, size))
        await changed(held)
      },
      sync,
      datasync: sync,
      stat: async (options_?: { bigint?: boolean }) => factsOf(node, options_),
      close: async () => undefined,
    }
    return file as unknown as DiskFile
  }

  const calls: DiskCalls = {
    async open(path, flags) {
      before(`open ${flags}`, path)
      const [dir, name] = split(path)
      const found = folders.get(path) ?? there(dir).names.get(name)
      if (flags.startsWith('wx') && found !== undefined) throw fault('EEXIST', path)
      if (found === undefined && flags.startsWith('r')) throw fault('ENOENT', path)
      const node = found ?? { kind: 'file', id: (ids += 1), bytes: empty, durable: empty, mtimeMs: now() }
      if (found === undefined) await rename(there(dir), { add: [name, node] })
      if (found?.kind === 'file' && flags === 'w') {
        found.bytes = empty
        await changed(found)
      }
      return openFile(path, node)
    },
    async link(existing, path) {
      before('link', path)
      const [dir, name] = split(path)
      if (there(dir).names.has(name)) throw fault('EEXIST', path)
      await rename(there(dir), { add: [name, fileAt(existing)] })
    },
    async rename(from, to) {
      before('rename', to)
      const [dir, name] = split(from)
      const [toDir, toName] = split(to)
      if (dir !== toDir) throw fault('EXDEV', to)
      await rename(there(dir), { remove: name, add: [toName, fileAt(from)] })
    },
    async unlink(path) {
      before('unlink', path)
      const [dir, name] = split(path)
      fileAt(path)
      await rename(there(dir), { remove: name })
    },
    async mkdir(path) {
      before('mkdir', path)
      if (folders.has(path)) throw fault('EEXIST', path)
      const [dir, name] = split(path)
      const made = folderOf()
      folders.set(path, made)
      await rename(there(dir), { add: [name, made] })
    },
    async readdir(path) {
      before('readdir', path)
      return [...there(path).names.keys()]
    },
    async readFile(path) {
      before('readFile', path)
      return fileAt(path).bytes
    },
    lstat: (async (path: string) => factsOf(find(path))) as unknown as DiskCalls['lstat'],
    stat: (async (path: string, options_?: { bigint?: boolean }) =>
      factsOf(find(path), options_)) as unknown as DiskCalls['stat'],
  }

  const disk: CrashDisk = {
    calls,
    onChange: undefined,
    *states(max, chance, fresh) {
      const newest = fresh ? last : undefined
      const pending = [...folders.values()].flatMap((folder) => folder.pending)
      const free = pending.filter((change) => change !== newest)
      const subset = (chosen: (index: number) => boolean): Set<Change> =>
        new Set([...pending.filter((change) => change === newest), ...free.filter((_, index) => chosen(index))])
      const all = 2 ** free.length
      // By chance, each state is drawn by itself: its names, then what is left of its bytes.
      if (all > max)
        for (let drawn = 0; drawn < max; drawn++)
          yield* withBytes(
            surviving(
              folders,
              subset(() => chance.under(2) === 1),
            ),
            chance,
            newest,
            1,
          )
      else
        for (let at = 0; at < all; at++)
          yield* withBytes(
            surviving(
              folders,
              subset((index) => ((at >> index) & 1) === 1),
            ),
            chance,
            newest,
            max / all,
          )
    },
    whole: () => {
      const state = new Map<string, Map<string, Buffer>>()
      for (const [path, { names }] of folders) {
        const files = [...names].flatMap(([name, node]) => (node.kind === 'file' ? [[name, node.bytes] as const] : []))
        state.set(path, new Map(files))
      }
      return state
    },
  }
  return disk
}

const empty = Buffer.alloc(0)
