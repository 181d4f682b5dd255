/** What is told of the daemon as a whole. */
import { z } from 'zod'
import { consolePolicy } from './console-policy.ts'
import { cameUpView, clockView, storeFacts } from './store-schemas.ts'

const instant = z.string().meta({ format: 'date-time' })

export const statusView = z.object({
  version: z.string(),
  state: z.enum(['locked', 'open', 'damaged']),
  problem: z
    .object({ code: z.string(), detail: z.string() })
    .nullable()
    .meta({ description: 'why the keystore is not open' }),
  refusing: z
    .object({ since: instant, why: z.string() })
    .nullable()
    .meta({ description: 'why changes are refused because of the disk; calls are answered meanwhile' }),
  started_at: instant,
  now: instant.meta({ description: 'what this machine takes the time to be' }),
  zone: z.string().meta({ description: 'the gateway’s time zone, in which a date ends' }),
  clock: clockView,
  pid: z.number(),
  data_dir: z.string(),
  store: storeFacts.nullable(),
  listeners: z.array(z.object({ url: z.string() })),
  certificate: z
    .object({
      source: z.string(),
      subject: z.string(),
      not_after: instant,
      fingerprint256: z.string(),
      ca_file: z
        .string()
        .nullable()
        .meta({ description: 'the file that callers must trust, on this machine; null: the certificate is your own' }),
    })
    .nullable(),
  keys: z.object({ green: z.number(), orange: z.number(), red: z.number(), grey: z.number() }).nullable(),
  counts: z.object({ clients: z.number(), collections: z.number(), endpoints: z.number() }).nullable(),
  alarms: z.array(z.object({ at: instant, kind: z.string(), message: z.string() })),
  host: z.record(z.string(), z.unknown()),
  console: z
    .object(consolePolicy.shape)
    .meta({ description: 'what config.json settles for every console of this machine' }),
})
export type StatusView = z.infer<typeof statusView>

export const unlockView = statusView.extend({ came_up: cameUpView.nullable() })
