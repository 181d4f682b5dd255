/**
 * A backup's records merged into the open store: shown first, then done as it was shown, as one change. Promises: only a
 * backup that is good as a whole, of this very store, whose sealed secrets open here. Never: a change outside change.ts.
 */
import type { RestoreDone, RestorePreview } from '@postern/shared'
import type { Who } from './change.ts'
import type { Document } from './document/document.ts'
import type { Step } from './document/step.ts'
import { hashOfPlan, planRestore, restoreRecords, type RestoreAsked } from './keys/restore-steps.ts'
import { associatedOf } from './keys/sealed.ts'
import { signInSecretId } from './keys/sign-in-steps.ts'
import type { OpenedCopy } from './keystore/open-copy.ts'
import type { Sealer } from './keystore/sealer.ts'
import { Problem } from './problem.ts'
import { breathe, sayFaults, type Proved } from './prove-backup.ts'

type OnProgress = (done: number, total: number) => void

export interface Merging {
  /** Throws `keystore_damaged`, `keystore_locked`, and `conflict` for a backup of another store. */
  preview(path: string, replace: boolean, onProgress: OnProgress): Promise<RestorePreview>
  /** Throws also `precondition_failed` when it would not do what was shown. */
  restore(
    who: Who,
    asked: { path: string; replace: boolean; hash: string },
    onProgress: OnProgress,
  ): Promise<RestoreDone>
}

export const createMerging = (deps: {
  storeId: string
  document: () => Document
  /** Of the secrets in the document. */
  sealer: Sealer
  now: () => number
  change: <R>(who: Who, step: Step<R>) => Promise<R>
  keysOfTrail: () => Promise<ReadonlySet<string>>
  prove: (path: string, onProgress: OnProgress) => Promise<Proved>
}): Merging => {
  const open = async (path: string, replace: boolean, onProgress: OnProgress) => {
    const { report, opened: copy } = await deps.prove(path, onProgress)
    if (copy !== null && copy.storeId !== deps.storeId) throw otherStore(copy.storeId)
    if (copy === null || !report.ok)
      throw new Problem('keystore_damaged', { detail: `The backup is not good: ${sayFaults(report)} Use another one.` })
    await assertSealsFit(copy, deps.sealer)
    const knownKeys = await deps.keysOfTrail()
    const asked: RestoreAsked = { backup: copy.value, backupHash: copy.hash, replace, knownKeys }
    const about = { path, store_id: copy.storeId, generation: copy.generation, created_at: copy.createdAt }
    return { asked, about }
  }
  return {
    async preview(path, replace, onProgress) {
      const { asked, about } = await open(path, replace, onProgress)
      const { plan } = planRestore(deps.document(), asked, deps.now())
      return { ...about, ...plan, hash: hashOfPlan(plan, asked) }
    },
    async restore(who, { path, replace, hash }, onProgress) {
      const { asked, about } = await open(path, replace, onProgress)
      return { ...about, ...(await deps.change(who, restoreRecords(asked, hash, about.created_at))) }
    },
  }
}

export const otherStore = (found: string): Problem =>
  new Problem('conflict', {
    detail: `This is a backup of another store (${found}); its sealed secrets do not fit here. It opens as a store of its own, in another folder.`,
  })

/** Of the same store, but from before its field key was changed: what is sealed there would not open here. */
const assertSealsFit = async ({ value }: OpenedCopy<Document>, sealer: Sealer): Promise<void> => {
  for (const { id, secrets } of Object.values(value.keys)) {
    await breathe()
    for (const { sealed, version } of secrets)
      try {
        if (sealed !== null) sealer.open(sealed, associatedOf(id, version))
      } catch {
        throw new Problem('conflict', {
          detail: `The secret of key ${id} is sealed in a way that this store no longer opens, so the backup cannot be merged. It opens as a store of its own, in another folder.`,
        })
      }
  }
  for (const { id, signIn } of Object.values(value.clients))
    try {
      if (signIn !== null && signIn.secret !== null)
        sealer.open(signIn.secret.sealed, associatedOf(signInSecretId(id), signIn.secret.version))
    } catch {
      throw new Problem('conflict', {
        detail: `The sign-in secret of client ${id} is sealed in a way that this store no longer opens, so the backup cannot be merged. It opens as a store of its own, in another folder.`,
      })
    }
}
