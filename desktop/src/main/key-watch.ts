/**
 * What the console knows of Postern while nobody looks: how it is, and the keys that expire before long. Promises: as fresh as
 * the last news, and an hour old at the most; asks for the pressing keys alone. Never: the value of a key.
 */
import type { KeyStatus, KeyView, StatusView } from '@postern/shared'
import type { Push } from '../bridge.ts'
import type { DaemonClient } from './daemon-client.ts'

export interface Overview {
  readonly link: 'up' | 'lost' | 'opening'
  readonly status: StatusView | null
  /** Red and orange ones. */
  readonly keys: readonly KeyView[]
  /** How much later it is there than here. */
  readonly skewMs: number
}

export interface KeyWatch {
  get(): Overview
  hear(push: Push): void
  /** What a schedule calls: reads again what may be old. */
  look(): Promise<void>
}

const perPage = 500
const oldAfterMs = 3_600_000

export const createKeyWatch = (client: DaemonClient, now: () => number): KeyWatch => {
  let known: Overview = { link: 'opening', status: null, keys: [], skewMs: 0 }
  let readAtMs: number | undefined
  let looking: Promise<void> | undefined

  const listOf = async (status: KeyStatus): Promise<KeyView[]> => {
    const found: KeyView[] = []
    for (let page = 1, count = 1; found.length < count; page++) {
      const answer = await client.call('keys.list', { query: { status, page, per_page: perPage } })
      count = answer.count
      found.push(...answer.data)
      if (answer.data.length === 0) break
    }
    return found
  }

  const read = async (): Promise<void> => {
    const ageMs = readAtMs === undefined ? Infinity : now() - readAtMs
    // A clock that was set back makes what is known as old as can be.
    if (known.link !== 'up' || (ageMs >= 0 && ageMs < oldAfterMs)) return
    // What is told from here on is newer than what is read now.
    readAtMs = now()
    try {
      const status = await client.call('status.get')
      const keys = status.state === 'open' ? [...(await listOf('red')), ...(await listOf('orange'))] : []
      known = { ...known, status, keys, skewMs: Date.parse(status.now) - now() }
    } catch {
      readAtMs = undefined
    }
  }

  return {
    get: () => known,
    hear: (push) => {
      if (push.kind === 'up') readAtMs = undefined
      if (push.kind === 'up' || push.kind === 'lost') known = { ...known, link: push.kind }
      if (push.kind !== 'news') return
      if (push.keys === null || push.keys.length > 0 || push.topics.includes('state')) readAtMs = undefined
    },
    look: () => {
      looking ??= read().finally(() => (looking = undefined))
      return looking
    },
  }
}
