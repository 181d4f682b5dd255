/** The limits of a policy in words, such as "5 a minute, 1,000 a day, 4 at once". Pure. */
import { limitUnits, type PolicyView } from '@postern/shared'
import type { Texts } from '../texts/texts.ts'

/** Each by itself, so that a line breaks between two of them. */
export const limitList = (
  { windows, concurrent }: Pick<PolicyView, 'windows' | 'concurrent'>,
  { policies }: Texts,
): readonly string[] => {
  const said = windows
    .toSorted((a, b) => limitUnits.indexOf(a.per) - limitUnits.indexOf(b.per))
    .map(({ per, calls }) => policies.each[per](calls))
  const all = concurrent === null ? said : [...said, policies.atOnce(concurrent)]
  return all.length === 0 ? [policies.noLimits] : all
}

export const limitWords = (policy: Pick<PolicyView, 'windows' | 'concurrent'>, texts: Texts): string =>
  limitList(policy, texts).join(', ')
