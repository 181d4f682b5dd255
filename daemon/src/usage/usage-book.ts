/**
 * How often each key was used: where, from where, with what outcome. Promises: totals are exact, to the call, over a clean
 * stop, and behind by at most what came since the last flush after a crash, never above; memory and files are bounded by
 * folding callers together, which leaves every total as it is. Never: fatal, or in the way of a call.
 */
import { mkdir } from 'node:fs/promises'
import { folded, UsageRows, type UsageKey, type UsageRow } from './usage-row.ts'
import { openUsageFiles, type Period, type Sealer } from './usage-files.ts'

/** A judged call, as the gateway tells it. */
export interface CountedCall {
  readonly atMs: number
  readonly keyId: string | null
  readonly endpointId: string | null
  readonly callerAddress: string
  readonly outcome: string
  readonly secret: 'current' | 'old' | null
  readonly secretVersion: number | null
}

export interface UsageBook {
  /** Counts a call; cheap enough for every one. */
  note(call: CountedCall): void
  /** Rows of hours, days and months that begin in [fromMs, toMs), what is not flushed yet included. */
  rows(fromMs: number, toMs: number): Promise<UsageRow[]>
  /** Writes what has been counted since the last flush. Rejects when it could not; then nothing is lost. */
  flush(): Promise<void>
  /** Rolls hours up into days and days into months, and lets old months go. */
  rollUp(): Promise<void>
}

export interface UsageBookOptions {
  readonly dir: string
  readonly sealer: Sealer
  readonly now: () => number
  readonly onSetAside: (message: string) => void
  /** Rows of one day before callers, and then endpoints, are folded together. */
  readonly rowsPerDayMax?: number
  readonly hoursKeptDays?: number
  readonly daysKeptDays?: number
  readonly monthsKept?: number
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Opens the book in `dir`, which is made if need be. */
export const openUsageBook = async (options: UsageBookOptions): Promise<UsageBook> => {
  const { dir, sealer, now, onSetAside } = options
  const { rowsPerDayMax = 50_000, hoursKeptDays = 2, daysKeptDays = 400, monthsKept = 60 } = options
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const files = await openUsageFiles({ dir, sealer, onSetAside })
  let pending = new UsageRows(rowsPerDayMax)
  /** Days that need not be looked at again. A call of such a day, after the clock was set back, stays an hour's row. */
  const rolledDays = new Set<string>()
  let turn: Promise<unknown> = Promise.resolve()
  let hourStart = { atMs: -1, text: '' }

  const inTurn = <R>(job: () => Promise<R>): Promise<R> => {
    const mine = turn.then(job)
    turn = mine.catch(() => undefined)
    return mine
  }

  const startOf = (atMs: number): string => {
    const hour = Math.floor(atMs / hourMs) * hourMs
    if (hourStart.atMs !== hour) hourStart = { atMs: hour, text: new Date(hour).toISOString() }
    return hourStart.text
  }

  const flush = async (): Promise<void> => {
    const unwritten = Map.groupBy(pending, ({ start }) => files.periodOf(start.slice(0, 10)))
    pending = new UsageRows(rowsPerDayMax)
    try {
      for (const [period, fresh] of unwritten) {
        const rows = new UsageRows(rowsPerDayMax)
        rows.addAll(await files.read(period))
        rows.addAll(fresh.map((row) => inPeriod(row, period)))
        await files.write(period, rows)
        unwritten.delete(period)
      }
    } finally {
      for (const rows of unwritten.values()) pending.addAll(rows)
    }
  }

  const rollUp = async (): Promise<void> => {
    const today = Math.floor(now() / dayMs)
    for (const day of files.days()) {
      const age = today - Math.floor(Date.parse(`${day}T00:00:00Z`) / dayMs)
      if (age <= hoursKeptDays || rolledDays.has(day)) continue
      const rows = await files.read(day)
      rolledDays.add(day)
      if (!rows.some(({ span }) => span === 'hour')) continue
      const rolled = new UsageRows()
      rolled.addAll(rows.map((row) => ({ ...row, span: 'day' as const, start: `${day}T00:00:00.000Z` })))
      await files.write(day, rolled)
    }
    const months = Map.groupBy(files.days(), (day) => day.slice(0, 7))
    for (const [month, days] of months) {
      const [year = 0, number = 1] = month.split('-').map(Number)
      if (now() - Date.UTC(year, number) < daysKeptDays * dayMs) continue
      const rolled = new UsageRows()
      rolled.addAll(await files.read(month))
      for (const day of days) rolled.addAll((await files.read(day)).map((row) => inPeriod(row, month)))
      // A month's file makes those of its days void, so a crash between the two counts nothing twice.
      await files.write(month, rolled)
    }
    for (const month of files.months().slice(0, -monthsKept)) await files.remove(month)
  }

  return {
    note({ atMs, keyId, endpointId, callerAddress, outcome, secret, secretVersion }) {
      const key: UsageKey = {
        start: startOf(atMs),
        span: 'hour',
        keyId: keyId ?? '',
        endpointId: endpointId ?? '',
        address: callerAddress,
        outcome,
        secret: secret ?? '',
        version: secretVersion ?? 0,
      }
      pending.add(key, 1)
    },
    rows: (fromMs, toMs) =>
      inTurn(async () => {
        const rows = new UsageRows()
        for (const period of [...files.months(), ...files.days()]) {
          const begins = Date.parse(period.length === 7 ? `${period}-01T00:00:00Z` : `${period}T00:00:00Z`)
          const longestMs = (period.length === 7 ? 31 : 1) * dayMs
          if (begins < toMs && begins + longestMs > fromMs) rows.addAll(await files.read(period))
        }
        rows.addAll(pending)
        return [...rows].filter(({ start }) => Date.parse(start) >= fromMs && Date.parse(start) < toMs)
      }),
    flush: () => inTurn(flush),
    rollUp: () => inTurn(rollUp),
  }
}

/** A row as a period holds it: a month knows neither hours nor callers. */
const inPeriod = (row: UsageRow, period: Period): UsageRow =>
  period.length === 7 ? { ...row, span: 'month', start: `${period}-01T00:00:00.000Z`, address: folded } : row
