/**
 * How Postern is, for a ticket or a colleague: what the daemon says of itself and what this console sees of it. Never: a
 * key's value, name, owner or id; of keys there are counts alone. Pure.
 */
import { productVersion } from '@postern/shared'
import type { Known } from './model.ts'

export const healthReport = ({ link, status, skewMs, clockBackMs, asOfMs, fault, keys }: Known): string =>
  JSON.stringify(
    {
      console: {
        version: productVersion,
        link: link.kind,
        as_of: asOfMs === null ? null : new Date(asOfMs).toISOString(),
        clock_differs_by_seconds: Math.round(skewMs / 1_000),
        clock_went_back_by_seconds: Math.round(clockBackMs / 1_000),
        keys_listed: keys.length,
        fault: fault === null ? null : { code: fault.code, detail: fault.message, request_id: fault.requestId },
      },
      status,
    },
    null,
    2,
  )
