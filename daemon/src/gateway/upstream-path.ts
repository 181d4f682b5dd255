/** The upstream's path for a call. Promises: the raw text of the call's segments, in the endpoint's own template. */
import { upstreamPlaceholder } from '@postern/shared'
import { segmentValues, type EndpointAccess } from '../access/access-index.ts'

/** `path`: of a call that the endpoint has matched. Nothing is decoded or encoded. */
export const upstreamPath = (endpoint: EndpointAccess, path: string): string => {
  const template = endpoint.upstream?.path ?? '/'
  if (!template.includes('{')) return template
  const values = segmentValues(endpoint, path)
  return template.replaceAll(upstreamPlaceholder, (_, name: string) => values.get(name) ?? '')
}
