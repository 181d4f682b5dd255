/** The console over a real daemon, in a real browser, through a link as `postern console` makes one. */
import type { Browser, Page } from 'playwright-core'
import type { TestPostern } from './start-postern.ts'

export interface RealConsole {
  readonly page: Page
  /** What was asked of anybody but the door, and what the browser complained of. */
  readonly astray: string[]
  readonly complaints: string[]
}

export const openConsole = async (browser: Browser, postern: TestPostern): Promise<RealConsole> => {
  const { url } = await postern.admin.call('links.create', { body: { page: 'console' } })
  const { origin } = new URL(url)
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin })
  const page = await context.newPage()
  const [astray, complaints]: [string[], string[]] = [[], []]
  page.on('request', (request) => {
    const asked = request.url()
    if (!asked.startsWith(`${origin}/`) && !asked.startsWith(`blob:${origin}/`) && !asked.startsWith('data:'))
      astray.push(asked)
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  await page.goto(url)
  return { page, astray, complaints }
}
