/** Documents with many keys, made by the very steps that make them in a daemon. */
import { firstDocument } from '../../daemon/src/document/codec.ts'
import type { Document } from '../../daemon/src/document/document.ts'
import type { Step } from '../../daemon/src/document/step.ts'
import { createCollection } from '../../daemon/src/keys/collection-steps.ts'
import { createEndpoint } from '../../daemon/src/keys/endpoint-steps.ts'
import { issueKey } from '../../daemon/src/keys/key-steps.ts'
import { drawKeyMaterial, type KeyMaterial } from '../../daemon/src/keys/material.ts'

/** A document with `count` keys and an endpoint `/erp/{rest*}`; `material` is one of the keys. */
export const documentOf = (
  count: number,
  upstream = 'http://127.0.0.1:9',
): { document: Document; material: KeyMaterial } => {
  const context = { nowMs: Date.now(), zone: 'UTC', sealSecret: (secret: string) => `v1.${secret}${'x'.repeat(40)}` }
  const apply = (document: Document, step: Step<unknown>): Document => step(document, context).document
  let document = apply(firstDocument(Date.now()), createCollection({ name: 'ERP' }, 'co_000000000001'))
  document = apply(
    document,
    createEndpoint({ collection: 'ERP', path: '/erp/{rest*}', upstream: `${upstream}/{rest*}` }, 'ep_000000000001'),
  )
  const material = drawKeyMaterial()
  document = apply(document, issueKey({ name: 'The measured key', owner: 'team@example.com' }, material))
  // The steps copy the shelf of keys for each key, which is right for one change and too slow for thousands. Each starts
  // from the shelf of one key: thousands of ids added to empty objects would make every `{}` of the process slow.
  const keys = { ...document.keys }
  for (let at = 1; at < count; at++) {
    const { result } = issueKey({ name: `Key number ${at}`, description: 'A key like others' }, drawKeyMaterial())(
      document,
      context,
    )
    keys[result.key.id] = result.key
  }
  return { document: { ...document, keys }, material }
}
