/** The store with many keys: opening it, one create, and a hundred together beside SQLite. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { initStore, keystoreDeps } from '../../daemon/src/init-store.ts'
import { issueKey } from '../../daemon/src/keys/key-steps.ts'
import { drawKeyMaterial } from '../../daemon/src/keys/material.ts'
import { holdFolder } from '../../daemon/src/keystore/folder-hold.ts'
import { openKeystore } from '../../daemon/src/keystore/open.ts'
import { systemActor, useStore } from '../../daemon/src/open-store.ts'
import { temporaryDir } from '../support/start-postern.ts'
import { documentOf } from './documents.ts'

const timed = async (act: () => unknown): Promise<number> => {
  const from = performance.now()
  await act()
  return performance.now() - from
}

export const measureStore = async (keys: number, say: (text: string) => void): Promise<void> => {
  const dir = await temporaryDir()
  const folders = { dataDir: join(dir, 'data'), machineDir: join(dir, 'machine') }
  const deps = keystoreDeps(folders, { now: Date.now, onAlarm: () => undefined })
  try {
    await initStore(folders, { config: {}, now: Date.now })
    const hold = await holdFolder(folders.dataDir, folders.machineDir)
    await (await openKeystore(deps, hold)).write(documentOf(keys).document)
    let opened = await openKeystore(deps, hold)
    const openMs = await timed(async () => (opened = await openKeystore(deps, hold)))
    const store = await useStore(opened, {
      ...folders,
      now: Date.now,
      zone: 'UTC',
      onAlarm: () => undefined,
    })
    let made = 0
    const create = (): Promise<unknown> =>
      store.change(systemActor, issueKey({ name: `Measured ${++made}` }, drawKeyMaterial()))
    await create()
    const oneMs: number[] = []
    for (let at = 0; at < 21; at++) oneMs.push(await timed(create))
    const median = oneMs.toSorted((a, b) => a - b)[10] ?? 0
    const togetherMs = await timed(() => Promise.all(Array.from({ length: 100 }, create)))
    await store.close()
    await hold.release()
    const sqliteMs = await timed(() => insertBySqlite(join(dir, 'peer.sqlite'), 100))
    say(`open the store                     ${openMs.toFixed(0).padStart(7)} ms  (wanted ≤ 500)`)
    say(`one durable create, median of 21   ${median.toFixed(1).padStart(7)} ms  (wanted ≤ 40)`)
    say(
      `100 creates together               ${togetherMs.toFixed(0).padStart(7)} ms  node:sqlite, WAL, FULL, one insert a transaction ${sqliteMs.toFixed(0)} ms   ratio ${(sqliteMs / togetherMs).toFixed(2)}`,
    )
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

const insertBySqlite = (path: string, count: number): void => {
  const database = new DatabaseSync(path)
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE keys (id TEXT PRIMARY KEY, body TEXT)',
  )
  const insert = database.prepare('INSERT INTO keys VALUES (?, ?)')
  const body = JSON.stringify({ filler: 'x'.repeat(500) })
  for (let at = 0; at < count; at++) insert.run(`key ${at}`, body)
  database.close()
}
