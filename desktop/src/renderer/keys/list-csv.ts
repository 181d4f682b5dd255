/** The list of keys for a spreadsheet. Never: the value of a key, or a part of it. Pure. */
import type { KeyView } from '@postern/shared'
import { csvOf } from '../csv.ts'
import { standingOf } from './standing.ts'

/** Names of the columns as in the admin API, so that what reads both needs to know one set of words. */
const head = [
  'id',
  'name',
  'description',
  'owner',
  'client',
  'state',
  'created_at',
  'expires_at',
  'last_used_at',
] as const

/** Spreadsheets take it for UTF-8 by this. */
const mark = '\uFEFF'

const stateOf = (key: KeyView, nowMs: number): 'active' | 'disabled' | 'expired' => {
  const standing = standingOf(key, nowMs)
  return standing === 'expired' || standing === 'disabled' ? standing : 'active'
}

export const keyListCsv = (keys: readonly KeyView[], nowMs: number): string =>
  mark +
  csvOf(
    head,
    keys.map((key) => [
      key.id,
      key.name,
      key.description,
      key.owner ?? '',
      key.client.name,
      stateOf(key, nowMs),
      key.created_at,
      key.expires_at ?? '',
      key.last_used_at ?? '',
    ]),
  )
