/**
 * Which keys are selected. Promises: a range grows and shrinks from where it began and takes nothing away that was selected
 * before it; what a filter hides stays selected, and is said. Pure.
 */
export interface Selection {
  readonly ids: ReadonlySet<string>
  /** Where a range begins. */
  readonly anchor: string | null
  /** What was selected before the range. */
  readonly before: ReadonlySet<string>
  /** Shift is held since the last arrow. */
  readonly extends: boolean
}

const none: ReadonlySet<string> = new Set()
export const nothingSelected: Selection = { ids: none, anchor: null, before: none, extends: false }

export const toggled = ({ ids }: Selection, id: string): Selection => {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return { ids: next, anchor: id, before: next, extends: false }
}

export const allOf = (order: readonly string[]): Selection => {
  const ids = new Set(order)
  return { ids, anchor: null, before: ids, extends: false }
}

/**
 * From what was toggled last to `to`, both included; that one alone where nothing was, or it is not shown any more.
 * `order`: the ids that are shown.
 */
export const rangeTo = (selection: Selection, order: readonly string[], to: string): Selection => {
  const first = selection.anchor === null ? -1 : order.indexOf(selection.anchor)
  const last = order.indexOf(to)
  if (last < 0) return selection
  if (first < 0) return { ids: new Set([...selection.ids, to]), anchor: to, before: selection.ids, extends: false }
  const between = order.slice(Math.min(first, last), Math.max(first, last) + 1)
  return { ...selection, ids: new Set([...selection.before, ...between]), extends: false }
}

/** With Shift and the arrows: from where Shift was first held. */
export const extendedTo = (selection: Selection, order: readonly string[], from: string, to: string): Selection => {
  const begun = selection.extends ? selection : { ...selection, anchor: from, before: selection.ids }
  return { ...rangeTo(begun, order, to), extends: true }
}

/** The arrows have moved without Shift: the next range begins where the focus is then. */
export const released = (selection: Selection): Selection =>
  selection.extends ? { ...selection, extends: false } : selection
