/** What the forms of all channels have in common: what is checked before anything is sent, and fields that are left out. */
import type { ChannelsView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import type { Faults } from '../parts/form.tsx'
import type { Texts } from '../texts/texts.ts'
import { TextField } from './text-field.tsx'

export interface ChannelFormProps<C extends keyof ChannelsView> {
  /** Null: it is not set yet. */
  readonly of: ChannelsView[C]
  readonly onSaved: () => void
  readonly onClose: () => void
}

const portPattern = /^\d{1,5}$/
const isPort = (text: string): boolean => portPattern.test(text) && Number(text) >= 1 && Number(text) <= 65_535

/** What can be said before the daemon is asked: it has the last word on everything else. */
export const checkOf = <F extends string>(
  typed: Readonly<Record<F, string>>,
  needed: readonly F[],
  { notices }: Texts,
): Faults<F> => {
  const missing = needed.filter((field) => typed[field].trim() === '').map((field) => [field, notices.needed])
  const port = (typed as Readonly<Record<string, string>>)['port']?.trim() ?? ''
  return Object.fromEntries([
    ...missing,
    ...(port === '' || isPort(port) ? [] : [['port', notices.portFault]]),
  ]) as Faults<F>
}

/** Only what was typed; an empty field is one that is left out. */
export const given = <F extends string>(field: F, text: string): { readonly [K in F]?: string } =>
  (text.trim() === '' ? {} : { [field]: text.trim() }) as { readonly [K in F]?: string }
export const givenPort = (text: string): { readonly port?: number } =>
  text.trim() === '' ? {} : { port: Number(text) }

export const titleOf = (name: string, isSet: boolean, { notices }: Texts): string =>
  `${(isSet ? notices.change : notices.setUp).replace('…', '')} · ${name}`

interface CaFieldProps {
  readonly isSet: boolean
  readonly value: string
  readonly onChange: (value: string) => void
  readonly fault: string | undefined
}

/** Which they are is not told, so a form that changes something asks for them again. */
export const CaField = ({ isSet, ...props }: CaFieldProps) => {
  const { texts } = useConsole()
  const { ca, caHint, caAgain } = texts.notices
  return <TextField {...props} label={ca} hint={isSet ? caAgain : caHint} lines={3} optional />
}

/** Empty where it is the one that is meant anyway, so that it follows what else is chosen. */
export const shownPort = (port: number | undefined, meant: number | undefined): string =>
  port === undefined || port === meant ? '' : String(port)
