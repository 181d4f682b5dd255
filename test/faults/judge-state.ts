/**
 * What a crash state may be: the last state that was answered for or the one in flight, whole. Read with the real code.
 */
import { openAppendLog } from '../../daemon/src/disk/append-log.ts'
import type { DiskCalls } from '../../daemon/src/disk/disk-calls.ts'
import { readNewestOf } from '../../daemon/src/disk/numbered-files.ts'
import { readAnchor } from '../../daemon/src/keystore/anchor.ts'
import type { FolderHold } from '../../daemon/src/keystore/folder-hold.ts'
import { listGenerations, openNewest } from '../../daemon/src/keystore/generations.ts'
import type { KeystoreDeps } from '../../daemon/src/keystore/keystore.ts'
import { layoutOf } from '../../daemon/src/keystore/layout.ts'
import { privateJwk, type MachineKey } from '../../daemon/src/keystore/machine-key.ts'
import { openKeystore } from '../../daemon/src/keystore/open.ts'
import { unwrapSlot } from '../../daemon/src/keystore/slots.ts'
import type { Verdict } from './count.ts'
import { createCrashDisk } from './crash-disk.ts'
import type { CrashState } from './crash-remains.ts'

export interface Doc {
  readonly n: number
  readonly filler: string
}

export const dataDir = '/data'
export const machineDir = '/machine'
export const auditDir = '/data/audit'
export const layout = layoutOf(dataDir, machineDir)
export const hold: FolderHold = { release: async () => undefined }
export const startMs = Date.parse('2026-01-01T00:00:00Z')

export const headsOn = (disk: DiskCalls) => ({ dir: machineDir, name: 'audit-head', disk })

export const linePattern = /^L(\d+) of (\d+)(\.?)$/
export const isEnd = (line: string): boolean => linePattern.exec(line)?.[3] === '.'
export const codec: KeystoreDeps<Doc>['codec'] = {
  parse: (bytes) => JSON.parse(bytes.toString()) as Doc,
  serialise: (document) => Buffer.from(JSON.stringify(document)),
}
export const docOf = (n: number): Doc => ({ n, filler: String(n).repeat(n % 40) })

/** What has been answered for, and what is under way. */
export interface Truth {
  n: number
  gen: number
  head: number
  lines: string[]
  slots: number
  next: { n?: number; head?: number; lines?: string[] }
}

export const depsOn = (disk: DiskCalls, now: () => number): KeystoreDeps<Doc> => ({
  dataDir,
  machineDir,
  codec,
  now,
  onAlarm: () => undefined,
  disk,
})

export type RootKeysIn = (state: CrashState, disk: DiskCalls) => Promise<readonly Buffer[] | undefined>

export const knownMax = 1_000

/** What the machine's own slot opens in a state. Opening one is slow, and few states differ in it. */
export const rootKeysBy = (key: MachineKey): RootKeysIn => {
  const known = new Map<string, readonly Buffer[] | undefined>()
  return async (state, disk) => {
    const files = layout.slots
      .flatMap((dir) => [...(state.get(dir) ?? new Map<string, Buffer>())])
      .filter(([name]) => name.startsWith(key.slotId))
      .map(([name, bytes]) => `${name} ${bytes.toString('latin1')}`)
      .join('\n')
    if (!known.has(files)) {
      if (known.size >= knownMax) known.clear()
      known.set(files, (await unwrapSlot(layout, key.slotId, privateJwk(key), disk))?.rootKeys)
    }
    return known.get(files)
  }
}

/** Reads a state with the real code, and says whether it is one of those it may be. */
export const judge = async (
  state: CrashState,
  truth: Truth,
  rootKeysIn: RootKeysIn,
  whole: boolean,
): Promise<[Verdict, string]> => {
  const disk = createCrashDisk(state).calls
  try {
    const rootKeys = await rootKeysIn(state, disk)
    if (rootKeys === undefined) return ['lost', 'the slot of this machine does not open']
    const { opened, value, damaged } = await openNewest(layout, rootKeys, ({ plain }) => codec.parse(plain), disk)
    const { n } = value
    if (JSON.stringify(value) !== JSON.stringify(docOf(n))) return ['wrong', 'a document nobody wrote']
    if (opened.header.gen < truth.gen) return ['lost', `generation ${opened.header.gen} of ${truth.gen}`]
    if (n !== truth.n && n !== truth.next.n) return ['wrong', `document ${n}, answered for ${truth.n}`]
    if (damaged.length > 0) return ['wrong', `a generation under its name is not whole (${damaged.join()})`]
    const anchor = await readAnchor(layout, disk)
    if (anchor === undefined || anchor.maxGen < truth.gen) return ['lost', `the anchor says ${anchor?.maxGen}`]
    const { highest } = await listGenerations(layout, disk)
    if (highest < anchor.maxGen) return ['wrong', `anchor ${anchor.maxGen} is ahead of the store (${highest})`]
    const kept = await readNewestOf<{ seq: number }>(headsOn(disk), ({ seq }, at) => seq === at)
    const head = kept?.seq ?? 0
    if (head < truth.head) return ['lost', `head ${head} of ${truth.head}`]
    if (head > (truth.next.head ?? truth.head)) return ['wrong', `head ${head} that nobody wrote`]
    const lines = await linesOn(disk)
    const missing = truth.lines.findIndex((line, at) => lines[at] !== line)
    if (missing >= 0) return ['lost', `line ${missing} of ${truth.lines.length} is ${lines[missing]}`]
    const more = lines.slice(truth.lines.length)
    if (more.length > 0 && more.join() !== truth.next.lines?.join())
      return ['wrong', `lines nobody finished: ${more.join()}`]
    return whole ? await openWhole(disk, n) : ['fine', '']
  } catch (error) {
    return ['uncaught', error instanceof Error ? (error.stack ?? error.message) : String(error)]
  }
}

export const linesOn = async (disk: DiskCalls): Promise<string[]> => {
  const log = await openAppendLog({ dir: auditDir, isEnd, disk })
  const lines: string[] = []
  for await (const line of log.oldestFirst()) lines.push(line)
  await log.close()
  return lines
}

/** As the next start does it, with everything it repairs; and then life goes on. */
export const openWhole = async (disk: DiskCalls, n: number): Promise<[Verdict, string]> => {
  const deps = depsOn(disk, () => startMs)
  const keystore = await openKeystore(deps, hold)
  if (keystore.document.n !== n) return ['lost', `opened whole it is document ${keystore.document.n}`]
  if (keystore.slots().some(({ health }) => health !== 'ok')) return ['lost', 'a slot has no good copy']
  await keystore.write(docOf(n + 1))
  const again = await openKeystore(deps, hold)
  return again.document.n === n + 1 ? ['fine', ''] : ['lost', `a change after the cut is ${again.document.n}`]
}
