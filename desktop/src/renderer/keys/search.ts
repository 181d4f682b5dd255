/**
 * The search box: words, and the operators `is:` `owner:` `client:` `unused>` `expires<`. Everything asked for must hold. Pure.
 */
import { isExpired, type KeyView } from '@postern/shared'
import { standingOf } from './standing.ts'

const states = ['expired', 'urgent', 'soon', 'active', 'disabled', 'unused', 'trap'] as const
type Is = (typeof states)[number]

export interface Search {
  readonly words: readonly string[]
  readonly is: readonly Is[]
  readonly owners: readonly string[]
  readonly clients: readonly string[]
  readonly unusedDays: number | null
  readonly expiresDays: number | null
  /** Operators that are not understood, as they were written. */
  readonly unknown: readonly string[]
}

/** Other words for the same. */
const isWords: Readonly<Record<string, Is>> = {
  red: 'urgent',
  orange: 'soon',
  green: 'active',
  grey: 'disabled',
  never: 'unused',
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase()

/** Parts between blanks; what stands in quotes is one. */
const partsOf = (text: string): string[] => text.match(/(?:[^\s"]+|"[^"]*"?)+/g) ?? []

export const parseSearch = (text: string): Search => {
  const [words, is, owners, unknown]: [string[], Is[], string[], string[]] = [[], [], [], []]
  const clients: string[] = []
  let [unusedDays, expiresDays]: (number | null)[] = [null, null]
  for (const part of partsOf(text)) {
    const plain = part.replaceAll('"', '')
    const [, name = '', sign, value = ''] = /^(is|owner|client|unused|expires)([:<>])(.*)$/i.exec(plain) ?? []
    const operator = `${name.toLowerCase()}${sign ?? ''}`
    const days = /^(\d{1,5})d?$/.exec(value)?.[1]
    const state = states.find((each) => each === value.toLowerCase()) ?? isWords[value.toLowerCase()]
    if (sign === undefined) words.push(fold(plain))
    else if (operator === 'is:' && state !== undefined) is.push(state)
    else if (operator === 'owner:' && value !== '') owners.push(fold(value))
    else if (operator === 'client:' && value !== '') clients.push(fold(value))
    else if (operator === 'unused>' && days !== undefined) unusedDays = Number(days)
    else if (operator === 'expires<' && days !== undefined) expiresDays = Number(days)
    else unknown.push(part)
  }
  return {
    words: words.filter((word) => word !== ''),
    is,
    owners,
    clients,
    unusedDays: unusedDays ?? null,
    expiresDays: expiresDays ?? null,
    unknown,
  }
}

const haystacks = new WeakMap<KeyView, string>()

/** What words are looked for in: name, description, owner, id and the masked value. */
const haystackOf = (key: KeyView): string => {
  const known = haystacks.get(key)
  if (known !== undefined) return known
  const made = fold([key.name, key.description, key.owner ?? '', key.id, key.masked].join('\n'))
  haystacks.set(key, made)
  return made
}

const dayMs = 86_400_000

const isSo = (key: KeyView, asked: Is, nowMs: number): boolean => {
  if (asked === 'unused') return key.last_used_at === null
  if (asked === 'trap') return key.honey !== null
  return standingOf(key, nowMs) === asked
}

export const matches = (key: KeyView, search: Search, nowMs: number): boolean => {
  const { words, is, owners, clients, unusedDays, expiresDays } = search
  if (!is.every((asked) => isSo(key, asked, nowMs))) return false
  if (!owners.every((owner) => fold(key.owner ?? '').includes(owner))) return false
  if (!clients.every((client) => fold(key.client.id) === client || fold(key.client.name).includes(client))) return false
  if (unusedDays !== null && Date.parse(key.last_used_at ?? '') > nowMs - unusedDays * dayMs) return false
  if (expiresDays !== null) {
    if (key.expires_at === null || isExpired(key.expires_at, nowMs)) return false
    if (!(Date.parse(key.expires_at) < nowMs + expiresDays * dayMs)) return false
  }
  return words.every((word) => haystackOf(key).includes(word))
}

export const chips = ['all', 'expired', 'urgent', 'soon', 'unused', 'disabled'] as const
export type Chip = (typeof chips)[number]

export const inChip = (key: KeyView, chip: Chip, nowMs: number): boolean => {
  if (chip === 'all') return true
  // "Within 14 days" holds what is within 3 days too, as its words say.
  if (chip === 'soon') return ['soon', 'urgent'].includes(standingOf(key, nowMs))
  return isSo(key, chip, nowMs)
}
