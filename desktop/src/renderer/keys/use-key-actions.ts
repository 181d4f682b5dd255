/** What can be done with a key from the table, the menu and the details. What stops or changes one can be undone. */
import { useMemo } from 'react'
import type { ExpiryChoice, KeyEdit, KeyView } from '@postern/shared'
import { Refusal } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import { evidenceSaid } from './evidence-said.ts'
import { rightsAsSent } from './rights-as-sent.ts'

export interface KeyActions {
  copy(key: KeyView): void
  disable(key: KeyView): void
  enable(key: KeyView): void
  /** Throws a Refusal, which the form shows. */
  edit(key: KeyView, edit: KeyEdit): Promise<void>
  remove(key: KeyView): Promise<void>
  restore(key: KeyView): void
  /** Ends the old value of a rotation; there is no way back. */
  retire(key: KeyView): void
  /** Tells what went wrong where there is no form to tell it. */
  tell(error: unknown): void
}

export const useKeyActions = (): KeyActions => {
  const { bridge, model, texts, dates, nowMs, toasts } = useConsole()
  const { show, undo } = toasts
  return useMemo(() => {
    const { said } = texts.keys
    const tell = (error: unknown): void => {
      const text =
        error instanceof Refusal && error.message !== '' ? error.message : texts.states.unexpected('internal')
      show(`${text} ${texts.states.notSaved}`, { alert: true })
    }
    /** `key`: the toast that this one takes the place of. */
    const sayUndoable = (text: string, back: () => Promise<void>, key?: string): void => {
      const take = (): void => {
        undo.current = null
        back().catch(tell)
      }
      const run = key === undefined ? take : Object.assign(take, { of: key })
      undo.current = run
      show(text, { actions: [{ text: texts.common.undo, run }], ...(key === undefined ? {} : { key }) })
    }
    const params = (key: KeyView) => ({ params: { key: key.id } })
    const disable = async (key: KeyView): Promise<void> => {
      const { evidence, ...changed } = await bridge.call('keys.disable', params(key))
      model.put(changed)
      const hit = evidenceSaid(evidence, { texts, dates, nowMs: nowMs() })
      sayUndoable(`${said.disabled(key.name)} ${hit}`, () => enable(changed))
    }
    const enable = async (key: KeyView): Promise<void> => {
      const changed = await bridge.call('keys.enable', params(key))
      model.put(changed)
      sayUndoable(said.enabled(key.name), () => disable(changed))
    }
    const edit = async (key: KeyView, body: KeyEdit): Promise<void> => {
      const changed = await bridge.call('keys.edit', { ...params(key), body, ifMatch: key.etag })
      model.put(changed)
      // A value that is no longer kept cannot be brought back.
      if (body.reveal !== undefined) return show(said.edited(changed.name))
      sayUndoable(said.edited(changed.name), async () => {
        const was = asItWas(key, body)
        model.put(await bridge.call('keys.edit', { ...params(key), body: was, ifMatch: changed.etag }))
        show(said.restored(key.name))
      })
    }
    const remove = async (key: KeyView): Promise<void> => {
      await bridge.call('keys.remove', params(key))
      model.drop(key.id)
      sayUndoable(
        said.removed(key.name),
        async () => {
          model.put(await bridge.call('keys.restore', params(key)))
          show(said.restored(key.name))
        },
        removed(key),
      )
    }
    const restore = async (key: KeyView): Promise<void> => {
      model.put(await bridge.call('keys.restore', params(key)))
      // What the deletion offered has been done; what another change offers has not.
      if (undo.current?.of === removed(key)) undo.current = null
      show(texts.keys.said.takenBack(key.name), { key: removed(key) })
    }
    const retire = async (key: KeyView): Promise<void> => {
      model.put(await bridge.call('keys.end_overlap', params(key)))
      show(texts.keys.said.oldStopped(key.name))
    }
    return {
      copy: (key) => void bridge.copyKey(key.id).catch(tell),
      disable: (key) => void disable(key).catch(tell),
      enable: (key) => void enable(key).catch(tell),
      edit,
      remove,
      restore: (key) => void restore(key).catch(tell),
      retire: (key) => void retire(key).catch(tell),
      tell,
    }
  }, [bridge, model, texts, dates, nowMs, show, undo])
}

/** Of a deletion's message, which a restored key takes the place of. */
const removed = ({ id }: KeyView): string => `removed ${id}`

/** What is sent to take an edit back: what it has changed, and nothing that somebody else may have changed since. */
const asItWas = (key: KeyView, edit: KeyEdit): KeyEdit => {
  const was: KeyEdit = {
    name: key.name,
    description: key.description,
    owner: key.owner,
    collections: key.collections?.map(({ id }) => id) ?? null,
    expires: endOf(key),
    ...rightsAsSent(key),
  }
  return Object.fromEntries(Object.entries(was).filter(([field]) => field in edit)) as KeyEdit
}

const endOf = ({ expires_at: at }: KeyView): ExpiryChoice => (at === null ? { never: true } : { at })
