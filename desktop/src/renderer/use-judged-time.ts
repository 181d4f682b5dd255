/**
 * The instant that what is shown is judged by. Promises: it moves on at the very instant the standing of a key changes,
 * also after sleep and after the clock was set, and at least twice a minute, so that "5 minutes left" stays true.
 */
import { useEffect, useState } from 'react'
import { nextFlipMs, type Ending } from './keys/standing.ts'

const lookEveryMs = 250
const staleAfterMs = 20_000

export const useJudgedTime = (keys: readonly Pick<Ending, 'expires_at'>[], nowMs: () => number): number => {
  const [judgedMs, setJudgedMs] = useState(nowMs)
  useEffect(() => {
    const flipMs = nextFlipMs(keys, judgedMs)
    const look = (): void => {
      const at = nowMs()
      // Going back is a change of the clock.
      if (at >= flipMs || at < judgedMs || at - judgedMs > staleAfterMs) setJudgedMs(at)
    }
    look()
    const timer = setInterval(look, lookEveryMs)
    return () => clearInterval(timer)
  }, [keys, nowMs, judgedMs])
  return judgedMs
}
