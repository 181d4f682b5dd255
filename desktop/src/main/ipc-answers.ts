/**
 * What the main process does for the pages. Promises: a copied key goes from the daemon into the clipboard and nowhere else;
 * what is asked of the daemon is answered in its own words.
 */
import { changeTopics } from '@postern/shared'
import { Refusal, type Preferences, type Push } from '../bridge.ts'
import type { ClipboardKeeper } from './clipboard-keeper.ts'
import type { DaemonClient } from './daemon-client.ts'
import type { IpcAnswers } from './ipc-door.ts'
import type { PreferencesFile } from './kept-preferences.ts'

export interface IpcAnswersDeps {
  readonly client: DaemonClient
  readonly clipboard: ClipboardKeeper
  readonly preferences: PreferencesFile
  /** What the page has missed so far. */
  readonly opening: () => readonly Push[]
  /** The console is locked no more: what the page has missed. */
  readonly reopen: () => readonly Push[]
  /** Asks where to, and writes it there; false: they thought better of it. */
  readonly saveText: (name: string, text: string) => Promise<boolean>
}

export const createIpcAnswers = (deps: IpcAnswersDeps): IpcAnswers => {
  const { client, clipboard, preferences } = deps
  const reveal = async (id: string): Promise<string | null> =>
    (await client.call('keys.reveal', { params: { key: id } })).value

  return {
    opening: deps.opening,
    reopen: deps.reopen,
    call: (name, asked) => client.call(name, asked),
    revealKey: reveal,
    copyKey: async (id) => {
      const value = await reveal(id)
      if (value === null) throw new Refusal('conflict', 'The value of this key is not kept.')
      await clipboard.write(value)
      return null
    },
    createKey: async (body, idempotencyKey) => {
      const { value, ...key } = await client.call('keys.create', { body, idempotencyKey })
      return { key, value }
    },
    rotateKey: async (id, body, idempotencyKey) => {
      const { value, ...key } = await client.call('keys.rotate', { params: { key: id }, body, idempotencyKey })
      return { key, value }
    },
    importKeys: (body) => client.call('keys.import', { body }),
    createToken: (body, idempotencyKey) => client.call('tokens.create', { body, idempotencyKey }),
    createClient: (body, idempotencyKey) => client.call('clients.create', { body, idempotencyKey }),
    editClient: (id, body, ifMatch) => client.call('clients.edit', { params: { client: id }, body, ifMatch }),
    makeKit: () => client.call('slots.add', { body: { kind: 'recovery' } }),
    setWebhook: async (body) => ({ secret: (await client.call('channels.webhook', { body })).secret }),
    makeCalendar: () => client.call('calendar.set'),
    copyValue: async (value) => {
      await clipboard.write(value)
      return null
    },
    copyText: async (text) => {
      await clipboard.writeText(text)
      return null
    },
    clearClipboard: async () => {
      await clipboard.release()
      return null
    },
    keepClipboard: () => {
      clipboard.keep()
      return null
    },
    saveText: deps.saveText,
    readPreferences: (): Preferences => preferences.get().pages,
    keepPreferences: (pages) => {
      preferences.set({ pages: { ...pages } })
      return null
    },
  }
}

type Link = Extract<Push, { kind: 'up' | 'lost' }>
type Go = Extract<Push, { kind: 'go' }>

/** For pages that are opened after something has happened. */
export const createMissed = () => {
  let asked: Go | undefined
  return {
    keep: (push: Go): void => {
      asked = push
    },
    /** All that is to be read is news to a page that knows nothing. Where it was asked to go is told once. */
    take: (link: Link | null): readonly Push[] => {
      const news: Push = { kind: 'news', keys: null, used: [], topics: changeTopics }
      const missed = [...(link === null ? [] : [link]), ...(link?.kind === 'up' ? [news] : []), asked]
      asked = undefined
      return missed.filter((push) => push !== undefined)
    },
  }
}
