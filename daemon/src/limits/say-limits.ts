/** Limits in a sentence, for whoever asks why a call was refused. */
import { reasonOf, type LimitState } from './limits.ts'

export interface LimitsSaid {
  readonly passed: boolean
  readonly reason?: 'rate_limited' | 'quota_exceeded'
  readonly said: string
}

const inWords = ({ limit: { policy, heldBy, per, limit } }: LimitState): string => {
  const whose = heldBy === 'client' ? ' of all keys of the client together' : ''
  return `${limit} ${per === 'concurrent' ? 'at once' : `a ${per}`}${whose} (policy "${policy.name}")`
}

/** Why a call is refused; empty: the key is under a policy that is not there. */
export const sayViolated = (violated: readonly LimitState[]): string =>
  violated.length === 0
    ? 'the key is under a policy that is not there, so that it is not known what to count'
    : `used up: ${violated.map(inWords).join('; ')}`

/** What a call at this moment would find. `null`: the key is under a policy that is not there. */
export const sayStanding = (states: readonly LimitState[] | null): LimitsSaid => {
  if (states === null) return { passed: false, reason: 'rate_limited', said: sayViolated([]) }
  const violated = states.filter(({ remaining }) => remaining < 1)
  if (violated.length > 0) return { passed: false, reason: reasonOf(violated), said: sayViolated(violated) }
  if (states.length === 0) return { passed: true, said: 'it is under no limit' }
  return { passed: true, said: states.map((state) => `${state.remaining} left of ${inWords(state)}`).join('; ') }
}
