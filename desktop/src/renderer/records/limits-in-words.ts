/** Limits as people say them: "5 calls a minute, 1,000 calls a day, 3 at once". Pure. */
import { limitUnits, type PolicyView } from '@postern/shared'
import type { Texts } from '../texts/texts.ts'

type Limits = Pick<PolicyView, 'windows' | 'concurrent'>

/** Each by itself, so that a line breaks between two of them: the windows from the shortest to the longest, then how many at once. */
export const limitList = ({ windows, concurrent }: Limits, { limits }: Texts): readonly string[] => {
  const said = limitUnits.flatMap((unit) =>
    windows.filter(({ per }) => per === unit).map(({ calls }) => limits.per[unit](calls)),
  )
  const all = concurrent === null ? said : [...said, limits.atOnce(concurrent)]
  return all.length === 0 ? [limits.none] : all
}

/** Of nothing, that nothing is limited. */
export const limitsInWords = (policy: Limits, texts: Texts): string => limitList(policy, texts).join(', ')
