/** What this machine knows of backups. Promises: while long work goes on, how far it is; else fresh within half a minute. */
import { useEffect } from 'react'
import type { BackupsView, ChangeTopic } from '@postern/shared'
import { useAsked, type Asked } from '../use-asked.ts'

const topics: readonly ChangeTopic[] = ['records', 'state', 'notices']
const whileRunningMs = 1_000
/** What the clock does begins without news. */
const elseMs = 30_000

/** `busy`: something was begun here, of which no answer speaks yet. */
export const useBackups = (busy = false): Asked<BackupsView> => {
  const backups = useAsked('backups.last', {}, topics)
  const { data, fault, again } = backups
  const runs = busy || (data !== null && data.running !== null)
  // From one answer to the next: a daemon that works hard is not asked before it has answered.
  useEffect(() => {
    const timer = setTimeout(again, runs ? whileRunningMs : elseMs)
    return () => clearTimeout(timer)
  }, [again, runs, data, fault])
  return backups
}
