/**
 * What an organisation can settle for every console of a machine: written by its administrator into `config.json`, told by the
 * daemon, and applied by the console over what somebody has chosen. What is not in it is for each person to choose.
 */
import { z } from 'zod'

export const consolePolicy = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']).optional(),
  density: z.enum(['compact', 'normal', 'comfortable']).optional(),
  time_zone: z.enum(['gateway', 'mine', 'utc']).optional(),
  clipboard_seconds: z.literal([15, 45, 120]).optional(),
  lock_after_idle_minutes: z.literal([0, 5, 15, 30, 60]).optional().meta({ description: '0: never' }),
})
export type ConsolePolicy = z.infer<typeof consolePolicy>
