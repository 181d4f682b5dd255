/**
 * What a page asks the daemon for. Promises: asked anew when something of the named topics has changed, and when Postern
 * answers again; what was answered stays to be looked at until then. Never: an answer to a question asked before.
 */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { AdminAnswer, AdminRequest, ChangeTopic } from '@postern/shared'
import { Refusal, type OpenCall } from '../bridge.ts'
import { useConsole, useKnown } from './console-context.ts'

export interface Asked<T> {
  readonly data: T | null
  readonly fault: Refusal | null
  /** Asks once more. */
  again(): void
}

/** What the state of Postern says by itself. */
const saidElsewhere = ['daemon_unreachable', 'credential_missing', 'credential_invalid', 'keystore_locked']
const topicsOfRecords: readonly ChangeTopic[] = ['records']

/** `asked` null: nothing is asked, yet. `whileLocked`: the call is answered then too. */
export const useAsked = <C extends OpenCall>(
  name: C,
  asked: AdminRequest<C> | null,
  topics: readonly ChangeTopic[] = topicsOfRecords,
  { whileLocked = false }: { readonly whileLocked?: boolean } = {},
): Asked<AdminAnswer<C>> => {
  const { bridge, model } = useConsole()
  const { link, status } = useKnown(model)
  const [found, setFound] = useState<{ of: string; data: AdminAnswer<C> } | null>(null)
  const [fault, setFault] = useState<Refusal | null>(null)
  const [round, setRound] = useState(0)
  const question = asked === null ? null : JSON.stringify([name, asked])
  const newest = useRef(0)
  const isUp = link.kind === 'up' && (whileLocked || status?.state === 'open')

  useEffect(() => {
    if (question === null || !isUp) return
    const mine = ++newest.current
    const [, request] = JSON.parse(question) as [C, AdminRequest<C>]
    bridge.call(name, request, { background: true }).then(
      (data) => {
        if (mine !== newest.current) return
        setFound({ of: question, data })
        setFault(null)
      },
      (error: unknown) => {
        if (mine !== newest.current) return
        const refusal = error instanceof Refusal ? error : new Refusal('internal', String(error))
        setFault(saidElsewhere.includes(refusal.code) ? null : refusal)
      },
    )
  }, [bridge, name, question, round, isUp])

  const topicList = topics.join(' ')
  const again = useCallback(() => setRound((before) => before + 1), [])
  useEffect(
    () =>
      bridge.onChange((push) => {
        if (push.kind === 'news' && push.topics.some((topic) => topicList.split(' ').includes(topic))) again()
      }),
    [bridge, topicList, again],
  )
  return { data: found?.of === question ? found.data : null, fault, again }
}
