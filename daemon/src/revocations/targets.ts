/**
 * Copies of the journal beside the backups. Promises: a copy has a fresh name that says how long it is; the newest two stay.
 * After each revocation the copies in the folders that backups went to are made anew, beside the work and as far as that goes:
 * a folder that is not there now is tried again the next time.
 */
import { mkdir, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { readLog } from '../disk/append-log.ts'
import { writeDurably } from '../disk/durable-file.ts'
import { keepNewest, readNewest } from '../disk/numbered-files.ts'
import { copyName, journalFolder, seqOfCopy } from './found.ts'

export interface Targets {
  /** Copies the journal into a folder, and remembers the folder. Rejects when the copy cannot be made. */
  add(dir: string): Promise<void>
  /** The journal has grown. */
  refresh(): void
  settled(): Promise<void>
}

interface Remembered {
  readonly number: number
  readonly storeId: string
  readonly dirs: readonly string[]
}

const fileName = 'revocations-targets'
const kept = 2
const dirsMax = 8

/** Writes the lines of the journal in `dataDir` into `dir`. Nothing happens when a copy as long as that is there. */
export const journalCopy = async (dir: string, { dataDir, storeId }: { dataDir: string; storeId: string }) => {
  const lines: string[] = []
  for await (const line of readLog(join(dataDir, journalFolder))) lines.push(line)
  const seqs = (await readdir(dir))
    .map((name) => seqOfCopy(name, storeId))
    .filter((seq) => seq !== undefined)
    .toSorted((a, b) => b - a)
  if (!seqs.includes(lines.length)) {
    const text = lines.map((line) => `${line}\n`).join('')
    await writeDurably(join(dir, copyName(storeId, lines.length)), Buffer.from(text, 'utf8'))
  }
  for (const seq of [...new Set([lines.length, ...seqs])].slice(kept))
    await unlink(join(dir, copyName(storeId, seq))).catch(() => undefined)
}

/** Takes the newest copy that lies beside a backup along into a folder that is put in the place of a lost one. */
export const bringJournal = async (from: string, folder: string, storeId: string): Promise<void> => {
  const newest = (await readdir(from))
    .filter((name) => seqOfCopy(name, storeId) !== undefined)
    .toSorted((a, b) => (seqOfCopy(b, storeId) ?? 0) - (seqOfCopy(a, storeId) ?? 0))[0]
  if (newest === undefined) return
  const dir = join(folder, journalFolder)
  await mkdir(dir, { recursive: true, mode: 0o700 })
  await writeDurably(join(dir, newest), await readFile(join(from, newest)))
}

export const createTargets = async (options: {
  dataDir: string
  machineDir: string
  storeId: string
  seq: () => number
  onFault: (message: string) => void
}): Promise<Targets> => {
  const { machineDir, storeId, onFault } = options
  const known = await readNewest<Remembered>(
    machineDir,
    fileName,
    (value, number) => value.number === number && value.storeId === storeId && Array.isArray(value.dirs),
  )
  let number = known?.number ?? 0
  let dirs = known?.dirs ?? []
  let writing: Promise<void> = Promise.resolve()
  let busy = false
  let due = false
  const silent = new Set<string>()

  const run = async (): Promise<void> => {
    while (due) {
      due = false
      for (const dir of dirs) {
        try {
          await journalCopy(dir, options)
          silent.delete(dir)
        } catch (error) {
          // A disk that was taken out is told of once, not with each revocation.
          if (!silent.has(dir))
            onFault(
              `The journal of revocations could not be copied into ${dir} (${(error as NodeJS.ErrnoException).code ?? 'unknown'}). The backups there know nothing of revocations since; it is tried again with the next one.`,
            )
          silent.add(dir)
        }
      }
    }
    busy = false
  }

  return {
    async add(dir) {
      await mkdir(dir, { recursive: true, mode: 0o700 })
      await journalCopy(dir, options)
      if (dirs.includes(dir)) return
      dirs = [dir, ...dirs].slice(0, dirsMax)
      number += 1
      await keepNewest(machineDir, fileName, number, { number, storeId, dirs })
    },
    refresh() {
      if (dirs.length === 0) return
      due = true
      if (busy) return
      busy = true
      writing = run()
    },
    settled: () => writing,
  }
}
