/** Only a backup whose sealed secrets open here is merged: else a key or a sign-in would come back that nobody can use. */
import assert from 'node:assert/strict'
import type { BackupReport } from '@postern/shared'
import type { Document } from '../../daemon/src/document/document.ts'
import { signInSecretId } from '../../daemon/src/keys/sign-in-steps.ts'
import type { OpenedCopy } from '../../daemon/src/keystore/open-copy.ts'
import { createMerging } from '../../daemon/src/merge-backup.ts'
import { makeClient, makeDocument, makeKey } from '../support/access-document.ts'

const client = makeClient({
  id: 'cl_away',
  name: 'Away',
  accepts: ['jwt'],
  signIn: {
    kind: 'jwt',
    algorithms: ['HS256'],
    secret: { sealed: 'of the sign-in', version: 3 },
    publicKey: null,
    issuer: null,
    jwksUrl: null,
    ca: null,
    allowedIssuers: [],
    audience: null,
    requiredClaims: [],
    profileClaim: 'key',
    keyId: null,
  },
})
const { record } = makeKey()
const key = { ...record, secrets: record.secrets.map((secret) => ({ ...secret, sealed: 'of the key' })) }
const backup = makeDocument({ clients: [makeClient(), client], keys: [key] })

describe('merging a backup', () => {
  /** `opens`: which sealed texts this store opens. */
  const preview = async (opens: readonly string[]) => {
    const asked: string[] = []
    const merging = createMerging({
      storeId: 'here',
      document: () => makeDocument({}),
      sealer: {
        seal: () => assert.fail('nothing is sealed'),
        open: (sealed, associated) => {
          asked.push(`${sealed}, ${associated}`)
          if (!opens.includes(sealed)) throw new Error('sealed by another key')
          return Buffer.alloc(0)
        },
      },
      now: () => 0,
      change: () => assert.fail('nothing is changed'),
      keysOfTrail: async () => new Set(),
      prove: async () => ({
        report: { ok: true } as BackupReport,
        opened: { storeId: 'here', hash: 'h', generation: 1, createdAt: '', value: backup } as OpenedCopy<Document>,
      }),
    })
    return { shown: await merging.preview('x', false, () => undefined), asked }
  }

  it('looks at every secret of keys and of sign-ins, each under its own id and version', async () => {
    const { shown, asked } = await preview(['of the key', 'of the sign-in'])
    assert.deepEqual(
      shown.adds.map(({ kind }) => kind),
      ['client', 'key'],
    )
    assert.deepEqual(asked, [`of the key, ${key.id}/secret/2`, `of the sign-in, ${signInSecretId('cl_away')}/secret/3`])
  })

  it('is refused, naming the record, when one does not open', async () => {
    await assert.rejects(preview(['of the sign-in']), {
      code: 'conflict',
      message: new RegExp(`secret of key ${key.id}`),
    })
    await assert.rejects(preview(['of the key']), { code: 'conflict', message: /sign-in secret of client cl_away/ })
  })
})
