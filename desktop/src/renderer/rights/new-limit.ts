/** A limit that is made where it is needed: so many calls in one unit of time, as a policy of its own. Pure. */
import { accessLimits, type LimitUnit, type PolicyView } from '@postern/shared'

export interface LimitDraft {
  /** False: none is made. */
  readonly wanted: boolean
  readonly calls: string
  readonly per: LimitUnit
}

export const noLimit: LimitDraft = { wanted: false, calls: '', per: 'minute' }

/** Null: this is no whole number that a limit can have. */
export const callsOf = ({ calls }: LimitDraft): number | null => {
  const count = /^\d{1,10}$/.test(calls.trim()) ? Number(calls) : 0
  return count >= 1 && count <= accessLimits.limitCallsMax ? count : null
}

type Known = Pick<PolicyView, 'name' | 'windows' | 'concurrent' | 'enabled'>

/** One that is there already and limits exactly so is not made a second time. */
export const sameLimit = <T extends Known>(policies: readonly T[], calls: number, per: LimitUnit): T | undefined =>
  policies.find(
    ({ windows, concurrent, enabled }) =>
      enabled && concurrent === null && windows.length === 1 && windows[0]?.calls === calls && windows[0].per === per,
  )

const fold = (name: string): string => name.normalize('NFKC').toLowerCase()

/** A name that no other policy has. */
export const freeName = (name: string, policies: readonly Pick<PolicyView, 'name'>[]): string => {
  const taken = new Set(policies.map((each) => fold(each.name)))
  for (let count = 1; ; count++) {
    const tried = count === 1 ? name : `${name} (${count})`
    if (!taken.has(fold(tried))) return tried
  }
}
