/** When something ends, as people say it. */
import { z } from 'zod'

/** Give at most one of `days`, `at`, `never`. */
export const expiryChoice = z.union([
  z.strictObject({ days: z.number() }),
  z.strictObject({
    at: z.string().meta({ description: 'a date (its last millisecond in the gateway’s zone), an instant, or "now"' }),
  }),
  z.strictObject({ never: z.literal(true) }),
])
export type ExpiryChoice = z.infer<typeof expiryChoice>
