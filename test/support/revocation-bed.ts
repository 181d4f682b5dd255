/** Machines with a journal of revocations each, without a keystore. */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { formatKeyValue } from '@postern/shared'
import { buildIndex } from '../../daemon/src/access/build-index.ts'
import { admit } from '../../daemon/src/access/decide.ts'
import type { Document } from '../../daemon/src/document/document.ts'
import { journalKeyOf } from '../../daemon/src/keystore/journal-key.ts'
import { adoptDocument, type Adopted } from '../../daemon/src/revocations/adopt.ts'
import { openRevocations, type Revocations } from '../../daemon/src/revocations/journal.ts'
import { keyIdOf, reread, secretOf, timeOf } from './revocation-document.ts'
import { temporaryDir } from './start-postern.ts'

export const storeId = '5b1c1a52-6f0e-4f5e-9a47-2f3f6a3f2b10'
const key = journalKeyOf(Buffer.alloc(32, 7), storeId)
const ended = timeOf(60)

export interface Machine {
  readonly dataDir: string
  readonly machineDir: string
  readonly alarms: string[]
}

export interface RevocationBed {
  readonly dir: string
  machine(): Promise<Machine>
  open(at: Machine, document: Document, generation: number): Promise<Revocations>
  remove(): Promise<void>
}

/** A bed for each test of a suite, made before it and taken away after it. */
export const revocationBeds = (): Omit<RevocationBed, 'remove'> => {
  let bed: RevocationBed
  beforeEach(async () => {
    bed = await revocationBed()
  })
  afterEach(() => bed.remove())
  return {
    get dir() {
      return bed.dir
    },
    machine: () => bed.machine(),
    open: (at, document, generation) => bed.open(at, document, generation),
  }
}

/** Whether a secret of a key passes. */
export const passes = (document: Document, n: number, version: number, nowMs: number): boolean => {
  const value = formatKeyValue({ keyId: keyIdOf(n), secret: secretOf(n, version) })
  const credential = { kind: 'value', value } as const
  return 'identified' in admit(buildIndex(document, 1), { credential, nowMs, address: null })
}

/** Makes a change and says so in the journal. */
export const change = async (
  journal: Revocations,
  before: Document,
  after: Document,
  generation: number,
): Promise<Document> => {
  await (await journal.begin(before, after, generation)).made()
  return after
}

/** A document from the disk of a machine, as it comes up there. */
export const comesUp = (
  at: Machine,
  document: Document,
  { generation, remembered, nowMs = ended }: { generation: number; remembered: number | null; nowMs?: number },
): Promise<{ document: Document; adopted: Adopted }> =>
  adoptDocument(
    reread(document),
    { storeId, generation, writtenAt: '2027-01-01T00:00:00.000Z', remembered, journalKey: key },
    { ...at, nowMs, quarantineAll: false },
  )

/** The files of a journal in a folder. */
export const logsIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => /^\d{8}\.jsonl$/.test(name)).map((name) => join(folder, name))

const revocationBed = async (): Promise<RevocationBed> => {
  const dir = await temporaryDir()
  let count = 0
  return {
    dir,
    async machine() {
      const base = join(dir, String((count += 1)))
      const made = { dataDir: join(base, 'data'), machineDir: join(base, 'machine'), alarms: [] }
      await mkdir(made.dataDir, { recursive: true })
      await mkdir(made.machineDir)
      return made
    },
    open: (at, document, generation) =>
      openRevocations({
        ...at,
        key,
        document,
        generation,
        now: () => timeOf(0),
        onAlarm: (kind, message) => at.alarms.push(`${kind}: ${message}`),
      }),
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}
