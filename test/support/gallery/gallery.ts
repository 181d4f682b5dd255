/** Every state of every page of the console. A new page brings a file of its own and a line here. */
import { entryStates } from './entry.ts'
import { frameStates } from './frame.ts'
import { keysStates } from './keys.ts'
import type { States } from './state.ts'
import { statusStates } from './status.ts'

export const gallery: States = {
  ...entryStates,
  ...frameStates,
  ...keysStates,
  ...statusStates,
}
