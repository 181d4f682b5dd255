/**
 * Records of the trail, newest first, a page at a time. Promises: what is new comes on top without being asked for; older
 * pages follow without a hole and without a record shown twice, also while new ones are written.
 */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { AuditView } from '@postern/shared'
import { Refusal } from '../../bridge.ts'
import { useConsole, useKnown } from '../console-context.ts'
import type { Asked } from '../use-asked.ts'
import { useCalmNews } from '../use-calm-news.ts'
import { perPage, withNewest, withOlder, type Records } from './records.ts'
import type { TrailQuery } from './trail-filter.ts'

export interface Trail extends Asked<Records> {
  /** Null: there are none, or they are on their way. */
  readonly older: (() => void) | null
}

const lookEveryMs = 5_000
/** What the state of Postern says by itself. */
const saidElsewhere = ['daemon_unreachable', 'credential_missing', 'credential_invalid', 'keystore_locked']

export const useTrail = (query: TrailQuery): Trail => {
  const { bridge, model } = useConsole()
  const { link, status } = useKnown(model)
  const [found, setFound] = useState<{ of: string; records: Records } | null>(null)
  const [fault, setFault] = useState<Refusal | null>(null)
  const [busy, setBusy] = useState(false)
  const question = JSON.stringify(query)
  const current = useRef(question)
  const isUp = link.kind === 'up' && status?.state === 'open'

  const load = useCallback(
    async (page: number): Promise<void> => {
      current.current = question
      try {
        const asked = { ...(JSON.parse(question) as TrailQuery), page, per_page: perPage }
        const answer = await bridge.call('audit.list', { query: asked }, { background: true })
        if (current.current !== question) return
        const data: readonly AuditView[] = answer.data
        setFound((before) => {
          const records = before?.of === question ? before.records : null
          const merge = page === 1 ? withNewest : withOlder
          return { of: question, records: merge(records, { data, count: answer.count }) }
        })
        setFault(null)
      } catch (error) {
        if (current.current !== question) return
        const refusal = error instanceof Refusal ? error : new Refusal('internal', String(error))
        setFault(saidElsewhere.includes(refusal.code) ? null : refusal)
      }
    },
    [bridge, question],
  )
  const again = useCallback(() => {
    if (isUp) void load(1)
  }, [isUp, load])
  useEffect(again, [again])
  useCalmNews(['keys', 'records', 'state', 'notices'], lookEveryMs, again)

  const records = found?.of === question ? found.records : null
  const shown = records?.data.length ?? 0
  const hasOlder = records !== null && shown < records.count
  const older = (): void => {
    setBusy(true)
    // New records push older ones down: the page that begins within what is shown leaves no hole.
    void load(Math.floor(shown / perPage) + 1).finally(() => setBusy(false))
  }
  return { data: records, fault, again, older: hasOlder && !busy ? older : null }
}
