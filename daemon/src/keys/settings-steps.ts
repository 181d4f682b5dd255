/** Changes of the store's settings, as a pure step. */
import type { SettingsEdit } from '@postern/shared'
import type { SettingsRecord } from '../document/document.ts'
import type { Step } from '../document/step.ts'
import { assertMatches } from './find.ts'
import { refuseField } from './names.ts'

export const editSettings =
  (ifMatch: string, input: SettingsEdit): Step<SettingsRecord> =>
  (document) => {
    const { settings } = document
    assertMatches(settings, ifMatch)
    const fields = Object.keys(input)
    if (fields.length === 0) return { document, result: settings, entry: null }
    const next: SettingsRecord = {
      ...settings,
      revision: settings.revision + 1,
      revealDefault: input.reveal_default ?? settings.revealDefault,
      ...rates(input),
      ...(input.public_url === undefined ? {} : { publicUrl: parsePublicUrl(input.public_url) }),
      ...(input.credential_header === undefined
        ? {}
        : { credentialHeader: parseCredentialHeader(input.credential_header) }),
    }
    return {
      document: { ...document, settings: next },
      result: next,
      entry: { action: 'settings.edit', object: { kind: 'settings', id: 'settings' }, fields },
    }
  }

const rates = (input: SettingsEdit): Partial<SettingsRecord> => {
  const read = (field: keyof SettingsEdit & `${string}_per_${string}`): number | undefined => {
    const rate = input[field]
    if (rate === undefined || (Number.isInteger(rate) && rate >= 1 && rate <= 10_000)) return rate
    return refuseField(field, 'a whole number from 1 to 10000')
  }
  const socket = read('socket_requests_per_second')
  const admin = read('admin_requests_per_second')
  const wrong = read('wrong_credentials_per_minute')
  return {
    ...(socket === undefined ? {} : { socketRequestsPerSecond: socket }),
    ...(admin === undefined ? {} : { adminRequestsPerSecond: admin }),
    ...(wrong === undefined ? {} : { wrongCredentialsPerMinute: wrong }),
  }
}

/** A name or an address; URL takes quotes and dollars too, which no name has (RFC 1123 §2.1). */
const hostOfUrl = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]+\])$/

/** An https address as callers say it; a path would not be taken off before an endpoint is looked for. */
const parsePublicUrl = (input: string | null): string | null => {
  if (input === null) return null
  const url = URL.parse(input.trim())
  if (
    url === null ||
    url.protocol !== 'https:' ||
    url.href !== `${url.origin}/` ||
    input.length > 300 ||
    !hostOfUrl.test(url.hostname)
  )
    return refuseField(
      'public_url',
      'an https URL without user, path or query, such as https://gateway.example.com:8443',
    )
  return url.origin
}

/** Headers that mean something else already, to HTTP, to proxies or to Postern. */
const takenHeaders =
  /^(?:authorization|proxy-.*|host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-.*|accept.*|cookie|set-cookie|origin|referer|user-agent|date|via|forwarded|x-forwarded-.*|x-real-ip|x-request-id|x-postern-.*|postern-.*|x-original-.*|x-api-key|idempotency-key|range|if-.*|cache-control|pragma|traceparent|tracestate)$/

const parseCredentialHeader = (input: string | null): string | null => {
  if (input === null) return null
  const name = input.trim().toLowerCase()
  if (!/^[a-z][a-z0-9-]{1,63}$/.test(name))
    return refuseField(
      'credential_header',
      '2 to 64 letters, digits and hyphens, such as apikey or Ocp-Apim-Subscription-Key',
    )
  if (takenHeaders.test(name))
    return refuseField('credential_header', `${name} means something else already; choose another`)
  return name
}
