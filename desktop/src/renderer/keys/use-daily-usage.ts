/**
 * Calls per day of the keys in sight. Promises: asked for once scrolling has come to rest, for no key that is not in sight,
 * and anew at most every some seconds when there is news; what was known stays until there is something newer.
 */
import { useEffect, useRef, useState } from 'react'
import { useConsole, useKnown } from '../console-context.ts'

export interface DailyUsage {
  /** Oldest first. */
  readonly allowed: readonly number[]
  readonly refused: readonly number[]
}

/** As many as the daemon takes; fewer rows than that are in the document. */
const keysAtOnce = 100
const restMs = 150
/** Rows that come into sight one after the other, as many keys are changed at once, are asked for in larger lots. */
const lately = { count: 3, withinMs: 8_000, restMs: 2_500 } as const
const newsEveryMs = 10_000

export const useDailyUsage = (ids: readonly string[]): ReadonlyMap<string, DailyUsage> => {
  const { bridge, model } = useConsole()
  const { link, status } = useKnown(model)
  const [known, setKnown] = useState<ReadonlyMap<string, DailyUsage>>(new Map())
  /** In which round a key was last asked for. */
  const askedIn = useRef(new Map<string, number>())
  const askedAt = useRef<readonly number[]>([])
  const [round, setRound] = useState(0)
  const isUp = link.kind === 'up' && status?.state === 'open'
  const inSight = ids.join(',')

  useEffect(() => {
    if (inSight === '' || !isUp) return undefined
    askedAt.current = askedAt.current.filter((atMs) => performance.now() - atMs < lately.withinMs)
    const isBusy = askedAt.current.length >= lately.count
    const sinceMs = performance.now() - (askedAt.current.at(-1) ?? -Infinity)
    const ask = (): void => {
      const wanted = inSight
        .split(',')
        .filter((id) => askedIn.current.get(id) !== round)
        .slice(0, keysAtOnce)
      if (wanted.length === 0) return
      askedAt.current = [...askedAt.current, performance.now()]
      for (const id of wanted) askedIn.current.set(id, round)
      bridge.call('usage.daily', { query: { keys: wanted.join(',') } }, { background: true }).then(
        ({ data }) => setKnown((before) => new Map([...before, ...data.map((each) => [each.key, each] as const)])),
        // Bars are an extra: without them the table says all it has to. They are asked for again with the next news.
        () => wanted.forEach((id) => askedIn.current.delete(id)),
      )
    }
    const timer = setTimeout(ask, isBusy ? Math.max(restMs, lately.restMs - sinceMs) : restMs)
    return () => clearTimeout(timer)
  }, [bridge, inSight, round, isUp])

  useEffect(() => {
    let waiting: number | undefined
    const stop = bridge.onChange((push) => {
      if (push.kind !== 'news' || !push.topics.includes('usage')) return
      waiting ??= window.setTimeout(() => {
        waiting = undefined
        setRound((before) => before + 1)
      }, newsEveryMs)
    })
    return () => {
      stop()
      clearTimeout(waiting)
    }
  }, [bridge])
  return known
}
