/** A writer that does not ask whether another one has the folder, and makes a key of each line it reads. For controls only. */
import { createInterface } from 'node:readline'
import { createChanges } from '../../daemon/src/change.ts'
import { issueKey } from '../../daemon/src/keys/key-steps.ts'
import { drawKeyMaterial } from '../../daemon/src/keys/material.ts'
import { systemActor } from '../../daemon/src/open-store.ts'
import { brokenKeystore } from './broken-writers.ts'
import { nowMs } from './thirty-changes.ts'

const [dir = ''] = process.argv.slice(2)
const changes = createChanges({
  keystore: await brokenKeystore('in-place', dir),
  audit: { append: async () => undefined },
  guard: (change) => change(),
  publish: () => undefined,
  context: () => ({ nowMs, zone: 'UTC', sealSecret: (secret) => `open:${secret}` }),
})
console.log('Postern runs')
for await (const name of createInterface({ input: process.stdin })) {
  await changes.change(systemActor, issueKey({ name }, drawKeyMaterial()))
  console.log(`made ${name}`)
}
