/** The admin call that brings keys from elsewhere. */
import { randomBytes } from 'node:crypto'
import { importKeys } from '../keys/import-steps.ts'
import { drawKeyIds } from '../keys/material.ts'
import type { Handlers } from './handlers.ts'

export const importHandlers: Handlers<'keys.import'> = {
  'keys.import': async ({ body: { keys, dry_run: dryRun = false }, who, rooms }) => {
    const store = rooms.store()
    const keyIds = drawKeyIds(keys.length, store.document().keys)
    const pepper = randomBytes(32).toString('base64url')
    return store.change(who, importKeys(keys, { keyIds, pepper }, { dryRun }))
  },
}
