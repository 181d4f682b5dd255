/** The endpoints that a key may call, as far as the daemon has told them yet. */
import type { EndpointView, KeyView, SnippetCall } from '@postern/shared'
import { useAsked } from '../use-asked.ts'
import { reachableBy, someCall } from './trial.ts'

const perPage = 500

export const useReachable = (key: KeyView): readonly EndpointView[] => {
  const endpoints = useAsked('endpoints.list', { query: { per_page: perPage } })
  const client = useAsked('clients.get', { params: { client: key.client.id } })
  return client.data === null ? [] : reachableBy(key, client.data, endpoints.data?.data ?? [])
}

/** Undefined: there is none, or it is not known yet. */
export const useSomeCall = (key: KeyView): SnippetCall | undefined => someCall(useReachable(key), key.methods)
