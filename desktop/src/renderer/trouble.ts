/** What is wrong with all of Postern, worked out from what is known of it. Pure. */
import { productVersion } from '@postern/shared'
import type { Refusal } from '../bridge.ts'
import type { Known } from './model.ts'

export type Trouble =
  | { readonly kind: 'connecting'; readonly tries: number }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'version'; readonly theirs: string }
  | { readonly kind: 'damaged'; readonly detail: string }
  | { readonly kind: 'locked'; readonly detail: string; readonly rolledBack: boolean }
  | { readonly kind: 'clock'; readonly backMs: number }
  | { readonly kind: 'fault'; readonly fault: Refusal }

/** After this many tries in vain, waiting is not all that can be said. */
export const connectingTries = 4

/** Versions that differ in more than their last number may mean different things by the same call. */
export const canManage = (theirs: string, ours: string = productVersion): boolean => {
  const lineOf = (version: string): string => version.split('.').slice(0, 2).join('.')
  return lineOf(theirs) === lineOf(ours)
}

export const isDamaged = ({ status }: Pick<Known, 'status'>): boolean =>
  status !== null && (status.state === 'damaged' || status.problem?.code === 'keystore_damaged')

/** The most pressing first; what follows from another is not told beside it. */
export const troublesOf = (known: Known): readonly Trouble[] => {
  const { link, status, clockBackMs, fault } = known
  if (link.kind === 'lost')
    return link.tries < connectingTries ? [{ kind: 'connecting', tries: link.tries }] : [{ kind: 'stopped' }]
  const found: Trouble[] = []
  if (status !== null && !canManage(status.version)) found.push({ kind: 'version', theirs: status.version })
  const detail = status?.problem?.detail ?? ''
  if (isDamaged(known)) found.push({ kind: 'damaged', detail })
  else if (status?.state === 'locked')
    found.push({ kind: 'locked', detail, rolledBack: status.problem?.code === 'keystore_rolled_back' })
  if (clockBackMs > 0) found.push({ kind: 'clock', backMs: clockBackMs })
  if (fault !== null && found.length === 0) found.push({ kind: 'fault', fault })
  return found
}
