/** How a key stands: colour, shape and words, each enough by itself. */
import { useConsole } from '../console-context.ts'
import { standingOf, timeLeft, type Ending } from '../keys/standing.ts'
import type { Texts } from '../texts/texts.ts'
import { StandingIcon } from './icons.tsx'

export const standingText = (key: Ending, nowMs: number, texts: Texts): string => {
  const standing = standingOf(key, nowMs)
  if (standing === 'disabled' && key.quarantined) return texts.keys.waits
  if (standing !== 'urgent' && standing !== 'soon') return texts.keys.standing[standing]
  const { count, unit } = timeLeft(Date.parse(key.expires_at ?? '') - nowMs)
  return texts.keys.left[unit](count)
}

export const StandingPill = ({ of: key, nowMs }: { of: Ending; nowMs: number }) => {
  const { texts } = useConsole()
  const standing = standingOf(key, nowMs)
  return (
    <span className={`pill ${standing}`}>
      <StandingIcon standing={standing} />
      {standingText(key, nowMs, texts)}
    </span>
  )
}
