/** Reads what several commands take as options. */
import { UsageError } from './prompt.ts'

/** Only what was given: an absent option must not reach the daemon as anything. */
export const given = <T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** `none`, or a number with s, m, h or d. */
export const readDuration = (text: string): number => {
  if (text === 'none') return 0
  const [, digits, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  if (digits === undefined) throw new UsageError(`"${text}" is not a duration; say none, 90m, 24h or 7d.`)
  return Number(digits) * unitSeconds[unit as keyof typeof unitSeconds]
}

/** For options that may be repeated. */
export const many = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value]
