/** Every state of every page of the console. A new page brings a file of its own and a line here. */
import { apiStates } from './api.ts'
import { clientsStates } from './clients.ts'
import { endpointsStates } from './endpoints.ts'
import { entryStates } from './entry.ts'
import { keysStates } from './keys.ts'
import type { States } from './state.ts'
import { statusStates } from './status.ts'

export const gallery: States = {
  ...entryStates,
  ...keysStates,
  ...statusStates,
  ...clientsStates,
  ...endpointsStates,
  ...apiStates,
}
