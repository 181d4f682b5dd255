/**
 * Is a backup good? Reads every byte of it, opens the newest generation in memory, parses every record, opens every sealed
 * secret and compares it with its verifier, and follows the chain of its audit trail. Promises: nothing is written, and
 * nothing of a secret is in what is told. Never: this machine's own store, whatever the backup holds.
 */
import { createHash } from 'node:crypto'
import type { BackupReport } from '@postern/shared'
import { isEnd } from './audit/chain.ts'
import { verifyTrail } from './audit/verify.ts'
import { findBackup, readBackup, type BackupFault, type BackupSource } from './backup/read-backup.ts'
import { documentCodec } from './document/codec.ts'
import type { Document, SealedSecret } from './document/document.ts'
import { channelSecretId } from './keys/channel-steps.ts'
import { signInSecretId } from './keys/sign-in-steps.ts'
import { signingSecretId } from './keys/signing-steps.ts'
import { associatedOf, documentPurpose } from './keys/sealed.ts'
import { headerOf, openCopy, type CopyKey, type OpenedCopy } from './keystore/open-copy.ts'
import { isProblem } from './problem.ts'
import { linesOfPieces } from './disk/read-lines.ts'

export interface ProveOptions {
  /** `null`: by hashes alone. */
  readonly key: CopyKey | null
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

export interface Proved {
  readonly report: BackupReport
  /** `null`: it was not opened, or nothing in it opens. */
  readonly opened: OpenedCopy<Document> | null
}

/**
 * Looks at a whole backup. What is wrong with it is in the report; throws for a path that is none (`field_invalid`), for a
 * key that does not open it (`keystore_locked`, `recovery_code_invalid`), and `keystore_too_new`.
 */
export const proveBackup = async (path: string, { key, onProgress }: ProveOptions): Promise<Proved> => {
  const source = await findBackup(path)
  const faults: BackupFault[] = []
  const about = { path, kind: source.kind, opened_with: null, records: null, secrets: null, trail: null }
  let read: Awaited<ReturnType<typeof readBackup>>
  try {
    const check = (bytes: Buffer): void => void headerOf(bytes)
    read = await readBackup(source, { check, ...(onProgress === undefined ? {} : { onProgress }) })
  } catch (error) {
    if (!isProblem(error, 'keystore_damaged')) throw error
    const unread = { store_id: null, generation: null, created_at: null, files: 0, bytes: 0, listed: null }
    return {
      report: { ok: false, ...about, ...unread, faults: [{ file: null, problem: error.message }] },
      opened: null,
    }
  }
  faults.push(...read.faults)
  const [newest] = read.generations
  const header = newest === undefined ? undefined : headerOf(newest.bytes)
  const told = {
    ...about,
    store_id: header?.storeId ?? null,
    generation: header?.gen ?? null,
    created_at: header?.created ?? null,
    files: read.files,
    bytes: read.bytes,
    listed: read.listed,
  }
  const report = (more: Partial<BackupReport>): BackupReport => ({ ...told, ...more, ok: faults.length === 0, faults })
  if (key === null || newest === undefined) return { report: report({}), opened: null }
  let opened: OpenedCopy<Document>
  try {
    opened = await openCopy(read, key, (plain) => documentCodec.parse(plain))
  } catch (error) {
    if (!isProblem(error, 'keystore_damaged')) throw error
    faults.push({ file: null, problem: error.message })
    return { report: report({}), opened: null }
  }
  for (const gen of opened.damaged)
    faults.push({ file: `store/${String(gen).padStart(10, '0')}.pks`, problem: 'it does not open' })
  for (const { slotId } of opened.lostSlots.filter(({ kind }) => kind === 'recovery'))
    faults.push({ file: `slots/${slotId}`, problem: 'no good copy of this recovery slot is in the backup' })
  const document = opened.value
  const secrets = await trySecrets(opened, faults)
  const trail = await tryTrail(source, opened, faults)
  const count = (records: object): number => Object.keys(records).length
  return {
    report: report({
      opened_with: 'code' in key ? 'recovery code' : 'machine key',
      generation: opened.generation,
      created_at: opened.createdAt,
      records: {
        keys: count(document.keys),
        clients: count(document.clients),
        collections: count(document.collections),
        endpoints: count(document.endpoints),
      },
      secrets,
      trail,
    }),
    opened,
  }
}

/** Opens every sealed secret; gives how many are good. Calls go on meanwhile. */
const trySecrets = async (
  { value: document, sealer }: OpenedCopy<Document>,
  faults: BackupFault[],
): Promise<number> => {
  const { open } = sealer(documentPurpose)
  let good = 0
  const attempt = (what: string, id: string, { sealed, version }: SealedSecret, verifier?: string): void => {
    try {
      const secret = open(sealed, associatedOf(id, version))
      const isFitting =
        verifier === undefined || createHash('sha256').update(id).update(secret).digest('base64url') === verifier
      if (!isFitting) throw new Error('another secret')
      good += 1
    } catch {
      faults.push({ file: null, problem: `the sealed secret of ${what} does not open, or is not the one it was` })
    }
  }
  for (const [at, { id, secrets }] of Object.values(document.keys).entries()) {
    if (at % breathEvery === 0) await breathe()
    for (const { sealed, version, verifier } of secrets)
      if (sealed !== null) attempt(`key ${id}`, id, { sealed, version }, verifier)
  }
  const { mail, webhook } = document.settings.channels
  if (mail !== null && mail.password !== null) attempt('the mail channel', channelSecretId('mail'), mail.password)
  if (webhook !== null) attempt('the webhook', channelSecretId('webhook'), webhook.secret)
  for (const { id, name, signIn } of Object.values(document.clients))
    if (signIn !== null && signIn.secret !== null) attempt(`the sign-in of ${name}`, signInSecretId(id), signIn.secret)
  for (const { id, privateKey } of document.settings.signingKeys)
    attempt('a signing key', signingSecretId(id), privateKey)
  return good
}

/**
 * Follows the chain of the trail; gives how many records are good. A copy made while records were being added may end in
 * the middle of an append: that end is left out, as a start from this copy would leave it out.
 */
const tryTrail = async (
  source: BackupSource,
  { storeId, trailPublicKey }: OpenedCopy<Document>,
  faults: BackupFault[],
): Promise<number> => {
  let sealedLines = 0
  let lines = 0
  for await (const line of linesOf(source)) {
    lines += 1
    if (isEnd(line)) sealedLines = lines
  }
  const sealed = async function* (): AsyncGenerator<string> {
    let at = 0
    for await (const line of linesOf(source)) {
      at += 1
      if (at > sealedLines) return
      yield line
    }
  }
  const { bad, entries } = await verifyTrail(sealed, { storeId, publicKey: trailPublicKey, head: undefined })
  if (bad !== null) faults.push({ file: 'audit', problem: `record ${bad.seq} of the audit trail: ${bad.reason}` })
  return entries
}

async function* linesOf(source: BackupSource): AsyncGenerator<string> {
  for await (const { path, pieces } of source.files())
    if (/^audit\/\d{8}\.jsonl$/.test(path)) yield* linesOfPieces(pieces)
}

const breathEvery = 100

/** Lets whoever waits have a turn. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const shownMax = 3

/** For people: the first few things that are wrong with a backup. */
export const sayFaults = ({ faults }: BackupReport): string => {
  const shown = faults.slice(0, shownMax).map(({ file, problem }) => (file === null ? problem : `${file}: ${problem}`))
  return `${shown.join('; ')}${faults.length > shownMax ? ` and ${faults.length - shownMax} more` : ''}.`
}
