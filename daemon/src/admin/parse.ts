/** Reads what a request says against the table's schemas. Throws `field_invalid` naming every field, its limit and the fix. */
import { fieldErrorsOf, readInstant } from '@postern/shared'
import type { z } from 'zod'
import { Problem } from '../problem.ts'

export const parseWith = <T>(schema: z.ZodType<T>, input: unknown, where: 'body' | 'query'): T => {
  const read = schema.safeParse(input)
  if (read.success) return read.data
  const errors = fieldErrorsOf(read.error)
  throw new Problem('field_invalid', {
    detail: errors.map(({ field, message }) => `${field === '' ? where : field}: ${message}`).join('; '),
    errors,
  })
}

export const refuseQuery = (field: string, message: string): never => {
  throw new Problem('field_invalid', { detail: `${field}: ${message}`, errors: [{ field, message }] })
}

/** A date, which is in UTC, or an instant. `dateAddsMs`: what a date alone means beyond its first instant. */
export const readTime = (field: 'from' | 'to', text: string, dateAddsMs: number): number => {
  const ms = readInstant(text, dateAddsMs)
  if (!Number.isNaN(ms)) return ms
  return refuseQuery(field, 'give a date such as 2026-11-30 or an instant such as 2026-11-30T12:00:00Z')
}

const perPageDefault = 100
const perPageMax = 500

/** A page of a list in its stable order. Throws `field_invalid` for a page that cannot be. */
export const pageOf = <T, V>(
  items: readonly T[],
  query: { page?: number | undefined; per_page?: number | undefined },
  view: (item: T) => V,
): { data: V[]; count: number; page: number; per_page: number } => {
  const { page, perPage } = readPage(query)
  const data = items.slice((page - 1) * perPage, page * perPage).map(view)
  return { data, count: items.length, page, per_page: perPage }
}

export const readPage = (query: {
  page?: number | undefined
  per_page?: number | undefined
}): { page: number; perPage: number } => {
  const whole = (field: 'page' | 'per_page', value: number, max: number): number => {
    if (Number.isInteger(value) && value >= 1 && value <= max) return value
    return refuseQuery(field, `a whole number from 1 to ${max}`)
  }
  return {
    page: whole('page', query.page ?? 1, 1_000_000),
    perPage: whole('per_page', query.per_page ?? perPageDefault, perPageMax),
  }
}
