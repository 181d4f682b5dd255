/** Every state of every page of the console. A new page brings a file of its own and a line here. */
import { auditStates } from './audit.ts'
import { calendarStates } from './calendar.ts'
import { entryStates } from './entry.ts'
import { keysStates } from './keys.ts'
import type { States } from './state.ts'
import { statusStates } from './status.ts'
import { usageStates } from './usage.ts'

export const gallery: States = {
  ...entryStates,
  ...keysStates,
  ...statusStates,
  ...usageStates,
  ...auditStates,
  ...calendarStates,
}
