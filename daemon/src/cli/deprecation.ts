/** `--deprecated-since`, `--sunset`, `--deprecation-link` and `--not-deprecated` of `postern endpoints`. */
import type { EndpointEdit } from '@postern/shared'
import { UsageError } from './prompt.ts'

/** The three belong together: an edit says all of them, as the admin API takes them. Throws UsageError. */
export const readDeprecation = (options: Record<string, string | undefined>): EndpointEdit['deprecation'] => {
  const { deprecatedSince: since, sunset, deprecationLink: link } = options
  // commander gives `true` for an option without a value.
  if (options['notDeprecated'] !== undefined) {
    if (since !== undefined || sunset !== undefined || link !== undefined)
      throw new UsageError('--not-deprecated goes with none of --deprecated-since, --sunset, --deprecation-link.')
    return null
  }
  if (since === undefined) {
    if (sunset !== undefined || link !== undefined)
      throw new UsageError('--sunset and --deprecation-link need --deprecated-since.')
    return undefined
  }
  return { since, sunset: sunset ?? null, link: link ?? null }
}
