/**
 * Secrets of the document, sealed and opened again. Promises: the value of a key is answered only after the trail has its
 * record; what was sealed for one record and version opens for no other.
 */
import { formatKeyValue } from '@postern/shared'
import type { NewAuditEntry } from './audit/audit-trail.ts'
import type { Who } from './change.ts'
import type { KeyRecord, SealedSecret } from './document/document.ts'
import { associatedOf } from './keys/sealed.ts'
import type { Sealer } from './keystore/sealer.ts'
import { Problem, Secret } from './problem.ts'

type RecordDone = (who: Who, entry: Pick<NewAuditEntry, 'action' | 'object' | 'note'>) => Promise<void>

export const createSecretOpener = (sealer: Sealer, recordDone: RecordDone) => {
  const open = ({ sealed, version }: SealedSecret, id: string): Secret =>
    new Secret(sealer.open(sealed, associatedOf(id, version)).toString('utf8'))

  return {
    seal: (secret: string, id: string, version: number): string =>
      sealer.seal(Buffer.from(secret, 'utf8'), associatedOf(id, version)),
    open,
    /** The value of a key, recorded first with what is said. Throws `conflict` for one that is not kept. */
    async openKey(who: Who, key: KeyRecord, said: Pick<NewAuditEntry, 'action' | 'note'>): Promise<Secret> {
      const [current] = key.secrets
      if (current === undefined || current.sealed === null)
        throw new Problem('conflict', {
          detail: `The value of this key is not kept (reveal policy "${key.reveal}"). Rotate the key to get a new value.`,
        })
      const secret = open({ sealed: current.sealed, version: current.version }, key.id).reveal()
      await recordDone(who, { ...said, object: { kind: 'key', id: key.id, name: key.name } })
      return new Secret(formatKeyValue({ keyId: key.id, secret }))
    },
  }
}
