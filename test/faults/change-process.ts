/**
 * A process of its own that makes the thirty changes through the real rooms, over and over on folders it is told. It says
 * what became of each on standard output: `O` the store is open, `A n` it was acknowledged, `R n code` it was refused. It
 * loads nothing else, so that many can be started. Run as a program only.
 */
import { writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { createChanges } from '../../daemon/src/change.ts'
import { keystoreDeps } from '../../daemon/src/init-store.ts'
import { holdFolder } from '../../daemon/src/keystore/folder-hold.ts'
import { openKeystore } from '../../daemon/src/keystore/open.ts'
import { systemActor, useStore } from '../../daemon/src/open-store.ts'
import { isProblem } from '../../daemon/src/problem.ts'
import { brokenKeystore, type BrokenWriter } from './broken-writers.ts'
import { changeNumber, changesMade, nowMs } from './thirty-changes.ts'

export interface Job {
  readonly dataDir: string
  readonly machineDir: string
  readonly writer: 'real' | BrokenWriter
  /** This write, counted from 1, and none other takes half of what it is given. */
  readonly shortWriteAt: number | null
}

// From the main thread and at once: what is said is out before anything else happens.
const say = (line: string): void => void writeSync(1, `${line}\n`)
const codeOf = (error: unknown): string =>
  isProblem(error) ? error.code : ((error as NodeJS.ErrnoException).code ?? String(error).replaceAll('\n', ' '))

let writes = 0
let shortWriteAt: number | null = null

/** Short writes are real ones: fewer bytes reach the file, and their count is told. */
const patchWrites = async (): Promise<void> => {
  const file = await open(import.meta.filename, 'r')
  const prototype = Object.getPrototypeOf(file) as { write: (...given: unknown[]) => unknown }
  await file.close()
  const { write } = prototype
  prototype.write = function (this: unknown, ...[bytes, offset, length, at]: unknown[]) {
    writes += 1
    const short = writes === shortWriteAt && typeof length === 'number' && length > 1
    return write.call(this, bytes, offset, short ? Math.floor(length / 2) : length, at)
  }
}

type Make = (change: number) => Promise<unknown>

const openReal = async (job: Job): Promise<{ make: Make; close: () => Promise<void> }> => {
  const hold = await holdFolder(job.dataDir, job.machineDir)
  try {
    const now = (): number => nowMs
    const keystore = await openKeystore(keystoreDeps(job, { now, onAlarm: () => undefined }), hold)
    const store = await useStore(keystore, { ...job, now, zone: 'UTC', onAlarm: () => undefined })
    return {
      make: (change) => store.change(systemActor, changeNumber(change)),
      close: async () => {
        try {
          await store.close()
        } finally {
          await hold.release()
        }
      },
    }
  } catch (error) {
    await hold.release()
    throw error
  }
}

const openBroken = async (writer: BrokenWriter, dir: string): Promise<{ make: Make; close: () => Promise<void> }> => {
  const changes = createChanges({
    keystore: await brokenKeystore(writer, dir),
    audit: { append: async () => undefined },
    guard: (change) => change(),
    publish: () => undefined,
    context: () => ({ nowMs, zone: 'UTC', sealSecret: (secret) => `open:${secret}` }),
  })
  return { make: (change) => changes.change(systemActor, changeNumber(change)), close: async () => undefined }
}

const run = async (job: Job): Promise<void> => {
  ;({ shortWriteAt } = job)
  writes = 0
  const { make, close } = await (job.writer === 'real' ? openReal(job) : openBroken(job.writer, job.dataDir))
  say('O')
  for (let change = 0; change < changesMade; change++)
    await make(change).then(
      () => say(`A ${change}`),
      (error: unknown) => say(`R ${change} ${codeOf(error)}`),
    )
  await close()
}

await patchWrites()
say('ready')
for await (const line of createInterface({ input: process.stdin })) {
  await run(JSON.parse(line) as Job).catch((error: unknown) => say(`X ${codeOf(error)}`))
  say(`done ${writes}`)
}
