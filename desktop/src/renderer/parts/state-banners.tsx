/** What is wrong with all of Postern, above every page; nothing, as long as nothing is. */
import { useConsole, useKnown } from '../console-context.ts'
import { troublesOf } from '../trouble.ts'
import { StateBanner } from './state-banner.tsx'

export const StateBanners = () => {
  const { model } = useConsole()
  const troubles = troublesOf(useKnown(model))
  return troubles.map((trouble) => <StateBanner key={trouble.kind} of={trouble} />)
}
