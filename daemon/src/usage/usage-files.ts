/**
 * Usage on the disk: one sealed file for each UTC day, and one for each month whose days have been rolled up. Promises: a
 * period is rewritten whole under a fresh name, so it is the old one or the new one; a month's file makes those of its days
 * void. Never: deletes what it could not read; that is set aside.
 */
import { randomBytes } from 'node:crypto'
import { readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '../disk/durable-file.ts'
import type { UsageRow, UsageRows } from './usage-row.ts'

export interface Sealer {
  seal(plain: Buffer, associated: string): string
  open(sealed: string, associated: string): Buffer
}

/** A day (`2026-11-21`) or a month (`2026-11`). */
export type Period = string

export interface UsageFiles {
  /** The period a day is counted in: itself, or its month when that has been rolled up. */
  periodOf(day: string): Period
  /** Oldest first. */
  days(): Period[]
  months(): Period[]
  /** What a period holds; nothing when there is no file of it that can be read. */
  read(period: Period): Promise<UsageRow[]>
  /** Replaces a period. Rejects when that is not durable; then the period is as before. */
  write(period: Period, rows: UsageRows): Promise<void>
  remove(period: Period): Promise<void>
}

const filePattern = /^usage-(\d{4}-\d{2}(?:-\d{2})?)-(\d{10})\.puu$/
const isMonth = (period: Period): boolean => period.length === 7

/** A row without the names of its fields: files hold many. */
type Stored = [
  start: string,
  span: UsageRow['span'],
  keyId: string,
  endpointId: string,
  address: string,
  outcome: string,
  secret: UsageRow['secret'],
  version: number,
  calls: number,
]

export const openUsageFiles = async (options: {
  dir: string
  sealer: Sealer
  onSetAside: (message: string) => void
}): Promise<UsageFiles> => {
  const { dir, sealer } = options
  /** The numbers of the files of each period, newest first. */
  const files = new Map<Period, number[]>()
  let latest: { period: Period; rows: UsageRow[] } | undefined

  const pathOf = (period: Period, seq: number): string =>
    join(dir, `usage-${period}-${String(seq).padStart(10, '0')}.puu`)
  const associatedOf = (period: Period): string => `usage/v1/${period}`
  const all = (month: boolean): Period[] =>
    [...files.keys()].filter((period) => isMonth(period) === month).toSorted((a, b) => (a < b ? -1 : 1))
  const drop = async (period: Period, numbers: readonly number[]): Promise<void> => {
    for (const seq of numbers) await unlink(pathOf(period, seq)).catch(() => undefined)
  }

  const read = async (period: Period): Promise<UsageRow[]> => {
    if (latest?.period === period) return latest.rows
    for (const seq of files.get(period) ?? []) {
      try {
        const plain = sealer.open(await readFile(pathOf(period, seq), 'utf8'), associatedOf(period))
        const rows = (JSON.parse(plain.toString('utf8')) as Stored[]).map(fromStored)
        latest = { period, rows }
        return rows
      } catch {
        const aside = `${pathOf(period, seq)}.${randomBytes(4).toString('hex')}.bad`
        await rename(pathOf(period, seq), aside).catch(() => undefined)
        files.set(
          period,
          (files.get(period) ?? []).filter((each) => each !== seq),
        )
        options.onSetAside(`A usage file of ${period} could not be read and is kept as ${aside}.`)
      }
    }
    return []
  }

  const remove = async (period: Period): Promise<void> => {
    await drop(period, files.get(period) ?? [])
    files.delete(period)
    if (latest?.period === period) latest = undefined
  }

  const dropDaysOf = async (month: Period): Promise<void> => {
    for (const day of all(false)) if (day.startsWith(month)) await remove(day)
  }

  for (const name of await readdir(dir)) {
    const [, period, digits] = filePattern.exec(name) ?? []
    if (period !== undefined)
      files.set(
        period,
        [...(files.get(period) ?? []), Number(digits)].toSorted((a, b) => b - a),
      )
  }
  // A crash may have come between a month's file and the end of its days'.
  for (const month of all(true)) {
    const doubled = all(false).some((day) => day.startsWith(month))
    if (doubled && (await read(month)).length > 0) await dropDaysOf(month)
  }

  return {
    periodOf: (day) => (files.has(day.slice(0, 7)) ? day.slice(0, 7) : day),
    days: () => all(false),
    months: () => all(true),
    read,
    async write(period, rows) {
      const list = [...rows]
      const before = files.get(period) ?? []
      const seq = (before[0] ?? 0) + 1
      const plain = Buffer.from(JSON.stringify(list.map(toStored)), 'utf8')
      await writeDurably(pathOf(period, seq), Buffer.from(sealer.seal(plain, associatedOf(period))))
      files.set(period, [seq])
      latest = { period, rows: list }
      await drop(period, before)
      if (isMonth(period)) await dropDaysOf(period)
    },
    remove,
  }
}

const toStored = (row: UsageRow): Stored => [
  row.start,
  row.span,
  row.keyId,
  row.endpointId,
  row.address,
  row.outcome,
  row.secret,
  row.version,
  row.calls,
]

const fromStored = (stored: Stored): UsageRow => {
  const [start, span, keyId, endpointId, address, outcome, secret, version, calls] = stored
  return { start, span, keyId, endpointId, address, outcome, secret, version, calls }
}
