/** The console in a real browser over a real daemon, through a link like those of `postern console`. */
import type { Browser, Page } from 'playwright-core'
import type { TestPostern } from './start-postern.ts'

export interface OpenedConsole {
  readonly page: Page
  /** What was asked of anybody but the door, and what the browser complained of. */
  readonly astray: string[]
  readonly complaints: string[]
}

export const openConsole = async (browser: Browser, postern: TestPostern): Promise<OpenedConsole> => {
  const { url } = await postern.admin.call('links.create', { body: { page: 'console' } })
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin })
  const page = await context.newPage()
  const [astray, complaints]: [string[], string[]] = [[], []]
  page.on('request', (request) => {
    const asked = request.url()
    if (!asked.startsWith(`${new URL(url).origin}/`) && !asked.startsWith('data:')) astray.push(asked)
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  await page.goto(url)
  return { page, astray, complaints }
}
