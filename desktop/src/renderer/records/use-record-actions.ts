/** What can be done with a client, a collection or an endpoint. What stops or changes one can be undone. */
import { useMemo } from 'react'
import type { CollectionView, ReachEvidence } from '@postern/shared'
import { Refusal, type Bridge } from '../../bridge.ts'
import { useConsole, type Console } from '../console-context.ts'
import { backOf } from './back-of.ts'
import { titleOf, bodiesOf, type AnyView, type EditOf, type Kind, type ViewOf } from './kinds.ts'

export interface RecordActions<K extends Kind> {
  /** Says that it has been made, and offers to take that back. `within`: a collection made on the way, which goes with it. */
  made(record: ViewOf[K], within?: CollectionView | null): void
  disable(record: ViewOf[K]): void
  enable(record: ViewOf[K]): void
  /** Throws a Refusal, which the form shows. */
  edit(record: ViewOf[K], edit: EditOf[K]): Promise<void>
  /** Throws a Refusal, which the dialog shows. */
  remove(record: ViewOf[K]): Promise<void>
}

interface Calls<K extends Kind> {
  disable(id: string): Promise<ViewOf[K] & { evidence: ReachEvidence }>
  enable(id: string): Promise<ViewOf[K]>
  edit(id: string, body: EditOf[K], ifMatch: string): Promise<ViewOf[K]>
  remove(id: string): Promise<unknown>
  /** Makes it once more, under a new id; null: it would not be what it was. */
  remake(record: ViewOf[K]): (() => Promise<unknown>) | null
}

/**
 * What was removed can be made again where nothing but its id is lost. A collection loses who was granted it; an endpoint
 * that was disabled would answer for a moment; a client's callers sign in with its secret, or with the rights of its keys.
 */
const callsOf = (bridge: Bridge): { readonly [K in Kind]: Calls<K> } => ({
  clients: {
    disable: (client) => bridge.call('clients.disable', { params: { client } }),
    enable: (client) => bridge.call('clients.enable', { params: { client } }),
    edit: (client, body, ifMatch) => bridge.editClient(client, body, ifMatch),
    remove: (client) => bridge.call('clients.remove', { params: { client } }),
    remake: (record) =>
      record.sign_in === null
        ? async () => {
            const made = await bridge.createClient(bodiesOf.clients(record), crypto.randomUUID())
            if (!record.enabled) await bridge.call('clients.disable', { params: { client: made.id } })
          }
        : null,
  },
  collections: {
    disable: (collection) => bridge.call('collections.disable', { params: { collection } }),
    enable: (collection) => bridge.call('collections.enable', { params: { collection } }),
    edit: (collection, body, ifMatch) => bridge.call('collections.edit', { params: { collection }, body, ifMatch }),
    remove: (collection) => bridge.call('collections.remove', { params: { collection } }),
    remake: () => null,
  },
  endpoints: {
    disable: (endpoint) => bridge.call('endpoints.disable', { params: { endpoint } }),
    enable: (endpoint) => bridge.call('endpoints.enable', { params: { endpoint } }),
    edit: (endpoint, body, ifMatch) => bridge.call('endpoints.edit', { params: { endpoint }, body, ifMatch }),
    remove: (endpoint) => bridge.call('endpoints.remove', { params: { endpoint } }),
    remake: (record) =>
      record.enabled ? () => bridge.call('endpoints.create', { body: bodiesOf.endpoints(record) }) : null,
  },
})

/** Whether a removal of it could be undone; the dialog says so. */
export const canRemake = (kind: Kind, record: AnyView): boolean =>
  'sign_in' in record ? record.sign_in === null : kind === 'endpoints' && record.enabled

export const useRecordActions = <K extends Kind>(kind: K): RecordActions<K> => {
  const console = useConsole()
  const { bridge, texts } = console
  const { show, undo } = console.toasts
  return useMemo(() => actionsOf(kind, callsOf(bridge), texts, { show, undo }), [kind, bridge, texts, show, undo])
}

const actionsOf = <K extends Kind>(
  kind: K,
  of: ReturnType<typeof callsOf>,
  texts: Console['texts'],
  { show, undo }: Pick<Console['toasts'], 'show' | 'undo'>,
): RecordActions<K> => {
  const { said } = texts.records
  const calls: Calls<K> = of[kind]
  const sayings: Readonly<Record<'disabled' | 'enabled', Readonly<Record<Kind, (name: string) => string>>>> = said
  const tell = (error: unknown): void => {
    const text = error instanceof Refusal && error.message !== '' ? error.message : texts.states.unexpected('internal')
    show(`${text} ${texts.states.notSaved}`, { alert: true })
  }
  const sayUndoable = (text: string, back: () => Promise<void>): void => {
    const run = (): void => {
      undo.current = null
      back().catch(tell)
    }
    undo.current = run
    show(text, { actions: [{ text: texts.common.undo, run }] })
  }
  const made = (record: ViewOf[K], within: CollectionView | null = null): void =>
    sayUndoable(said.created(titleOf(record)), async () => {
      await calls.remove(record.id)
      if (within !== null) await of.collections.remove(within.id)
      show(said.unmade(titleOf(record)))
    })
  const disable = async (record: ViewOf[K]): Promise<void> => {
    const { evidence } = await calls.disable(record.id)
    const hit = evidence.calls === 0 ? '' : ` ${said.hit(evidence.calls, evidence.days)}`
    sayUndoable(`${sayings.disabled[kind](titleOf(record))}${hit}`, () => enable(record))
  }
  const enable = async (record: ViewOf[K]): Promise<void> => {
    await calls.enable(record.id)
    sayUndoable(sayings.enabled[kind](titleOf(record)), () => disable(record))
  }
  const edit = async (record: ViewOf[K], body: EditOf[K]): Promise<void> => {
    const changed = await calls.edit(record.id, body, record.etag).catch((error: unknown) => {
      throw inOurWords(error, texts)
    })
    const { was, isWhole } = backOf(kind, record, body)
    const text = said.edited(titleOf(changed))
    if (Object.keys(was).length === 0) {
      // What was done before is not the last change any more.
      undo.current = null
      return show(`${text} ${texts.signIn.notUndone}`)
    }
    sayUndoable(isWhole ? text : `${text} ${texts.signIn.restUndone}`, async () => {
      await calls.edit(record.id, was, changed.etag)
      show(isWhole ? said.restored(titleOf(record)) : said.restRestored(titleOf(record)))
    })
  }
  const remove = async (record: ViewOf[K]): Promise<void> => {
    await calls.remove(record.id)
    const remake = calls.remake(record)
    const name = titleOf(record)
    if (remake === null) return show(said.removed(name))
    return sayUndoable(said.removed(name), async () => {
      await remake()
      show(said.remade(name))
    })
  }
  return {
    made,
    disable: (record) => void disable(record).catch(tell),
    enable: (record) => void enable(record).catch(tell),
    edit,
    remove,
  }
}

/** The form's own words for a change meanwhile are about a key. */
const inOurWords = (error: unknown, texts: Console['texts']): unknown =>
  error instanceof Refusal && error.code === 'precondition_failed'
    ? new Refusal('conflict', texts.records.changedMeanwhile)
    : error
