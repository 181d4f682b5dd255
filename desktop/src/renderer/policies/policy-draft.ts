/** A policy as it is being written: what is wrong with it, and what is sent. Pure. */
import {
  accessLimits,
  limitUnits,
  type LimitUnit,
  type LimitWindow,
  type NewPolicy,
  type PolicyView,
} from '@postern/shared'

/** One limit as it stands in its row. */
export interface DraftRow {
  /** Its own for as long as the form is open: another row may be taken away. */
  readonly row: number
  readonly per: LimitUnit
  /** As it was typed. */
  readonly calls: string
}

export interface PolicyDraft {
  readonly name: string
  readonly description: string
  readonly rows: readonly DraftRow[]
  /** As it was typed; empty: not limited. */
  readonly concurrent: string
}

/** All that can be edited of one. */
export interface PolicyBody {
  readonly name: string
  readonly description: string
  readonly windows: LimitWindow[]
  readonly concurrent: number | null
}

/** A new one begins with the row that most have. */
export const draftOf = (policy: PolicyView | null): PolicyDraft => ({
  name: policy?.name ?? '',
  description: policy?.description ?? '',
  rows:
    policy === null
      ? [{ row: 0, per: 'minute', calls: '' }]
      : policy.windows.map(({ per, calls }, row) => ({ row, per, calls: String(calls) })),
  concurrent: policy?.concurrent?.toString() ?? '',
})

/** Units that no other row has: a unit has one limit. */
export const unitsFor = (rows: readonly DraftRow[], own: LimitUnit | null): readonly LimitUnit[] =>
  limitUnits.filter((unit) => unit === own || rows.every(({ per }) => per !== unit))

/** With one row more, of the shortest unit that is left after those there are, or of any that is left. */
export const withRow = (rows: readonly DraftRow[]): readonly DraftRow[] => {
  const left = unitsFor(rows, null)
  const longest = Math.max(-1, ...rows.map(({ per }) => limitUnits.indexOf(per)))
  const per = left.find((unit) => limitUnits.indexOf(unit) > longest) ?? left[0]
  const row = Math.max(-1, ...rows.map((each) => each.row)) + 1
  return per === undefined ? rows : [...rows, { row, per, calls: '' }]
}

const wholeNumber = (text: string, max: number): number | null => {
  const count = /^\d{1,10}$/.test(text.trim()) ? Number(text) : 0
  return count >= 1 && count <= max ? count : null
}

/** Null: it is no number of calls that a limit can have. */
export const callsOf = ({ calls }: DraftRow): number | null => wholeNumber(calls, accessLimits.limitCallsMax)

/** Undefined: it is no number that can be a limit. Null: not limited. */
export const concurrentOf = ({ concurrent }: PolicyDraft): number | null | undefined =>
  concurrent.trim() === '' ? null : (wholeNumber(concurrent, accessLimits.concurrentMax) ?? undefined)

/** What is refused is told by its place, so what is sent stands as it does in the form; compared it is in one order. */
const inOrder = (windows: readonly LimitWindow[]): LimitWindow[] =>
  windows.toSorted((a, b) => limitUnits.indexOf(a.per) - limitUnits.indexOf(b.per))

/** All that can be edited of a policy, as it is now. */
export const bodyOf = ({ name, description, windows, concurrent }: PolicyView): PolicyBody => ({
  name,
  description,
  windows: [...windows],
  concurrent,
})

/** The draft must have been found right. */
export const bodyOfDraft = (draft: PolicyDraft): PolicyBody => ({
  name: draft.name.trim(),
  description: draft.description,
  windows: draft.rows.map((row) => ({ per: row.per, calls: callsOf(row) ?? 0 })),
  concurrent: concurrentOf(draft) ?? null,
})

const compared = (value: PolicyBody, field: string): string =>
  JSON.stringify(field === 'windows' ? inOrder(value.windows) : value[field as keyof PolicyBody])

/** What of `next` is another than it was. */
export const changedOf = (was: PolicyBody, next: PolicyBody): Partial<NewPolicy> =>
  Object.fromEntries(
    Object.entries(next).filter(([field]) => compared(next, field) !== compared(was, field)),
  ) as Partial<NewPolicy>
