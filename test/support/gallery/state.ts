/** A state that a page can be in: how it comes about, and what it must say. */
import type { Page } from 'playwright-core'
import type { Scenario } from '../fake-console.ts'

export interface State {
  readonly scenario: Scenario
  /** What must be shown. */
  readonly says: string
  readonly go?: (page: Page) => Promise<void>
}

export type States = Readonly<Record<string, State>>

/** Through the navigation. `name`: of the page. */
export const toPage =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await page.locator('nav button', { hasText: name }).click()
    // A page is a download of its own; what is above it may say all that a state must.
    await page.locator('main h1').waitFor()
  }

export const locked = {
  state: 'locked',
  store: null,
  problem: { code: 'keystore_locked', detail: 'The machine key is not here.' },
} as const

export const damaged = {
  state: 'damaged',
  store: null,
  problem: { code: 'keystore_damaged', detail: 'checksum, entry 12' },
} as const

export const lost = { answers: { 'GET /v1/changes': 503 } } as const
