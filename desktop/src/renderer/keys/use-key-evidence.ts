/** What is known of a key's use, for as long as its details are open: asked anew when the key is used or changed. */
import { useEffect, useRef } from 'react'
import type { AdminAnswer, AdminRequest, KeyView } from '@postern/shared'
import type { OpenCall } from '../../bridge.ts'
import { useAsked, type Asked } from '../use-asked.ts'

const noTopics = [] as const

/** Uses of other keys are no reason to ask, which every call to the gateway would be otherwise. */
export const useAskedOfKey = <C extends OpenCall>(
  { etag, last_used_at: usedAt }: KeyView,
  name: C,
  asked: AdminRequest<C> | null,
): Asked<AdminAnswer<C>> => {
  const answer = useAsked(name, asked, noTopics)
  const { again } = answer
  const first = useRef(true)
  useEffect(() => {
    if (!first.current) again()
    first.current = false
  }, [again, etag, usedAt])
  return answer
}
