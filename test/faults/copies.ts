/**
 * Plain copies of the folder, taken by different programs and in different orders while a daemon makes changes as fast as
 * it can. Each copy is unlocked with the recovery kit on a machine that has never seen it, and holds everything that was
 * acknowledged before the copying began.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createAdminClient } from '../../daemon/src/cli/admin-client.ts'
import { createChanges } from '../../daemon/src/change.ts'
import type { Document } from '../../daemon/src/document/document.ts'
import { keystoreDeps } from '../../daemon/src/init-store.ts'
import { editKey, issueKey } from '../../daemon/src/keys/key-steps.ts'
import { holdFolder } from '../../daemon/src/keystore/folder-hold.ts'
import { unlockWithRecovery } from '../../daemon/src/keystore/open.ts'
import { systemActor, useStore } from '../../daemon/src/open-store.ts'
import { Secret } from '../../daemon/src/problem.ts'
import { brokenKeystore, readBroken } from './broken-writers.ts'
import { copyAtOnce, copySlowly, type CopyOrder } from './copy-tree.ts'
import { prepareFolder, rigDir, type PreparedFolder } from './rig-folder.ts'
import { startWriter, type StartedWriter } from './started-writer.ts'
import type { Tally } from './tally.ts'
import { nowMs, opened } from './thirty-changes.ts'

const copiesToAFolder = 25
const writersTogether = 6
/** Less than this and the copies were not taken under change. */
const changesPerSecondMin = 50

const run = async (program: string, args: readonly string[]): Promise<void> => {
  const child = spawn(program, args, { stdio: 'ignore' })
  const [code] = (await once(child, 'close')) as [number | null]
  // 1: a file was gone, or grew, while it was copied. That is what is to be tried.
  if (code !== 0 && code !== 1) throw new Error(`${program} ended with ${code}`)
}

const first = (...starts: string[]): CopyOrder => {
  const rank = (path: string): number => {
    const at = starts.findIndex((start) => path.startsWith(start))
    return at < 0 ? starts.length : at
  }
  return (paths) => paths.toSorted((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))
}
const shuffled: CopyOrder = (paths) =>
  paths
    .map((path) => ({ path, rank: Math.random() }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ path }) => path)

/** Ways to copy `from` to `to`, which is not there yet. */
const ways: Readonly<Record<string, (from: string, to: string) => Promise<void>>> = {
  cp: (from, to) => run('cp', ['-r', from, to]),
  tar: async (from, to) => {
    await mkdir(to, { mode: 0o700 })
    await run('tar', ['-cf', `${to}.tar`, '-C', from, '.'])
    await run('tar', ['-xf', `${to}.tar`, '-C', to])
    await rm(`${to}.tar`)
  },
  'slots first': (from, to) => copySlowly(from, to, first('slots', 'store')),
  'store first': (from, to) => copySlowly(from, to, first('store', 'slots')),
  reverse: (from, to) => copySlowly(from, to, (paths) => paths.toSorted().toReversed()),
  random: (from, to) => copySlowly(from, to, shuffled),
  // As rsync run twice: what is new or has grown since comes over what is there.
  twice: async (from, to) => {
    await copySlowly(from, to, (paths) => paths.toSorted())
    await copySlowly(from, to, (paths) => paths.toSorted())
  },
}

/** What has been acknowledged: the last edit of each key that is edited all the time, and the names of the keys made. */
interface Acknowledged {
  readonly edits: number[]
  readonly made: Set<string>
  changes: number
}

const held = (index: number): string => `held ${index}`

/** Makes changes until it is stopped. Nothing may be refused. */
const makeChanges = async (
  call: ReturnType<typeof createAdminClient>['call'],
  writer: number,
  acknowledged: Acknowledged,
  stopped: () => boolean,
): Promise<void> => {
  for (let edit = 1; !stopped(); edit++) {
    const isCreate = edit % 20 === 0
    const name = `made ${writer} ${edit}`
    const made = isCreate
      ? call('keys.create', { body: { name } })
      : call('keys.edit', { params: { key: held(writer) }, body: { description: String(edit) }, ifMatch: '*' })
    await made
    acknowledged.changes += 1
    if (isCreate) acknowledged.made.add(name)
    else acknowledged.edits[writer] = edit
  }
}

/** What is missing in a document of what had been acknowledged. */
const missingIn = (document: Document, { edits, made }: Pick<Acknowledged, 'edits' | 'made'>): string[] => {
  const byName = new Map(Object.values(document.keys).map((key) => [key.name, key]))
  return [
    ...edits.flatMap((edit, writer) => {
      const found = Number(byName.get(held(writer))?.description ?? -1)
      return found >= edit ? [] : [`edit ${edit} of ${held(writer)}, which is at ${found}`]
    }),
    ...[...made].filter((name) => !byName.has(name)),
  ]
}

const snapshot = ({ edits, made }: Acknowledged): Pick<Acknowledged, 'edits' | 'made'> => ({
  edits: [...edits],
  made: new Set(made),
})

/** Unlocks a copy where nothing but the kit is known. */
const restore = async (dir: string, dataDir: string, code: string) => {
  const folders = { dataDir, machineDir: join(dir, 'bare') }
  const hold = await holdFolder(folders.dataDir, folders.machineDir)
  try {
    const now = (): number => Date.now()
    const deps = keystoreDeps(folders, { now, onAlarm: () => undefined })
    const keystore = await unlockWithRecovery(deps, hold, new Secret(code))
    const store = await useStore(keystore, { ...folders, now, zone: 'UTC', onAlarm: () => undefined })
    const document = opened(store.document(), store.openSecret)
    const verified = await store.trail.verify()
    const { generation } = store
    await store.close()
    return { document, generation, trailFault: verified.ok ? undefined : JSON.stringify(verified) }
  } finally {
    await hold.release()
  }
}

