/**
 * The disk fills up at every page of a run of changes: folders and machine key lie on one small disk that leaves room for
 * so many pages and no more. Each change, and each look at a value that has to be recorded, is made or refused in so many
 * words; the store opens again, also on the full disk or says why not; and when there is room it goes on.
 */
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { createChanges } from '../../daemon/src/change.ts'
import { keystoreDeps, type Folders } from '../../daemon/src/init-store.ts'
import { holdFolder } from '../../daemon/src/keystore/folder-hold.ts'
import { openKeystore } from '../../daemon/src/keystore/open.ts'
import { systemActor, useStore } from '../../daemon/src/open-store.ts'
import { isProblem } from '../../daemon/src/problem.ts'
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'
import { brokenKeystore, readBroken } from './broken-writers.ts'
import { recover } from './judge-changes.ts'
import { prepareFolder } from './rig-folder.ts'
import type { Tally } from './tally.ts'
import { changeNumber, documentAfter, emptyDocument, nowMs, opened } from './thirty-changes.ts'

const pageBytes = 4_096
const wideMebibytes = 64
/** After the first refusal others are tried: a smaller one may still find room. */
const triesAfterRefusal = 6
const changesMax = 1_000
const reserveBytes = 8 * pageBytes

/** What a full disk may be told as. Before a store is open, and while it closes, the error of the system itself may come. */
const isTold = (error: unknown, open: boolean): boolean =>
  isProblem(error, 'store_unavailable') || (!open && (error as NodeJS.ErrnoException).code === 'ENOSPC')

interface Filled {
  readonly acknowledged: number[]
  readonly refused: number
  readonly faults: { kind: 'wrong' | 'uncaught'; note: string }[]
}

const openStore = async (folders: Folders, auditReserveBytes: number) => {
  const hold = await holdFolder(folders.dataDir, folders.machineDir)
  try {
    const now = (): number => nowMs
    const keystore = await openKeystore(keystoreDeps(folders, { now, onAlarm: () => undefined }), hold)
    const silent = { now, zone: 'UTC', onAlarm: () => undefined }
    return { store: await useStore(keystore, { ...folders, ...silent, auditReserveBytes }), hold }
  } catch (error) {
    await hold.release()
    throw error
  }
}

const fill = async (folders: Folders, auditReserveBytes: number): Promise<Filled> => {
  const acknowledged: number[] = []
  const faults: Filled['faults'] = []
  const counts = { refused: 0 }
  const note = (error: unknown, what: string, open: boolean): void => {
    counts.refused += 1
    if (!isTold(error, open)) faults.push({ kind: 'uncaught', note: `${what}: ${String(error)}` })
  }
  const started = await openStore(folders, auditReserveBytes).catch((error: unknown) => {
    note(error, 'opening', false)
    return undefined
  })
  if (started === undefined) return { acknowledged, refused: counts.refused, faults }
  const { store, hold } = started
  for (let change = 0; change < changesMax && counts.refused < triesAfterRefusal; change++) {
    const isStepRefusal = (error: unknown): boolean => isProblem(error, 'not_found')
    await store.change(systemActor, changeNumber(change)).then(
      () => acknowledged.push(change),
      (error: unknown) => (isStepRefusal(error) ? undefined : note(error, `change ${change}`, true)),
    )
    const [key] = Object.keys(store.document().keys)
    if (change % 5 === 0 && key !== undefined)
      await store.revealKey(systemActor, key).catch((error: unknown) => note(error, 'reveal', true))
  }
  if (!isDeepStrictEqual(opened(store.document(), store.openSecret), documentAfter(emptyDocument(), acknowledged)))
    faults.push({ kind: 'wrong', note: 'what is in memory is not what was answered' })
  await store.close().catch((error: unknown) => note(error, 'closing', false))
  await hold.release()
  return { acknowledged, refused: counts.refused, faults }
}

const tryAgain = async (folders: Folders): Promise<Filled['faults']> => {
  try {
    const { store, hold } = await openStore(folders, 0)
    try {
      await store.close()
    } finally {
      await hold.release()
    }
    return []
  } catch (error) {
    if (isTold(error, false)) return []
    return [{ kind: 'uncaught', note: `opening on the full disk: ${String(error)}` }]
  }
}

