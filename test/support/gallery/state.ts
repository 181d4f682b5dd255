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

/** Through the navigation. `name`: of the page, which may have to be loaded first. */
export const toPage =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await page.locator('nav button', { hasText: name }).click()
    await page.locator('h1', { hasText: name }).waitFor()
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

const firstNews = { seq: 1, generation: 1, topics: [], keys: null, used: [] }

export const lost = { answers: { 'GET /v1/changes': 503 } } as const

/** It answers once, so that something is known, and then no more. */
export const stopped = { answers: { 'GET /v1/changes': [firstNews, 503] } } as const
