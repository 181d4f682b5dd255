/** What the audit trail says of a key, in sentences. Pure. */
import type { AuditView } from '@postern/shared'
import type { Texts } from '../texts/texts.ts'

type Entry = Pick<AuditView, 'action' | 'actor' | 'fields' | 'count'>

const isTextOf = <T extends object>(texts: T, name: string): name is Extract<keyof T, string> =>
  typeof texts[name as keyof T] === 'string'

export const historySentence = ({ action, actor, fields = [], count }: Entry, texts: Texts): string => {
  const { history } = texts.care
  const whats = history.fields
  if (action === 'key.edit') {
    const changed = fields.map((field) => (isTextOf(whats, field) ? whats[field] : field))
    return history.sentence(
      actor.name,
      changed.length === 0 ? history.editedNothing : history.edited(history.listed(changed)),
    )
  }
  if (action === 'call.refused' && count !== undefined) return history.sentence(actor.name, history.refusedCalls(count))
  return isTextOf(history, action)
    ? history.sentence(actor.name, history[action] as string)
    : history.other(actor.name, action)
}

/** Who made the last change to what the key is, as far as the entries (newest first) know. */
export const lastEdit = <T extends Pick<AuditView, 'action' | 'came_true'>>(entries: readonly T[]): T | null =>
  entries.find(({ action, came_true: came }) => action === 'key.edit' && came) ?? null

export const creation = <T extends Pick<AuditView, 'action'>>(entries: readonly T[]): T | null =>
  entries.find(({ action }) => action === 'key.issue') ?? null