/** Tries `sizes` sizes, each a page larger than the one before. `undefined` where no small disk can be mounted. */
export const runFullDisk = async (
  sizes: number,
  { broken = false, say }: { broken?: boolean; say?: (text: string) => void } = {},
): Promise<Tally | undefined> => {
  const disk = await mountSmallDisk(wideMebibytes)
  if (disk === undefined) return undefined
  const base = await prepareFolder(nowMs)
  const notes: string[] = []
  const tally = { points: 0, lost: 0, wrong: 0, uncaught: 0 }
  const figures = { acknowledged: 0, refused: 0 }
  try {
    for (let pages = 0; pages < sizes; pages++) {
      const dir = join(disk.dir, 'postern')
      const folders = { dataDir: join(dir, 'data'), machineDir: join(dir, 'machine') }
      await cp(join(base.dataDir, '..'), dir, { recursive: true })
      await disk.leave(pages * pageBytes)
      const { lost, faults, acknowledged, refused } = await (broken
        ? fillBroken(folders.dataDir)
        : oneSize(disk, folders, pages % 2 === 0 ? 0 : reserveBytes))
      tally.points += 1
      tally.lost += lost
      figures.acknowledged += acknowledged
      figures.refused += refused
      for (const { kind, note } of faults) {
        tally[kind] += 1
        notes.push(`${pages} pages: ${note}`)
      }
      await rm(dir, { recursive: true })
      await disk.leave(wideMebibytes * 1024 ** 2)
      if (say !== undefined && pages % 100 === 99) say(`${pages + 1} of ${sizes} sizes`)
    }
    return { ...tally, notes: [`${figures.acknowledged} acknowledged, ${figures.refused} refused`, ...notes] }
  } finally {
    await disk.remove()
    await base.remove()
  }
}

interface SizeTried {
  lost: number
  acknowledged: number
  refused: number
  faults: Filled['faults']
}

const oneSize = async (disk: SmallDisk, folders: Folders, auditReserveBytes: number): Promise<SizeTried> => {
  const { acknowledged, refused, faults } = await fill(folders, auditReserveBytes)
  faults.push(...(await tryAgain(folders)))
  await disk.leave(wideMebibytes * 1024 ** 2)
  const expected = documentAfter(emptyDocument(), acknowledged)
  const figures = { acknowledged: acknowledged.length, refused, faults }
  try {
    const { document, trailFault } = await recover(folders)
    if (trailFault !== undefined) faults.push({ kind: 'wrong', note: `the audit trail: ${trailFault}` })
    if (isDeepStrictEqual(document, expected)) return { lost: 0, ...figures }
    faults.push({ kind: 'wrong', note: 'what is there is not what was answered' })
    const missing = Object.keys(expected.keys).filter((id) => document.keys[id] === undefined)
    return { lost: missing.length, ...figures }
  } catch (error) {
    faults.push({ kind: 'uncaught', note: `it does not open any more: ${String(error)}` })
    return { lost: acknowledged.length, ...figures }
  }
}

const fillBroken = async (dataDir: string): Promise<SizeTried> => {
  const changes = createChanges({
    keystore: await brokenKeystore('one-write', dataDir),
    audit: { append: async () => undefined },
    guard: (change) => change(),
    publish: () => undefined,
    context: () => ({ nowMs, zone: 'UTC', sealSecret: (secret) => `open:${secret}` }),
  })
  const acknowledged: number[] = []
  for (let change = 0; change < changesMax; change++) {
    const made = await changes.change(systemActor, changeNumber(change)).then(
      () => true,
      () => false,
    )
    if (made) acknowledged.push(change)
    const kept = await readBroken(dataDir).catch(() => undefined)
    if (kept === undefined)
      return { lost: acknowledged.length, acknowledged: acknowledged.length, refused: 0, faults: [] }
    if (!made) break
  }
  return { lost: 0, acknowledged: acknowledged.length, refused: 1, faults: [] }
}
