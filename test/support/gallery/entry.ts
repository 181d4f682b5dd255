/** Where there is no session. */
import type { States } from './state.ts'

export const entryStates: States = {
  'no session': { scenario: { noLink: true }, says: 'postern console' },
  'ended, because nobody used it': {
    scenario: { answers: { 'DELETE /session': {} }, status: { data_dir: "/srv/Anna's keys" } },
    says: 'Nobody used this page for 15 minutes',
    go: async (page) => {
      await page.getByText('Service running').waitFor()
      await page.clock.install()
      await page.clock.fastForward('16:00')
    },
  },
  'a used link': { scenario: { answers: { 'POST /session': 401 } }, says: 'The disk is full.' },
}
