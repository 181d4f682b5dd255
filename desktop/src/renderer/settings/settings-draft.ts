/** What somebody has changed of the settings, and nothing else: the rest is as the store has it. Pure. */
import type { RevealPolicy, SettingsEdit, SettingsView } from '@postern/shared'

/** Whole numbers from 1 to `rateMax`. */
export const rateFields = [
  'socket_requests_per_second',
  'admin_requests_per_second',
  'wrong_credentials_per_minute',
] as const
export type RateField = (typeof rateFields)[number]
/** Empty: none. */
export const wordFields = ['public_url', 'credential_header'] as const
export const textFields = [...wordFields, ...rateFields] as const
export type TextField = (typeof textFields)[number]
export const rateMax = 10_000

export type Typed = Readonly<Partial<Record<TextField, string>>>

export interface SettingsDraft {
  /** What was shown when the changing began. */
  readonly of: SettingsView
  readonly reveal?: RevealPolicy | undefined
  /** As it was typed. */
  readonly typed: Typed
}

/** As it stands in its field; empty: none. */
export const textOf = (settings: SettingsView, field: TextField): string => String(settings[field] ?? '')

/** Of a draft only what is another than in the store. Null: there is nothing to save. */
export const onlyChanged = ({ of: settings, reveal, typed }: SettingsDraft): SettingsDraft | null => {
  const left = textFields.flatMap((field) => {
    const text = typed[field]
    return text === undefined || text === textOf(settings, field) ? [] : [[field, text] as const]
  })
  const isRevealed = reveal !== undefined && reveal !== settings.reveal_default
  if (left.length === 0 && !isRevealed) return null
  return { of: settings, ...(isRevealed ? { reveal } : {}), typed: Object.fromEntries(left) }
}

const isRate = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= rateMax

/** The fields that hold no number that they can have. */
export const wrongRates = ({ typed }: SettingsDraft): readonly RateField[] =>
  rateFields.filter((field) => typed[field] !== undefined && !isRate(typed[field]))

/** What is sent. */
export const editOf = ({ reveal, typed }: SettingsDraft): SettingsEdit => ({
  ...(reveal === undefined ? {} : { reveal_default: reveal }),
  ...Object.fromEntries(
    wordFields.flatMap((field) => (typed[field] === undefined ? [] : [[field, typed[field] || null]])),
  ),
  ...Object.fromEntries(
    rateFields.flatMap((field) => (typed[field] === undefined ? [] : [[field, Number(typed[field])]])),
  ),
})

/** What is sent to take an edit back. */
export const wasOf = (settings: SettingsView, edit: SettingsEdit): SettingsEdit =>
  Object.fromEntries(Object.keys(edit).map((name) => [name, settings[name as keyof SettingsEdit]]))
