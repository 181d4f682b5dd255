/** Every state of every page of the console. A new page brings a file of its own and a line here. */
import { entryStates } from './entry.ts'
import { keysStates } from './keys.ts'
import { noticesStates } from './notices.ts'
import { recoveryStates } from './recovery.ts'
import { settingsStates } from './settings.ts'
import type { States } from './state.ts'
import { statusStates } from './status.ts'

export const gallery: States = {
  ...entryStates,
  ...keysStates,
  ...statusStates,
  ...noticesStates,
  ...recoveryStates,
  ...settingsStates,
}
