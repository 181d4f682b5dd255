/** Bringing keys from elsewhere, in every state of its dialog. */
import type { Page } from 'playwright-core'
import type { Scenario } from '../fake-console.ts'
import type { State, States } from './state.ts'

/** Nobody's: the value of no key. */
const value = 'old-gateway-value-'

const table = (count: number): string =>
  [
    'name,value,client,days',
    ...Array.from({ length: count }, (_, at) => `Robot ${at + 1},${value}${at},Nintex,90`),
  ].join('\r\n')

const names = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    id: null as string | null,
    name: `Robot ${at + 1}`,
    expires_at: at === 1 ? null : '2027-02-19T22:59:59.999Z',
  }))

const report = (count: number, more: object = {}) => ({
  imported: 0,
  dry_run: true,
  keys: names(count),
  problems: [],
  ...more,
})

const imported = (count: number) =>
  report(count, {
    imported: count,
    dry_run: false,
    keys: names(count).map((key, at) => ({ ...key, id: `k${String(at).padStart(7, '0')}` })),
  })

const open = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Import keys…' }).click()
  await page.getByRole('dialog', { name: 'Import keys' }).waitFor()
}

const choose =
  (text: string, name = 'keys.csv') =>
  async (page: Page): Promise<void> => {
    await open(page)
    await page
      .getByLabel('File (CSV or JSON)')
      .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
  }

const importAfter =
  (count: number) =>
  async (page: Page): Promise<void> => {
    await choose(table(count))(page)
    await page.getByRole('button', { name: `Import ${count} key` }).click()
  }

const state = (says: string, go: State['go'] = open, answers: Scenario['answers'] = {}): State => ({
  scenario: { answers },
  says,
  go,
})

const path = 'POST /v1/keys/import'

export const importStates: States = {
  import: state('another gateway'),
  'import, columns': state('Collections are separated by semicolons', async (page) => {
    await open(page)
    await page.getByText('Columns', { exact: true }).click()
  }),
  'import, looking': state('Looking at the file…', choose(table(3)), { [path]: null }),
  'import, looked at': state('3 keys are ready. None of them is imported yet.', choose(table(3)), {
    [path]: report(3),
  }),
  'import, many': state('and 150 more', choose(table(250)), { [path]: report(250) }),
  'import, wrong rows': state(
    'Give either days or expires_at, not both.',
    choose(
      'name,value,sha256,expires_at,days\n,x,,,\nRobot 1,,,,\nRobot 2,a,b,,\nRobot 3,old-gateway-value-3,,never,3\n"Robot" 4,x\n',
    ),
  ),
  'import, refused rows': state('at least 16 visible ASCII characters', choose(table(2)), {
    [path]: report(2, {
      problems: [
        { at: 0, field: 'value', message: 'at least 16 visible ASCII characters' },
        { at: 1, field: 'name', message: 'another key has this name; choose another' },
      ],
    }),
  }),
  'import, not a table': state('The first row must name the columns', choose('Robot 1,something')),
  'import, no JSON': state('This is not JSON.', choose('name,value', 'keys.json')),
  'import, refused': state('The disk is full.', choose(table(2)), { [path]: 500 }),
  'import, running': state('Importing 3 keys…', importAfter(3), { [path]: [report(3), null] }),
  'import, failed': state('The disk is full.', importAfter(3), { [path]: [report(3), 500] }),
  'import, done': state('3 keys are imported and work from now on.', importAfter(3), {
    [path]: [report(3), imported(3)],
  }),
  'import, closed meanwhile': state(
    'Importing 3 keys…',
    async (page) => {
      await importAfter(3)(page)
      await page.getByRole('button', { name: 'Close: it goes on' }).waitFor()
    },
    { [path]: [report(3), null] },
  ),
  'import, not for an operator': state(
    'Recently deleted',
    async (page) => {
      await page.getByTitle('This needs the role administrator; you are here as operator.').waitFor()
    },
    { 'GET /v1/me': { name: 'Deployment', role: 'operator', token: null } },
  ),
}
