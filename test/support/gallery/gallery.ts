/** Every state of every page of the console. A new page brings a file of its own and a line here. */
import { apiStates } from './api.ts'
import { clientsStates } from './clients.ts'
import { endpointsStates } from './endpoints.ts'
import { auditStates } from './audit.ts'
import { backupsStates } from './backups.ts'
import { calendarStates } from './calendar.ts'
import { entryStates } from './entry.ts'
import { keysGridStates } from './keys-grid.ts'
import { importStates } from './import.ts'
import { frameStates } from './frame.ts'
import { kitStates } from './kit.ts'
import { keysStates } from './keys.ts'
import { keysCareStates } from './keys-care.ts'
import { keysDetailsStates } from './keys-details.ts'
import { noticesStates } from './notices.ts'
import { policiesStates } from './policies.ts'
import { recoveryStates } from './recovery.ts'
import { rightsStates } from './rights.ts'
import { settingsStates } from './settings.ts'
import { signInStates } from './sign-in.ts'
import type { States } from './state.ts'
import { statusStates } from './status.ts'
import { toastsStates } from './toasts.ts'
import { tokensStates } from './tokens.ts'
import { usageStates } from './usage.ts'
import { whyStates } from './why.ts'

export const gallery: States = {
  ...entryStates,
  ...frameStates,
  ...keysStates,
  ...keysDetailsStates,
  ...keysCareStates,
  ...keysGridStates,
  ...statusStates,
  ...toastsStates,
  ...clientsStates,
  ...endpointsStates,
  ...apiStates,
  ...usageStates,
  ...auditStates,
  ...calendarStates,
  ...noticesStates,
  ...recoveryStates,
  ...backupsStates,
  ...settingsStates,
  ...policiesStates,
  ...importStates,
  ...tokensStates,
  ...rightsStates,
  ...whyStates,
  ...signInStates,
  ...kitStates,
}
