/**
 * Makes the limit that a form asks for, when that form is saved. Promises: what exists already is taken; tried again after a
 * refusal of something else, the same limit is not made twice. Throws a Refusal that names the field `limit`.
 */
import { useCallback, useRef } from 'react'
import { Refusal } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import { limitsInWords } from '../records/limits-in-words.ts'
import { callsOf, freeName, sameLimit, type LimitDraft } from './new-limit.ts'

const perPage = 500

/** What comes back: the policies, and the new one with them. */
export type WithLimit = (policies: readonly string[], limit: LimitDraft, attempt: string) => Promise<readonly string[]>

export const useNewLimit = (): WithLimit => {
  const { bridge, texts } = useConsole()
  const made = useRef(new Map<string, string>())
  return useCallback(
    async (policies, limit, attempt) => {
      const calls = callsOf(limit)
      if (!limit.wanted || calls === null) return policies
      const windows = [{ per: limit.per, calls }]
      const name = limitsInWords({ windows, concurrent: null }, texts)
      const id = made.current.get(name) ?? (await make())
      made.current.set(name, id)
      return policies.includes(id) ? policies : [...policies, id]

      async function make(): Promise<string> {
        try {
          const { data } = await bridge.call('policies.list', { query: { per_page: perPage } })
          const same = sameLimit(data, calls ?? 0, limit.per)
          if (same !== undefined) return same.id
          const body = { name: freeName(name, data), windows }
          return (await bridge.call('policies.create', { body, idempotencyKey: `${attempt}-limit` })).id
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          throw new Refusal(error.code, error.message, { errors: [{ field: 'limit', message: error.message }] })
        }
      }
    },
    [bridge, texts],
  )
}
