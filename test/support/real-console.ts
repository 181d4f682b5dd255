/** The console over a real daemon in a real browser, opened by a link as people open it. */
import type { Browser, Page } from 'playwright-core'
import type { TestPostern } from './start-postern.ts'

export interface OpenedConsole {
  readonly page: Page
  /** What was asked of anybody but the door, and what the browser complained of. */
  readonly astray: string[]
  readonly complaints: string[]
}

/** `prepare`: what must be done with the page before it is opened. */
export const openConsole = async (
  browser: Browser,
  postern: TestPostern,
  prepare?: (page: Page) => Promise<void>,
): Promise<OpenedConsole> => {
  const { url } = await postern.admin.call('links.create', { body: { page: 'console' } })
  const { origin } = new URL(url)
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin })
  const page = await context.newPage()
  const [astray, complaints]: [string[], string[]] = [[], []]
  page.on('request', (request) => {
    const to = request.url()
    if (!to.startsWith(`${origin}/`) && !to.startsWith('data:')) astray.push(to)
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  await prepare?.(page)
  await page.goto(url)
  return { page, astray, complaints }
}
