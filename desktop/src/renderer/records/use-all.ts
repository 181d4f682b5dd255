/**
 * A whole list of the daemon, page after page. Promises: asked anew when something of the named topics has changed, and when
 * Postern answers again; the list that was there stays until the new one is whole.
 */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ChangeTopic, ClientView, CollectionView, EndpointView, PolicyView, TokenView } from '@postern/shared'
import { Refusal } from '../../bridge.ts'
import { useConsole, useKnown } from '../console-context.ts'
import type { Asked } from '../use-asked.ts'

interface ItemOf {
  readonly 'clients.list': ClientView
  readonly 'collections.list': CollectionView
  readonly 'endpoints.list': EndpointView
  readonly 'policies.list': PolicyView
  readonly 'tokens.list': TokenView
}
type ListCall = keyof ItemOf

interface PageOf<T> {
  readonly data: readonly T[]
  readonly count: number
}

const perPage = 500
/** What the state of Postern says by itself. */
const saidElsewhere = ['daemon_unreachable', 'credential_missing', 'credential_invalid', 'keystore_locked']
const recordsAlone: readonly ChangeTopic[] = ['records']

export const useAll = <C extends ListCall>(
  name: C,
  topics: readonly ChangeTopic[] = recordsAlone,
): Asked<readonly ItemOf[C][]> => {
  const { bridge, model } = useConsole()
  const { link, status } = useKnown(model)
  const [data, setData] = useState<readonly ItemOf[C][] | null>(null)
  const [fault, setFault] = useState<Refusal | null>(null)
  const [round, setRound] = useState(0)
  const newest = useRef(0)
  const isUp = link.kind === 'up' && status?.state === 'open'

  useEffect(() => {
    if (!isUp) return
    const mine = ++newest.current
    const load = async (): Promise<ItemOf[C][]> => {
      // Something may be removed between two pages, and what stood on the next one moves to the one before.
      const found = new Map<string, ItemOf[C]>()
      for (let page = 1, count = 1; (page - 1) * perPage < count && mine === newest.current; page++) {
        const query = { page, per_page: perPage }
        const answer = (await bridge.call<ListCall>(name, { query }, { background: true })) as unknown as PageOf<
          ItemOf[C]
        >
        count = answer.count
        for (const item of answer.data) found.set(item.id, item)
      }
      return [...found.values()]
    }
    load().then(
      (all) => {
        if (mine !== newest.current) return
        setData(all)
        setFault(null)
      },
      (error: unknown) => {
        if (mine !== newest.current) return
        const refusal = error instanceof Refusal ? error : new Refusal('internal', String(error))
        setFault(saidElsewhere.includes(refusal.code) ? null : refusal)
      },
    )
  }, [bridge, name, round, isUp])

  const again = useCallback(() => setRound((before) => before + 1), [])
  const topicList = topics.join(' ')
  useEffect(
    () =>
      bridge.onChange((push) => {
        if (push.kind === 'news' && push.topics.some((topic) => topicList.split(' ').includes(topic))) again()
      }),
    [bridge, topicList, again],
  )
  return { data, fault, again }
}
