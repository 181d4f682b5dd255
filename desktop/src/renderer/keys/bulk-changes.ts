/** What can be changed of many keys at once, which of them a change concerns, and how it is taken back. */
import type { ExpiryChoice, KeyEdit, KeyView } from '@postern/shared'
import type { Bridge } from '../../bridge.ts'
import type { Model } from '../model.ts'
import type { Back, Did, Task, Use } from './bulk.ts'

export type Change =
  | { readonly kind: 'disable' | 'enable' | 'remove' }
  | { readonly kind: 'owner'; readonly owner: string | null }
  /** `endMs`: the instant that `date` means in the gateway's zone. */
  | { readonly kind: 'expiry'; readonly date: string; readonly endMs: number }

/** A key that is so already is left alone; extending never shortens. Pure. */
export const concerns = (change: Change, key: KeyView): boolean => {
  switch (change.kind) {
    case 'disable':
      return key.state !== 'disabled'
    case 'enable':
      // One of a disabled client counts as disabled, and enabling the key would not change that.
      return key.state === 'disabled' && !key.client_disabled
    case 'owner':
      return key.owner !== change.owner
    case 'expiry':
      return key.expires_at !== null && Date.parse(key.expires_at) < change.endMs
    case 'remove':
      return true
  }
}

export const tasksFor = (
  change: Change,
  keys: readonly KeyView[],
  { bridge, model }: { bridge: Bridge; model: Model },
): Task[] => {
  const params = (key: KeyView) => ({ params: { key: key.id } })
  const disable = async (key: KeyView): Promise<Use> => {
    const { evidence, ...changed } = await bridge.call('keys.disable', params(key))
    model.put(changed)
    return { name: changed.name, calls: evidence.calls, days: evidence.days }
  }
  const enable = async (key: KeyView): Promise<void> => model.put(await bridge.call('keys.enable', params(key)))
  const edit = async (key: KeyView, body: KeyEdit, was: (now: KeyView) => KeyEdit): Promise<Back> => {
    const now = model.get().keys.find(({ id }) => id === key.id) ?? key
    const changed = await bridge.call('keys.edit', { ...params(key), body, ifMatch: now.etag })
    model.put(changed)
    return async () =>
      model.put(await bridge.call('keys.edit', { ...params(key), body: was(now), ifMatch: changed.etag }))
  }
  const remove = async (key: KeyView): Promise<Use> => {
    const { evidence } = await bridge.call('keys.remove', params(key))
    model.drop(key.id)
    return { name: key.name, calls: evidence.calls, days: evidence.days }
  }
  const plain = (back: Back): Did => ({ back, use: null })
  const make = (key: KeyView): (() => Promise<Did>) => {
    switch (change.kind) {
      case 'disable':
        return async () => ({ use: await disable(key), back: () => enable(key) })
      case 'enable':
        return () => enable(key).then(() => plain(() => disable(key).then(() => undefined)))
      case 'owner':
        return () => edit(key, { owner: change.owner }, ({ owner }) => ({ owner })).then(plain)
      case 'expiry':
        return () => edit(key, { expires: { at: change.date } }, (now) => ({ expires: endOf(now) })).then(plain)
      case 'remove':
        return async () => ({
          use: await remove(key),
          back: async () => model.put(await bridge.call('keys.restore', params(key))),
        })
    }
  }
  return keys.map((key) => ({ key, run: make(key) }))
}

const endOf = ({ expires_at: at }: KeyView): ExpiryChoice => (at === null ? { never: true } : { at })
