/** Where a call of the admin table goes: its path with parameters and query, as a client sends them. */
import { adminApi, type AdminCall, type AdminRequest, type AdminRow } from './admin-api.ts'

/** The path and query of a call, as a client sends them. */
export const adminTarget = <C extends AdminCall>(name: C, asked: AdminRequest<C>): string => {
  const row: AdminRow = adminApi[name]
  const params = (asked.params ?? {}) as Record<string, string>
  const path = row.path.replaceAll(/:([a-z]+)/g, (_, param: string) => encodeURIComponent(params[param] ?? ''))
  const query = Object.entries(asked.query ?? {})
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value as string | number).toWellFormed())}`)
    .join('&')
  return query === '' ? path : `${path}?${query}`
}
