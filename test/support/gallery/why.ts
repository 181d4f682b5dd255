/** Why calls were refused: the refusals of a key, a question about a call, and a request id. */
import type { Page } from 'playwright-core'
import { verdictRules, type Explanation, type RefusalView, type RuleAnswer, type VerdictRule } from '@postern/shared'
import { agoText, answers, hourMs, toDetails } from './keys-details.ts'
import { toPage, type States } from './state.ts'
import { usageAnswer } from './usage.ts'

const refusal = (at: number, more: Partial<RefusalView> = {}): RefusalView => ({
  request_id: `a1b2c3d4e5f6-${at}`,
  at: agoText(at * 90_000),
  reason: 'insufficient_scope',
  status: 403,
  rule: 'key_method',
  said: 'The key may use GET, and the call is a POST.',
  key: { id: 'k0000002', name: 'Robot 2' },
  method: 'POST',
  path: '/erp/orders',
  address: '10.0.3.7',
  asked_by_proxy: false,
  ...more,
})
const refusals = [
  refusal(1),
  refusal(2, {
    reason: 'forbidden',
    rule: 'key_addresses',
    said: 'The key allows 10.0.3.0/24, and the call came from 192.0.2.17.',
    method: 'GET',
    address: '192.0.2.17',
  }),
  refusal(3, {
    reason: 'rate_limited',
    status: 429,
    rule: 'limits',
    said: '5 calls a minute: none was left for another 34 seconds.',
    method: 'GET',
    path: `/erp/${'a/path/that/goes/on/'.repeat(12)}`,
    asked_by_proxy: true,
  }),
  ...Array.from({ length: 8 }, (_, at) => refusal(at + 4)),
]
const listOf = (data: readonly object[], count = data.length) => ({ data, count, page: 1, per_page: 50 })

/** Up to the rule that refuses; what comes after it has not been asked. */
const rulesUpTo = (refusing: VerdictRule | null, unknown: readonly VerdictRule[] = []): RuleAnswer[] => {
  const end = refusing === null ? verdictRules.length : verdictRules.indexOf(refusing)
  return verdictRules.map((rule, at) => ({
    rule,
    outcome: at === end ? 'refuse' : at > end ? 'not_asked' : unknown.includes(rule) ? 'unknown' : 'pass',
    said: at > end ? '' : rule === 'key_method' ? 'The key may use GET, and the call is a POST.' : 'As it should be.',
  }))
}
const refusing: Explanation = {
  verdict: 'refuse',
  reason: 'insufficient_scope',
  status: 403,
  at: agoText(2 * hourMs),
  judged_by: 'rules_of_today',
  key: { id: 'k0000002', name: 'Robot 2' },
  endpoint: { id: 'ep_1', method: 'POST', path: '/erp/orders' },
  rules: rulesUpTo('key_method', ['keystore', 'address_blocked']),
  changed_since: [{ at: agoText(hourMs), action: 'key.edit', by: 'anna' }],
}
const passing: Explanation = {
  ...refusing,
  verdict: 'allow',
  reason: null,
  status: null,
  at: new Date().toISOString(),
  judged_by: 'live',
  rules: rulesUpTo(null),
  changed_since: [],
}

const withWhy = {
  ...answers,
  'GET /v1/usage': usageAnswer,
  'GET /v1/refusals': listOf(refusals, 214),
  'GET /v1/refusals/*': refusal(1),
  'POST /v1/explain': refusing,
}
const toWhy = async (page: Page): Promise<void> => {
  await page.click('[data-row="1"] .actions button')
  await page.getByRole('menuitem', { name: 'Why refused?' }).click()
  await page.getByRole('heading', { name: 'Ask about a call' }).waitFor()
}
const ask = async (page: Page): Promise<void> => {
  await toWhy(page)
  await page.getByLabel('Path', { exact: true }).fill('/erp/orders')
  await page.keyboard.press('Enter')
}
const lookUp = async (page: Page, request: string): Promise<void> => {
  await toPage('Usage')(page)
  await page.getByLabel('Request id').fill(request)
  await page.keyboard.press('Enter')
}

export const whyStates: States = {
  'why, of a key': { scenario: { answers: withWhy }, says: '5 calls a minute: none was left', go: toWhy },
  'why, nothing remembered': {
    scenario: { answers: { ...withWhy, 'GET /v1/refusals': listOf([]) } },
    says: 'No refusal of this key is remembered.',
    go: toWhy,
  },
  'why, loading': {
    scenario: { answers: { ...withWhy, 'GET /v1/refusals': null } },
    says: 'Loading refusals',
    go: toWhy,
  },
  'why, forbidden': {
    scenario: { answers: { ...withWhy, 'GET /v1/refusals': 403 } },
    says: 'Your account may not do this.',
    go: toWhy,
  },
  'why, asked and refused': {
    scenario: { answers: withWhy },
    says: 'It would be refused with 403.',
    go: async (page) => {
      await ask(page)
      await page.getByText('Changed since then').scrollIntoViewIfNeeded()
    },
  },
  'why, asked and passing': {
    scenario: { answers: { ...withWhy, 'POST /v1/explain': passing } },
    says: 'It would pass.',
    go: ask,
  },
  'why, asked twice': {
    scenario: { answers: { ...withWhy, 'POST /v1/explain': [refusing, passing] } },
    says: 'It would pass.',
    go: async (page) => {
      await ask(page)
      await page.getByText('It would be refused with 403.').waitFor()
      await page.getByRole('button', { name: 'Ask', exact: true }).click()
    },
  },
  'why, asked in vain': {
    scenario: { answers: { ...withWhy, 'POST /v1/explain': 500 } },
    says: 'The disk is full.',
    go: ask,
  },
  'why, path not a path': {
    scenario: { answers: withWhy },
    says: 'Begin with /, as the call does.',
    go: async (page) => {
      await toWhy(page)
      await page.getByLabel('Path', { exact: true }).fill('orders')
      await page.keyboard.press('Enter')
    },
  },
  'why, of one of the last calls': {
    scenario: { answers: withWhy },
    says: 'Answered with 403.',
    go: async (page) => {
      await toDetails(page)
      await page.getByRole('button', { name: 'Why was GET /erp/orders/17 refused?' }).first().click()
    },
  },
  'usage, request id found': {
    scenario: { answers: withWhy },
    says: 'The key may use GET, and the call is a POST.',
    go: (page) => lookUp(page, 'a1b2c3d4e5f6-1'),
  },
  'usage, request id not known': {
    scenario: { answers: { ...withWhy, 'GET /v1/refusals/*': 404 } },
    says: 'No refusal with this request id is remembered.',
    go: (page) => lookUp(page, 'nobody-knows'),
  },
  'usage, no request id': {
    scenario: { answers: withWhy },
    says: 'Enter a request id.',
    go: (page) => lookUp(page, ''),
  },
  'usage, a call without a key': {
    scenario: { answers: withWhy },
    says: 'As if no key was presented.',
    go: async (page) => {
      await toPage('Usage')(page)
      await page.getByRole('button', { name: 'Ask about a call…' }).click()
    },
  },
}
