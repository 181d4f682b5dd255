/** The shapes of coming in: the proof of who calls, and links that work once. */
import { z } from 'zod'

export const challengeView = z.object({ file: z.string(), token: z.string() })

/** The pages that a one-time link can lead to. */
export const adminPages = ['api', 'console'] as const
export type AdminPage = (typeof adminPages)[number]
export const newLink = z.strictObject({ page: z.enum(adminPages) })
export const linkIssued = z.object({
  url: z.string().meta({ description: 'the page on 127.0.0.1, the one-time code after the #' }),
  expires_at: z.string().meta({ format: 'date-time' }),
})
export type LinkIssued = z.infer<typeof linkIssued>
