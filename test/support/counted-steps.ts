/** Steps as a person takes them in a page: one key press or chord, one click, one text typed. Counted for each task. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

const waitMs = 10_000

/** Where somebody would look for the focus, in words: a row by the name of its key, anything else by role and name. */
const focusOn = (page: Page): Promise<string> =>
  page.evaluate<string>(`(() => {
    const at = document.activeElement
    const row = at.closest('[data-row]')
    if (row !== null) return 'row ' + row.querySelector('.name').textContent
    const name = at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent
    return (at.getAttribute('role') ?? at.type ?? at.localName) + ' ' + name
  })()`)

export const focusIs = async (page: Page, expected: RegExp): Promise<void> => {
  for (const deadline = Date.now() + waitMs; !expected.test(await focusOn(page));)
    if (Date.now() > deadline) assert.match((await focusOn(page)).slice(0, 200), expected)
}

type By = 'keyboard' | 'mouse'

/** `allowed`: how many steps each task may take. By the keyboard nothing is clicked. */
export const countSteps = <T extends string>(page: Page, by: By, allowed: Record<T, Readonly<Record<By, number>>>) => {
  let steps = 0
  const taken: (readonly [T, number])[] = []
  const click = async (act: () => Promise<void>): Promise<void> => {
    assert.equal(by, 'mouse')
    steps++
    await act()
  }
  return {
    /** Each task that was done, and its steps. */
    taken,
    press: (key: string): Promise<void> => {
      assert.equal(by, 'keyboard')
      steps++
      return page.keyboard.press(key)
    },
    type: (text: string): Promise<void> => {
      steps++
      return page.keyboard.type(text)
    },
    /** In the dialog that is open, where one is. */
    click: (name: string, role: 'button' | 'menuitem' | 'radio' = 'button'): Promise<void> =>
      click(async () => {
        const inDialog = page.locator('dialog[open]').getByRole(role, { name, exact: true })
        const anywhere = page.getByRole(role, { name, exact: true })
        await ((await inDialog.count()) > 0 ? inDialog : anywhere).first().click()
      }),
    clickOn: (selector: string): Promise<void> => click(() => page.locator(selector).first().click()),
    task: async (task: T, act: () => Promise<void>): Promise<void> => {
      steps = 0
      await act()
      taken.push([task, steps])
      assert.ok(steps <= allowed[task][by], `${task} by ${by}: ${steps} steps, not ${allowed[task][by]}`)
    },
  }
}
