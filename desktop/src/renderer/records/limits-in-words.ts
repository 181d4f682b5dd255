/** Limits as people say them: "5 calls a minute, 1,000 calls a day, 3 at once". Pure. */
import { limitUnits, type PolicyView } from '@postern/shared'
import type { Texts } from '../texts/texts.ts'

/** The windows from the shortest to the longest, then how many calls at once; of nothing, that nothing is limited. */
export const limitsInWords = (
  { windows, concurrent }: Pick<PolicyView, 'windows' | 'concurrent'>,
  texts: Texts,
): string => {
  const { limits } = texts
  const said = limitUnits.flatMap((unit) =>
    windows.filter(({ per }) => per === unit).map(({ calls }) => limits.per[unit](calls)),
  )
  const all = concurrent === null ? said : [...said, limits.atOnce(concurrent)]
  return all.length === 0 ? limits.none : all.join(', ')
}
