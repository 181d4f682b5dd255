/**
 * A daemon that has been in use for a month: made by real changes and real calls, with the clock turned on between them.
 * Nothing is written past the daemon.
 */
import { bearer, call } from '../support/call.ts'
import { startUpstream } from '../support/fake-upstream.ts'
import { startTestPostern, type TestPostern } from '../support/start-postern.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const daysOfUse = 30

interface Plan {
  readonly name: string
  readonly description?: string
  readonly owner?: string
  readonly client?: string
  /** Until it expires, from the last day on; negative: it has expired before. */
  readonly expiresIn: number | null
  readonly path: string
  /** On a working day. */
  readonly callsADay: number
}

// A plan reads best on one line.
// prettier-ignore
const plans: readonly Plan[] = [
  { name: 'Invoice export', owner: 'Anna Berg', expiresIn: -2, path: '/erp/invoices', callsADay: 3 },
  { name: 'Payroll bridge', owner: 'HR systems', expiresIn: 2, path: '/hr/payslips', callsADay: 4 },
  { name: 'Fleet telemetry', owner: 'Logistics', client: 'Logistics', expiresIn: 9, path: '/fleet/positions', callsADay: 9 },
  { name: 'Warehouse scanner', owner: 'Logistics', client: 'Logistics', expiresIn: 13, path: '/fleet/positions', callsADay: 6 },
  { name: 'CRM sync', owner: 'Sales', client: 'Sales', expiresIn: 120, path: '/crm/contacts', callsADay: 8 },
  { name: 'Nightly reporting', owner: 'Anna Berg', expiresIn: 200, path: '/erp/invoices', callsADay: 2 },
  { name: 'Nintex workflows', owner: 'Workflow team', expiresIn: 300, path: '/erp/orders', callsADay: 7 },
  { name: 'Order portal', owner: 'Sales', client: 'Sales', expiresIn: 330, path: '/erp/orders', callsADay: 5 },
  { name: 'Power Automate', description: 'Approvals of purchase orders', expiresIn: 364, path: '/erp/orders', callsADay: 3 },
  { name: 'Old scanner app', owner: 'Logistics', client: 'Logistics', expiresIn: 90, path: '/fleet/positions', callsADay: 0 },
  { name: 'Postman of Ben', owner: 'Ben', expiresIn: 25, path: '/erp/orders', callsADay: 0 },
  { name: 'Scanner trial 2025', owner: 'Logistics', expiresIn: 40, path: '/erp/orders', callsADay: 0 },
  { name: 'Building control', owner: 'Facilities', expiresIn: null, path: '/crm/contacts', callsADay: 2 },
]

const collections: Readonly<Record<string, readonly string[]>> = {
  ERP: ['/erp/orders', '/erp/invoices'],
  CRM: ['/crm/contacts'],
  People: ['/hr/payslips'],
  Fleet: ['/fleet/positions'],
}

export interface UsedPostern {
  readonly postern: TestPostern
  stop(): Promise<void>
}

/** `zone`: the gateway's. */
export const startUsedPostern = async (zone: string): Promise<UsedPostern> => {
  const upstream = await startUpstream()
  const endMs = Date.now()
  const clock = { nowMs: endMs - daysOfUse * dayMs }
  const postern = await startTestPostern({}, { zone }, clock)
  const { admin } = postern
  await admin.call('settings.edit', { body: { socket_requests_per_second: 1_000 }, ifMatch: '*' })
  for (const [name, paths] of Object.entries(collections)) {
    await admin.call('collections.create', { body: { name } })
    for (const path of paths)
      await admin.call('endpoints.create', {
        body: { collection: name, method: 'ANY', path, upstream: `${upstream.origin}${path}` },
      })
  }
  await admin.call('clients.create', { body: { name: 'Sales', project: 'Storefront', collections: ['ERP', 'CRM'] } })
  await admin.call('clients.create', { body: { name: 'Logistics', project: 'Fleet 2027', collections: ['Fleet'] } })

  const values = new Map<string, string>()
  for (const { name, description = '', owner, client, expiresIn } of plans) {
    const expires =
      expiresIn === null
        ? { never: true as const }
        : { at: new Date(endMs + expiresIn * dayMs - 5 * hourMs).toISOString() }
    const made = await admin.call('keys.create', {
      body: {
        name,
        description,
        expires,
        ...(owner === undefined ? {} : { owner }),
        ...(client === undefined ? {} : { client }),
      },
    })
    values.set(name, made.value ?? '')
  }

  for (let day = daysOfUse; day >= 0; day--)
    for (const hour of [7, 9, 11, 14, 16]) {
      const atMs = endMs - day * dayMs - (20 - hour) * hourMs
      if (atMs < clock.nowMs) continue
      clock.nowMs = atMs
      const isWeekend = [0, 6].includes(new Date(atMs).getUTCDay())
      for (const [at, plan] of plans.entries()) {
        // Not the same every day, and the same in every run.
        const wanted = plan.callsADay === 0 ? 0 : (plan.callsADay + ((day * 7 + at * 5 + hour) % 4)) / 5
        for (let left = isWeekend ? wanted / 3 : wanted; left >= 1; left--)
          await call(`${postern.http}${plan.path}`, { headers: bearer(values.get(plan.name) ?? '') })
      }
      if (day % 5 === 0) await call(`${postern.http}/erp/orders`)
    }
  clock.nowMs = endMs
  await admin.call('keys.remove', { params: { key: 'Scanner trial 2025' } })
  await admin.call('keys.disable', { params: { key: 'Postman of Ben' } })
  await call(`${postern.http}/erp/orders`, { headers: bearer(values.get('Postman of Ben') ?? '') })
  await admin.call('keys.rotate', { params: { key: 'CRM sync' }, body: { overlap_seconds: 604_800 } })
  await call(`${postern.http}/crm/contacts`, { headers: bearer(values.get('CRM sync') ?? '') })
  let stopped: Promise<void> | undefined
  return {
    postern,
    stop: () =>
      (stopped ??= (async () => {
        await postern.stop()
        await upstream.close()
      })()),
  }
}
