/**
 * The door for a window of its own: the bridge over what the preload offers. Promises: what the main process refuses is a
 * Refusal in the daemon's own words; a page that was opened late hears where things stand. Never: the value of a copied key.
 */
import type { AdminAnswer, AdminRequest } from '@postern/shared'
import { Refusal, type Bridge, type OpenCall, type Push } from '../bridge.ts'
import type { IpcResult, WindowApi } from '../ipc.ts'

const askedForMs = 3_000

export const createWindowBridge = (api: WindowApi): Bridge => {
  let listeners: readonly ((push: Push) => void)[] = []
  let last: Push | undefined
  let asked: Push | undefined

  const tell = (push: Push): void => {
    if (push.kind === 'up' || push.kind === 'lost' || push.kind === 'lock') last = push
    if (push.kind === 'go') keepAsked(push)
    for (const listener of listeners) listener(push)
  }
  /** The pages begin to listen one after another: whoever does so a little later hears what was asked for too. */
  const keepAsked = (push: Push): void => {
    asked = push
    setTimeout(() => {
      if (asked === push) asked = undefined
    }, askedForMs)
  }

  api.onPush(tell)
  void valueOf(api.opening()).then(
    (missed) => {
      // Where things stand may have been pushed meanwhile, which is newer.
      const isOld = last !== undefined
      for (const push of missed) if (!isOld || (push.kind !== 'up' && push.kind !== 'lost')) tell(push)
    },
    () => undefined,
  )

  return {
    door: 'window',
    call: async <C extends OpenCall>(name: C, request: AdminRequest<C> = {}) =>
      (await valueOf(api.call(name, request as AdminRequest<OpenCall>))) as AdminAnswer<C>,
    copyKey: async (id) => void (await valueOf(api.copyKey(id))),
    revealKey: (id) => valueOf(api.revealKey(id)),
    createKey: (request, attempt) => valueOf(api.createKey(request, attempt)),
    rotateKey: (id, request, attempt) => valueOf(api.rotateKey(id, request, attempt)),
    importKeys: (request) => valueOf(api.importKeys(request)),
    createToken: (request, attempt) => valueOf(api.createToken(request, attempt)),
    createClient: (request, attempt) => valueOf(api.createClient(request, attempt)),
    editClient: (id, request, ifMatch) => valueOf(api.editClient(id, request, ifMatch)),
    makeKit: () => valueOf(api.makeKit()),
    setWebhook: (request) => valueOf(api.setWebhook(request)),
    makeCalendar: () => valueOf(api.makeCalendar()),
    copyValue: async (value) => void (await valueOf(api.copyValue(value))),
    copyText: async (text) => void (await valueOf(api.copyText(text))),
    clearClipboard: async () => void (await valueOf(api.clearClipboard())),
    keepClipboard: () => void valueOf(api.keepClipboard()).catch(() => undefined),
    saveText: (name, text) => valueOf(api.saveText(name, text)),
    // The pages wait for these: none is better than none ever.
    readPreferences: () => valueOf(api.readPreferences()).catch(() => ({})),
    keepPreferences: (preferences) => void valueOf(api.keepPreferences(preferences)).catch(() => undefined),
    onChange: (listener) => {
      listeners = [...listeners, listener]
      if (last !== undefined) listener(last)
      if (asked !== undefined) listener(asked)
      return () => {
        listeners = listeners.filter((each) => each !== listener)
      }
    },
    // Whoever may use the daemon's socket needs no link, and has no session that could end.
    enter: null,
    reopen: async () => {
      const missed = await valueOf(api.reopen())
      tell({ kind: 'lock', on: false })
      missed.forEach(tell)
    },
    end: () => undefined,
  }
}

const valueOf = async <T>(answer: Promise<IpcResult<T>>): Promise<T> => {
  const result = await answer.catch((error: unknown): IpcResult<T> => {
    const detail = error instanceof Error ? error.message : String(error)
    return { ok: false, code: 'internal', detail, errors: [], requestId: null }
  })
  if (result.ok) return result.value
  const { code, detail, errors, requestId } = result
  throw new Refusal(code, detail, { errors, ...(requestId === null ? {} : { requestId }) })
}
