/** What tests of the console's pages do again and again. */
import type { Page } from 'playwright-core'

export const goTo = (page: Page, name: string): Promise<void> => page.locator('nav button', { hasText: name }).click()

export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()

/** The browser tells by itself of what a daemon refuses, and of being asked to slow down. */
export const unexpected = (complaints: readonly string[]): string[] =>
  complaints.filter((each) => !each.includes('the server responded with'))
