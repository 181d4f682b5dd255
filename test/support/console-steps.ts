/** What tests of the console's pages do again and again. */
import type { Locator, Page } from 'playwright-core'

export const goTo = (page: Page, name: string): Promise<void> => page.locator('nav button', { hasText: name }).click()

export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()

/** The browser tells by itself of what a daemon refuses, and of being asked to slow down. */
export const unexpected = (complaints: readonly string[]): string[] =>
  complaints.filter((each) => !each.includes('the server responded with'))

/** Of a plain table: the row with a button of this name. */
export const rowOf = (page: Page, name: string): Locator =>
  page.locator('tr[data-id]', { has: page.getByRole('button', { name, exact: true }) })

/** An item of the menu of a row. */
export const pick = async (page: Page, of: string, item: string): Promise<void> => {
  await press(page, `Actions for ${of}`)
  await page.getByRole('menuitem', { name: item }).click()
}

/** Of the newest message. */
export const undo = (page: Page): Promise<void> =>
  page.locator('.toast').last().getByRole('button', { name: 'Undo' }).click()
