/** Where there is no session. */
import type { States } from './state.ts'

export const entryStates: States = {
  'no session': { scenario: { noLink: true }, says: 'postern console' },
  'a used link': { scenario: { answers: { 'POST /session': 401 } }, says: 'The disk is full.' },
}
