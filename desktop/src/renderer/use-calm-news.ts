/**
 * Looks again when there is news, calmly. Promises: at once for the first news, then at most once in so long; and now and
 * then without any, because not everything that happens is told.
 */
import { useEffect } from 'react'
import type { ChangeTopic } from '@postern/shared'
import { useConsole } from './console-context.ts'

const lookAnywayMs = 30_000

export const useCalmNews = (topics: readonly ChangeTopic[], everyMs: number, look: () => void): void => {
  const { bridge } = useConsole()
  const topicList = topics.join(' ')
  useEffect(() => {
    let lookedMs = -Infinity
    let waiting: number | undefined
    const lookNow = (): void => {
      waiting = undefined
      lookedMs = performance.now()
      look()
    }
    const stop = bridge.onChange((push) => {
      if (push.kind !== 'news' || !push.topics.some((topic) => topicList.split(' ').includes(topic))) return
      waiting ??= window.setTimeout(lookNow, Math.max(0, lookedMs + everyMs - performance.now()))
    })
    // Nobody looks at a page that is hidden.
    const anyway = window.setInterval(() => {
      if (!document.hidden) lookNow()
    }, lookAnywayMs)
    return () => {
      stop()
      clearTimeout(waiting)
      clearInterval(anyway)
    }
  }, [bridge, topicList, everyMs, look])
}
