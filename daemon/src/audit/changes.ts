/**
 * The changes in the trail, for those they concern. Promises: oldest first, always in the same order; what was taken back
 * is left out; nothing is told before it is true. Never: a reveal, a refusal, or anything else that changed nothing.
 */
import type { AuditEntry, ChangesAsked, ToldChange } from '@postern/shared'

/** What happened at once and is told as it is; other `done` entries are looks and not changes. */
const doneChanges: ReadonlySet<string> = new Set(['keystore.init', 'keystore.unlock', 'slot.add', 'slot.remove'])

/**
 * `entries`: the trail, oldest first. `generation`: of the store at this moment; intents above it may still fail.
 * `ownerOf`: the client that owns a key, for records that do not say.
 */
export async function* toldChanges(
  entries: AsyncIterable<AuditEntry>,
  asked: ChangesAsked,
  { generation, ownerOf }: { generation: number; ownerOf: (keyId: string) => string | undefined },
): AsyncGenerator<ToldChange> {
  // Intents wait until the trail goes on: what takes them back stands before the next ones.
  let held: AuditEntry[] = []
  let pending: number | null = null
  for await (const entry of entries) {
    if (entry.outcome === 'not_committed') {
      held = held.filter((each) => each.generation !== entry.generation)
      pending = null
    } else if (entry.outcome === 'intent') {
      if (pending !== null && pending !== entry.generation) {
        yield* told(held, asked, ownerOf)
        held = []
      }
      pending = entry.generation
      held.push(entry)
    } else if (entry.outcome === 'done' && doneChanges.has(entry.action)) held.push(entry)
  }
  const first = held.findIndex((each) => each.generation !== null && each.generation > generation)
  yield* told(first < 0 ? held : held.slice(0, first), asked, ownerOf)
}

function* told(
  entries: readonly AuditEntry[],
  { fromMs, toMs, after, clientId }: ChangesAsked,
  ownerOf: (keyId: string) => string | undefined,
): Generator<ToldChange> {
  for (const entry of entries) {
    const { seq, ts, action, object, fields, note, generation, actor } = entry
    const atMs = Date.parse(ts)
    if (seq <= after || !(atMs >= fromMs && atMs < toMs)) continue
    const client = entry.client ?? (object.kind === 'key' ? (ownerOf(object.id) ?? null) : null)
    if (clientId !== null && client !== clientId && object.id !== clientId) continue
    const change = { seq, at: ts, action, object, client, generation }
    if (clientId !== null) {
      // A client's own connectors must not learn which of its keys is a trap.
      const shown = fields?.filter((field) => field !== 'honey')
      yield { seq, change: { ...change, ...(shown === undefined ? {} : { fields: shown }) } }
    } else {
      const more = { ...(fields === undefined ? {} : { fields }), ...(note === undefined ? {} : { note }), actor }
      yield { seq, change: { ...change, ...more } }
    }
  }
}
