/** What can be done with a policy or an admin token. Promises: what stops or changes one can be undone, in a message. */
import { useMemo } from 'react'
import { Refusal, type Bridge } from '../../bridge.ts'
import { useConsole, type Console } from '../console-context.ts'

interface Plain {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly etag: string
}

export interface PlainCalls<V extends Plain, E extends object> {
  disable(id: string): Promise<V>
  enable(id: string): Promise<V>
  edit(id: string, body: E, ifMatch: string): Promise<V>
  remove(id: string): Promise<unknown>
  /** All that can be edited of it, as it is now. */
  bodyOf(record: V): E
  /** Makes what was removed once more, under a new id; null: it would not be what it was. */
  readonly remake: ((record: V) => Promise<unknown>) | null
}

export interface PlainSayings {
  disabled(name: string): string
  enabled(name: string): string
}

export interface PlainActions<V, E> {
  /** Says that it has been made, and offers to take that back. */
  made(record: V): void
  disable(record: V): void
  enable(record: V): void
  /** Throws a Refusal, which the form shows. */
  edit(record: V, body: Partial<E>): Promise<void>
  /** Throws a Refusal, which the dialog shows. */
  remove(record: V): Promise<void>
}

/** `callsOf` and `sayingsOf`: the same functions each time. */
export const usePlainActions = <V extends Plain, E extends object>(
  callsOf: (bridge: Bridge) => PlainCalls<V, E>,
  sayingsOf: (texts: Console['texts']) => PlainSayings,
): PlainActions<V, E> => {
  const { bridge, texts, toasts } = useConsole()
  const { show, undo } = toasts
  return useMemo(() => {
    const calls = callsOf(bridge)
    const sayings = sayingsOf(texts)
    const { said, changedMeanwhile } = texts.records
    const tell = (error: unknown): void => {
      const text =
        error instanceof Refusal && error.message !== '' ? error.message : texts.states.unexpected('internal')
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
    const disable = async (record: V): Promise<void> => {
      await calls.disable(record.id)
      sayUndoable(sayings.disabled(record.name), () => enable(record))
    }
    const enable = async (record: V): Promise<void> => {
      await calls.enable(record.id)
      sayUndoable(sayings.enabled(record.name), () => disable(record))
    }
    const made = (record: V): void =>
      sayUndoable(said.created(record.name), async () => {
        await calls.remove(record.id)
        show(said.unmade(record.name))
      })
    const edit = async (record: V, body: Partial<E>): Promise<void> => {
      const changed = await calls.edit(record.id, body as E, record.etag).catch((error: unknown) => {
        // The form's own words for a change meanwhile are about a key.
        throw error instanceof Refusal && error.code === 'precondition_failed'
          ? new Refusal('conflict', changedMeanwhile)
          : error
      })
      const was = Object.fromEntries(Object.entries(calls.bodyOf(record)).filter(([field]) => field in body)) as E
      sayUndoable(said.edited(changed.name), async () => {
        await calls.edit(record.id, was, changed.etag)
        show(said.restored(record.name))
      })
    }
    const remove = async (record: V): Promise<void> => {
      await calls.remove(record.id)
      const { remake } = calls
      if (remake === null) return show(said.removed(record.name))
      return sayUndoable(said.removed(record.name), async () => {
        await remake(record)
        show(said.remade(record.name))
      })
    }
    return {
      made,
      disable: (record) => void disable(record).catch(tell),
      enable: (record) => void enable(record).catch(tell),
      edit,
      remove,
    }
  }, [callsOf, sayingsOf, bridge, texts, show, undo])
}
