/** A store of an older format, as it was written, opens for ever: with its machine key, and with its recovery code. */
import assert from 'node:assert/strict'
import { chmod, cp, readdir, rm } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { documentVersion } from '../../daemon/src/document/document.ts'
import { migrate } from '../../daemon/src/document/migrate.ts'
import { keystoreDeps } from '../../daemon/src/init-store.ts'
import { holdFolder } from '../../daemon/src/keystore/folder-hold.ts'
import { openKeystore, unlockWithRecovery } from '../../daemon/src/keystore/open.ts'
import { useStore } from '../../daemon/src/open-store.ts'
import { Secret } from '../../daemon/src/problem.ts'
import { temporaryDir } from '../support/start-postern.ts'

for (const format of ['store-v1', 'store-v2', 'store-v3', 'store-v4'])
  describe(`an older store: ${format}`, () => {
    const fixture = join(import.meta.dirname, '..', 'fixtures', format)
    const expected = JSON.parse(readFileSync(join(fixture, 'expected.json'), 'utf8')) as {
      recoveryCode: string
      value: string
      document: { version: number }
    }
    let dir: string
    const folders = () => ({ dataDir: join(dir, 'data'), machineDir: join(dir, 'machine') })
    const deps = () => keystoreDeps(folders(), { now: Date.now, onAlarm: ({ message }) => assert.fail(message) })

    /** Version control keeps neither the modes nor empty folders. */
    const lay = async (...parts: string[]): Promise<void> => {
      dir = await temporaryDir()
      for (const part of parts) await cp(join(fixture, part), join(dir, part), { recursive: true })
      for (const name of await readdir(dir, { recursive: true }))
        await chmod(join(dir, name), name.includes('.') || name.endsWith('lock') ? 0o600 : 0o700)
    }
    afterEach(() => rm(dir, { recursive: true, force: true }))

    it('opens with the machine key, and its secrets are readable', async () => {
      await lay('data', 'machine')
      const hold = await holdFolder(folders().dataDir, folders().machineDir)
      const keystore = await openKeystore(deps(), hold)
      assert.deepEqual(keystore.document, migrate(expected.document, documentVersion))
      const store = await useStore(keystore, {
        ...folders(),
        now: Date.now,
        zone: 'UTC',
        onAlarm: (_kind, message) => assert.fail(message),
      })
      const who = { actor: { kind: 'system', name: 'test', proof: 'none' } as const, requestId: null }
      assert.equal((await store.revealKey(who, 'Always')).value?.reveal(), expected.value)
      await store.close()
      await hold.release()
    })

    it('opens elsewhere with the recovery code', async () => {
      await lay('data')
      const hold = await holdFolder(folders().dataDir, folders().machineDir)
      const keystore = await unlockWithRecovery(deps(), hold, new Secret(expected.recoveryCode))
      assert.deepEqual(keystore.document, migrate(expected.document, documentVersion))
      await hold.release()
    })
  })