type Counts = { -readonly [K in keyof Tally]: Tally[K] }

const copiesOf = async (folders: PreparedFolder, count: number, from: number, counts: Counts): Promise<number> => {
  const daemon: StartedWriter = startWriter(folders.dir, 'copied')
  const said = await daemon.ended
  if (said !== undefined) {
    await daemon.kill()
    throw new Error(`the daemon did not start: ${said}`)
  }
  const { call } = createAdminClient({ socketPath: join(folders.dir, 'copied.sock'), actorName: 'tester' })
  await call('settings.edit', { body: { socket_requests_per_second: 10_000 }, ifMatch: '*' })
  const acknowledged: Acknowledged = { edits: [], made: new Set(), changes: 0 }
  for (let writer = 0; writer < writersTogether; writer++) await call('keys.create', { body: { name: held(writer) } })
  let stop = false
  const startedAt = performance.now()
  const writing = Promise.all(
    Array.from({ length: writersTogether }, (_, at) => makeChanges(call, at, acknowledged, () => stop)),
  )
  try {
    await Promise.race([writing, new Promise((resolve) => setTimeout(resolve, 100))])
    for (let at = from; at < from + count; at++) {
      const [name = '', copy] = Object.entries(ways)[at % Object.keys(ways).length] ?? []
      const dir = join(folders.dir, `copy-${at}`)
      await mkdir(dir, { mode: 0o700 })
      const generation = (await call('status.get')).store?.generation ?? Infinity
      const before = snapshot(acknowledged)
      await copy?.(folders.dataDir, join(dir, 'data'))
      counts.points += 1
      await restore(dir, join(dir, 'data'), folders.recoveryCode).then(
        (found) => {
          const missing = missingIn(found.document, before)
          counts.lost += missing.length
          for (const each of missing) counts.notes.push(`${name}: ${each}`)
          if (found.generation < generation) counts.wrong += 1
          if (found.trailFault !== undefined) counts.wrong += 1
          if (found.trailFault !== undefined) counts.notes.push(`${name}: the audit trail: ${found.trailFault}`)
        },
        (error: unknown) => {
          counts.lost += before.made.size + before.edits.length
          counts.notes.push(`${name}: the copy does not open: ${String(error)}`)
        },
      )
      await rm(dir, { recursive: true, force: true })
    }
  } finally {
    stop = true
    try {
      await writing
    } finally {
      await daemon.kill()
    }
  }
  return acknowledged.changes / ((performance.now() - startedAt) / 1000)
}

/** Takes and restores so many copies, each 25 of a store of their own. */
export const runCopies = async (copies: number, { say }: { say?: (text: string) => void } = {}): Promise<Tally> => {
  const counts: Counts = { points: 0, lost: 0, wrong: 0, uncaught: 0, notes: [] }
  const rates: number[] = []
  for (let from = 0; from < copies; from += copiesToAFolder) {
    const folders = await prepareFolder(Date.now())
    try {
      rates.push(await copiesOf(folders, Math.min(copiesToAFolder, copies - from), from, counts))
    } catch (error) {
      counts.uncaught += 1
      counts.notes.push(String(error))
    } finally {
      await folders.remove()
    }
    say?.(
      `${counts.points} of ${copies} copies: ${counts.lost} lost, ${counts.wrong} wrong, ${counts.uncaught} uncaught`,
    )
  }
  const slowest = Math.round(Math.min(...rates))
  counts.notes.unshift(
    `at least ${slowest} changes a second${slowest < changesPerSecondMin ? ', which is too slow' : ''}`,
  )
  return counts
}

/** The same with a writer that writes over its file: a copy can be of half a change. */
export const runInPlaceCopies = async (copies: number): Promise<Tally> => {
  const dir = await rigDir()
  const counts: Counts = { points: 0, lost: 0, wrong: 0, uncaught: 0, notes: [] }
  const writer = { stop: false }
  const changes = createChanges({
    keystore: await brokenKeystore('in-place', dir),
    audit: { append: async () => undefined },
    guard: (change) => change(),
    publish: () => undefined,
    context: () => ({ nowMs, zone: 'UTC', sealSecret: (secret) => `open:${secret}` }),
  })
  await changes.change(systemActor, issueKey({ name: held(0) }, { keyId: 'k0000000', secret: 's'.repeat(43) }))
  const acknowledged: Acknowledged = { edits: [0], made: new Set(), changes: 0 }
  const writing = (async () => {
    for (let edit = 1; !writer.stop; edit++) {
      await changes.change(systemActor, editKey(held(0), '*', { description: String(edit) }))
      acknowledged.edits[0] = edit
    }
  })()
  try {
    for (; counts.points < copies && counts.lost === 0; counts.points++) {
      await new Promise((resolve) => setImmediate(resolve))
      const before = snapshot(acknowledged)
      const copy = join(dir, 'copy')
      copyAtOnce(dir, copy)
      const missing = await readBroken(copy).then(
        (document) => missingIn(document, before),
        () => ['everything'],
      )
      counts.lost += missing.length
      await rm(copy, { recursive: true })
    }
    return counts
  } finally {
    writer.stop = true
    await writing
    await rm(dir, { recursive: true, force: true })
  }
}
