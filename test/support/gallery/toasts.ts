/** What is said in passing: three at most, and room to scroll the end of a page clear of them. */
import type { Page } from 'playwright-core'
import { someKeys, type Scenario } from '../fake-console.ts'
import { recordAnswers, someClients } from './records.ts'
import { toPage, type State, type States } from './state.ts'

const evidence = (calls: number) => ({
  days: 30,
  calls,
  callers_count: 1,
  callers: [],
  endpoints: [],
  last_used_at: null,
})

/** Each disabled one, and each enabled one, as a daemon would have it. */
const switched = Object.fromEntries(
  someKeys().flatMap((key) => [
    [`POST /v1/keys/${key.id}/disable`, { ...key, state: 'disabled', evidence: evidence(Number(key.id.slice(1)) * 3) }],
    [`POST /v1/keys/${key.id}/enable`, { ...key, state: 'active' }],
  ]),
)

const disableFrom = async (page: Page, row: number): Promise<void> => {
  await page.locator(`[data-row="${row}"]`).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Disable', exact: true }).click()
  await page.locator('.toast', { hasText: 'is disabled' }).first().waitFor()
}

const five = async (page: Page): Promise<void> => {
  for (const row of [4, 5, 6, 7, 8]) await disableFrom(page, row)
}

const many = async (page: Page): Promise<void> => {
  await page.focus('[data-row="1"] [data-column="1"]')
  for (const pressed of ['Space', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown'])
    await page.keyboard.press(pressed)
  await page.locator('.bulk-bar').getByRole('button', { name: 'Disable' }).click()
}

const state = (says: string, go: NonNullable<State['go']>, answers: Scenario['answers'] = switched): State => ({
  scenario: { answers },
  says,
  go,
})

export const toastsStates: States = {
  'toasts, three at most': state('Notes (5)', five),
  'toasts, the end of the table scrolled clear of them': state('Notes (5)', async (page) => {
    await five(page)
    await page.evaluate(`document.querySelector('.scroller').scrollTop = 1e6`)
  }),
  'toasts, many keys disabled and who is hit': state('All of them were called in the last 30 days', many),
  'toasts, undo has to wait': state(
    'Undo waits until the run has ended.',
    async (page) => {
      await many(page)
      await page.locator('.bulk-run').waitFor()
      await page.keyboard.press('Control+z')
    },
    { 'POST /v1/keys/*/disable': null },
  ),
  'toasts, asked to slow down': state('Asked to slow down: goes on in 1 s', many, { 'POST /v1/keys/*/disable': 429 }),
  'toasts, a client made': state(
    '“Payroll” is created.',
    async (page) => {
      await toPage('Clients')(page)
      await page.getByRole('heading', { level: 1, name: 'Clients' }).waitFor()
      await page.click('[data-action=add]')
      await page.getByLabel('Name', { exact: true }).fill('Payroll')
      await page.getByRole('button', { name: 'Create client' }).click()
    },
    { ...recordAnswers, 'POST /v1/clients': { ...someClients[1], name: 'Payroll' } },
  ),
}
