/** Reads what several commands take as options. */
import { readFile } from 'node:fs/promises'
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
  if (digits === undefined)
    throw new UsageError(`"${text}" is not a duration; say a number with s, m, h or d, such as 30s or 24h.`)
  return Number(digits) * unitSeconds[unit as keyof typeof unitSeconds]
}

/** A number of an option, or nothing when it was not given. */
export const readNumber = (flag: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  if (!/^-?\d{1,15}$/.test(text)) throw new UsageError(`${flag}: "${text}" is not a whole number.`)
  return Number(text)
}

/** A file named by an option, as text. */
export const readOptionFile = async (flag: string, path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${flag}: ${path} cannot be read (${error.code ?? 'unknown'}).`)
  })

/** For options that may be repeated. */
export const many = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value]
