/** An endpoint as it stands in the form, and what is wrong with it before the daemon is asked. Pure. */
import {
  accessLimits,
  isOwnPath,
  parsePathPattern,
  type EndpointMethod,
  type EndpointView,
  type NewEndpoint,
} from '@postern/shared'
import type { Texts } from '../texts/texts.ts'
import { orNull } from './kinds.ts'

export const numbers = ['body_bytes_max', 'connect_timeout_ms', 'answer_timeout_ms', 'idle_timeout_ms'] as const
export type NumberField = (typeof numbers)[number]

export const fields = ['collection', 'name', 'method', 'path', 'upstream', 'description'] as const
export const moreFields = ['host', 'upstream_ca', ...numbers] as const
export const callersFields = [
  'query_parameter',
  'principal',
  'deprecation.since',
  'deprecation.sunset',
  'deprecation.link',
] as const
export type EndpointField = (typeof fields)[number] | (typeof moreFields)[number] | (typeof callersFields)[number]

/** That an endpoint will go, as it is typed. */
export interface DeprecationTexts {
  readonly told: boolean
  readonly since: string
  readonly sunset: string
  readonly link: string
}

export interface Draft {
  /** The id of one that is there; empty: a new one, with this name. */
  readonly collection: string
  readonly name: string
  readonly method: EndpointMethod
  readonly path: string
  /** False: nowhere, another proxy asks. */
  readonly forwards: boolean
  readonly upstream: string
  readonly description: string
  readonly host: string
  readonly upstream_ca: string
  readonly query_parameter: string
  readonly principal: boolean
  readonly deprecation: DeprecationTexts
  readonly body_bytes_max: string
  readonly connect_timeout_ms: string
  readonly answer_timeout_ms: string
  readonly idle_timeout_ms: string
}

/** A day that begins at midnight in UTC is written as a date alone, and read so. */
const midnight = 'T00:00:00.000Z'
const dateText = (instant: string): string =>
  instant.endsWith(midnight) ? instant.slice(0, -midnight.length) : instant
const instantText = (text: string): string => (/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}${midnight}` : text)

/** `collection`: where a new one belongs; empty: in a new collection. */
export const draftOf = (endpoint: EndpointView | null, collection: string): Draft => ({
  collection: endpoint?.collection.id ?? collection,
  name: '',
  method: endpoint?.method ?? 'GET',
  path: endpoint?.path ?? '/',
  forwards: endpoint === null || endpoint.upstream !== null,
  upstream: endpoint?.upstream ?? '',
  description: endpoint?.description ?? '',
  host: endpoint?.host ?? '',
  upstream_ca: endpoint?.upstream_ca ?? '',
  query_parameter: endpoint?.query_parameter ?? '',
  principal: endpoint?.principal ?? false,
  deprecation: {
    told: typeof endpoint?.deprecation === 'object' && endpoint.deprecation !== null,
    since: dateText(endpoint?.deprecation?.since ?? ''),
    sunset: dateText(endpoint?.deprecation?.sunset ?? ''),
    link: endpoint?.deprecation?.link ?? '',
  },
  body_bytes_max: String(endpoint?.body_bytes_max ?? accessLimits.bodyBytesDefault),
  connect_timeout_ms: String(endpoint?.connect_timeout_ms ?? accessLimits.connectTimeoutMsDefault),
  answer_timeout_ms: String(endpoint?.answer_timeout_ms ?? accessLimits.answerTimeoutMsDefault),
  idle_timeout_ms: String(endpoint?.idle_timeout_ms ?? accessLimits.idleTimeoutMsDefault),
})

export const bodyOf = (draft: Draft): Required<NewEndpoint> => ({
  collection: draft.collection,
  description: draft.description,
  method: draft.method,
  path: draft.path.trim(),
  host: orNull(draft.host),
  upstream: draft.forwards ? draft.upstream.trim() : null,
  upstream_ca: draft.upstream_ca.trim() === '' ? null : draft.upstream_ca,
  query_parameter: orNull(draft.query_parameter),
  principal: draft.principal,
  deprecation: draft.deprecation.told
    ? {
        since: instantText(draft.deprecation.since.trim()),
        sunset: orNull(instantText(draft.deprecation.sunset.trim())),
        link: orNull(draft.deprecation.link),
      }
    : null,
  body_bytes_max: Number(draft.body_bytes_max),
  connect_timeout_ms: Number(draft.connect_timeout_ms),
  answer_timeout_ms: Number(draft.answer_timeout_ms),
  idle_timeout_ms: Number(draft.idle_timeout_ms),
})

export const boundsOf = (field: NumberField): readonly [min: number, max: number] =>
  field === 'body_bytes_max' ? [0, accessLimits.bodyBytesMax] : [accessLimits.timeoutMsMin, accessLimits.timeoutMsMax]

/** Whether something of what is folded away is not as it is by default. */
export const hasMore = (draft: Draft): boolean => {
  const plain = draftOf(null, '')
  return moreFields.some((field) => draft[field] !== plain[field])
}

export const hasCallers = ({ query_parameter: parameter, principal, deprecation }: Draft): boolean =>
  parameter !== '' || principal || deprecation.told

export const pathFaultOf = (path: string, texts: Texts): string | undefined => {
  const { form } = texts.records
  if (path.trim() === '') return form.pathMissing
  const segments = parsePathPattern(path.trim())
  if (typeof segments === 'string') return segments
  return isOwnPath(path.trim()) ? form.pathOwn : undefined
}

export const numberFaultOf = (
  field: NumberField,
  text: string,
  texts: Texts,
  inWords: (count: number) => string,
): string | undefined => {
  const [min, max] = boundsOf(field)
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN
  return value >= min && value <= max ? undefined : texts.records.form.wholeNumber(inWords(min), inWords(max))
}
