/** What a process that made the thirty changes left, against what it said of each. */
import { isDeepStrictEqual } from 'node:util'
import type { Document } from '../../daemon/src/document/document.ts'
import { keystoreDeps, type Folders } from '../../daemon/src/init-store.ts'
import { holdFolder } from '../../daemon/src/keystore/folder-hold.ts'
import { openKeystore } from '../../daemon/src/keystore/open.ts'
import { issueKey } from '../../daemon/src/keys/key-steps.ts'
import { drawKeyMaterial } from '../../daemon/src/keys/material.ts'
import { systemActor, useStore } from '../../daemon/src/open-store.ts'
import { isProblem } from '../../daemon/src/problem.ts'
import { changesMade, documentAfter, emptyDocument, nowMs, opened } from './thirty-changes.ts'
import type { Outcome } from './change-worker.ts'

export interface Verdict {
  readonly lost: number
  readonly wrong: number
  readonly uncaught: number
  readonly note: string | undefined
}

export interface Found {
  /** With its secrets open. */
  readonly document: Document
  /** The first record of the trail that is not what was written; `undefined` when all are. */
  readonly trailFault: string | undefined
}

/** Opens the folder as the next start would, and makes one more change: what was found must also go on. */
export const recover = async (folders: Folders): Promise<Found> => {
  const hold = await holdFolder(folders.dataDir, folders.machineDir)
  try {
    const now = (): number => nowMs
    const keystore = await openKeystore(keystoreDeps(folders, { now, onAlarm: () => undefined }), hold)
    const store = await useStore(keystore, { ...folders, now, zone: 'UTC', onAlarm: () => undefined })
    const document = opened(store.document(), store.openSecret)
    const verified = await store.trail.verify()
    await store.change(systemActor, issueKey({ name: 'One more' }, drawKeyMaterial()))
    await store.close()
    return { document, trailFault: verified.ok ? undefined : JSON.stringify(verified) }
  } finally {
    await hold.release()
  }
}

/** The documents that may be there: all that was answered, and of what was not, the one change that was being made. */
const allowed = ({ acknowledged, refused, end }: Outcome): Document[] => {
  const answered = documentAfter(emptyDocument(), acknowledged)
  const next = acknowledged.length + refused.size
  const inFlight =
    end === 'done' || next >= changesMade ? [] : [documentAfter(emptyDocument(), [...acknowledged, next])]
  return [answered, ...inFlight]
}

export const judge = async (outcome: Outcome, look: () => Promise<Found>): Promise<Verdict> => {
  const notes: string[] = []
  let [lost, wrong, uncaught] = [0, 0, 0]
  if (outcome.end === 'crashed') {
    uncaught += 1
    notes.push(`the process ended by itself: ${outcome.said.slice(-600)}`)
  }
  for (const [change, code] of outcome.refused)
    if (!/^(store_unavailable|not_found)$/.test(code)) {
      uncaught += 1
      notes.push(`change ${change} was refused with ${code}`)
    }
  const found = await look().catch((error: unknown) => {
    if (!isProblem(error)) uncaught += 1
    lost += outcome.acknowledged.length
    notes.push(`it does not open any more: ${String(error)}`)
    return undefined
  })
  if (found !== undefined) {
    const [answered = found.document, ...inFlight] = allowed(outcome)
    if (![answered, ...inFlight].some((each) => isDeepStrictEqual(each, found.document))) {
      const missing = recordsOf(answered).filter((record) => !recordsOf(found.document).includes(record)).length
      lost += missing
      wrong += missing === 0 ? 1 : 0
      notes.push(`what is there is not what was answered: ${missing} records are not as they were acknowledged`)
    }
    if (found.trailFault !== undefined) {
      wrong += 1
      notes.push(`the audit trail: ${found.trailFault}`)
    }
  }
  return { lost, wrong, uncaught, note: notes.length === 0 ? undefined : notes.join('; ') }
}

const recordsOf = ({ keys, clients, collections, endpoints }: Document): string[] =>
  [keys, clients, collections, endpoints].flatMap((records) =>
    Object.values(records).map((each) => JSON.stringify(each)),
  )
