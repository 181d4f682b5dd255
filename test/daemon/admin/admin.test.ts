/** The admin API: every row answers as the table says, one guard for all, and an error never says too much. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { join } from 'node:path'
import { adminApi, type AdminRow, type ProblemBody, type RefusalView } from '@postern/shared'
import { startTestPostern, type TestPostern } from '../../support/start-postern.ts'

interface Raw {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

describe('admin API', () => {
  let test: TestPostern
  before(async () => {
    test = await startTestPostern()
  })
  after(() => test.stop())

  const raw = (method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Raw> =>
    new Promise((resolve, reject) => {
      const sent = request(
        {
          socketPath: test.settings.socketPath,
          method,
          path,
          headers: { host: 'localhost', ...headers },
          setHost: false,
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          )
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  const json = { 'content-type': 'application/json' }
  const problem = ({ body }: Raw): ProblemBody => JSON.parse(body) as ProblemBody
  const create = (name: string, more: object = {}, headers: Record<string, string> = {}): Promise<Raw> =>
    raw('POST', '/v1/keys', { ...json, ...headers }, JSON.stringify({ name, ...more }))

  it('every row answers with its status, in the shape its schema says', async () => {
    const called = new Set<string>()
    const go = async (
      name: keyof typeof adminApi,
      params: Record<string, string> = {},
      body?: object,
      query = '',
    ): Promise<Record<string, unknown>> => {
      const row: AdminRow = adminApi[name]
      called.add(name)
      const path = row.path.replaceAll(/:([a-z]+)/g, (_, param: string) => encodeURIComponent(params[param] ?? ''))
      const answered = await raw(
        row.method,
        path + query,
        { ...json, 'if-match': '*' },
        body === undefined && row.body === undefined ? undefined : JSON.stringify(body ?? {}),
      )
      assert.equal(answered.status, row.status, `${name}: ${answered.body}`)
      if (row.answer === undefined) return {}
      const parsed = JSON.parse(answered.body) as Record<string, unknown>
      const read = row.answer.safeParse(parsed)
      assert.ok(read.success, `${name}: ${JSON.stringify(read.error?.issues)}`)
      assert.deepEqual(read.data, parsed, `${name} says more than its schema`)
      return parsed
    }
    await go('collections.create', {}, { name: 'Orders' })
    const endpoint = await go(
      'endpoints.create',
      {},
      { collection: 'Orders', path: '/orders/{id}', upstream: 'http://127.0.0.1:9/{id}' },
    )
    await go('clients.create', {}, { name: 'Sales', collections: ['Orders'] })
    for (const name of ['Small', 'Other']) await go('policies.create', {}, { name, concurrent: 2 })
    const ofPolicy = ['get', 'disable', 'enable', 'edit', 'remove'] as const
    for (const verb of ofPolicy) await go(`policies.${verb}`, { policy: 'Other' })
    await go('keys.create', {}, { name: 'Robot', client: 'Sales', policies: ['Small'] })
    for (const verb of 'get evidence limits calls reveal disable enable remove restore'.split(' '))
      await go(`keys.${verb as 'get'}`, { key: 'Robot' })
    await go('keys.release', {}, { all: true })
    await go('keys.edit', { key: 'Robot' }, { description: 'new' })
    await go('keys.rotate', { key: 'Robot' }, { overlap_seconds: 60 })
    await go('keys.end_overlap', { key: 'Robot' })
    await go('keys.rotate', { key: 'Robot' }, { overlap_seconds: 60 })
    await go('keys.revoke_old', { key: 'Robot' })
    await go('kit.get', {}, undefined, '?client=Sales')
    await go('keys.try', { key: 'Robot' }, { path: '/nowhere' })
    const plainly = `keys.list policies.list clients.list collections.list endpoints.list slots.list audit.list audit.verify
      audit.lines usage.report notices.list channels.get backups.last backups.note blocks.list
      calendar.get calendar.set calendar.remove audit.receiver status.get changes.wait settings.get openapi.get actor.challenge`
    for (const name of plainly.split(/\s+/) as (keyof typeof adminApi)[]) await go(name)
    await go('keys.import', {}, { keys: [{ name: 'From elsewhere', value: 'an-older-value-0001' }] })
    await go('me.get')
    const token = { token: String((await go('tokens.create', {}, { name: 'Ops', role: 'operator' }))['id']) }
    for (const verb of ['list', 'get', 'disable', 'enable'] as const) await go(`tokens.${verb}`, token)
    await go('tokens.edit', token, { description: 'x' })
    await go('tokens.remove', token)
    await go('links.create', {}, { page: 'api' })
    await go('notices.test')
    await go('usage.daily', {}, undefined, '?keys=AAAAAAAA')
    await go('explain.call', {}, { key: 'Robot', method: 'GET', path: '/orders/1', at: '2026-01-01' })
    const { data: refused } = await go('refusals.list', {}, undefined, '?reason=no_endpoint&text=nowhere&key=Robot')
    await go('refusals.get', { request: String((refused as RefusalView[])[0]?.request_id) })
    await go('audit.trailer', {}, undefined, '?from=1&to=2')
    await go('settings.edit', {}, { reveal_default: 'always' })
    const mail = { host: 'mx.example', from: 'a@b.example', to: ['c@d.example'] }
    const channels = { mail, webhook: { url: 'https://x.example' }, syslog: { host: 'x' }, system: {} }
    for (const [name, body] of Object.entries(channels)) await go(`channels.${name as 'mail'}`, {}, body)
    await go('channels.remove', { channel: 'syslog' })
    for (const kind of ['clients', 'collections', 'endpoints'] as const) {
      const ref = { client: 'Sales', collection: 'Orders', endpoint: String(endpoint['id']) }
      for (const verb of ['get', 'evidence', 'disable', 'enable'] as const) await go(`${kind}.${verb}`, ref)
      await go(`${kind}.edit`, ref, { description: 'x' })
    }
    await go('endpoints.remove', { endpoint: 'GET /orders/{id}' })
    await go('collections.remove', { collection: 'Orders' })
    await go('clients.create', {}, { name: 'Empty' })
    await go('clients.remove', { client: 'Empty' })
    const dir = join(test.settings.dataDir, '..', 'backups')
    const backup = { path: (await go('backups.create', {}, { dir }))['path'] }
    for (const call of ['drill', 'verify'] as const)
      assert.deepEqual((await go(`backups.${call}`, {}, backup))['faults'], [], call)
    const { hash } = await go('backups.preview', {}, backup)
    await go('backups.restore', {}, { ...backup, hash })
    await go('backups.schedule', {}, { schedule: { cron: '0 2 * * *', dir, keep: 3 } })
    await go('backups.drillSchedule', {}, { schedule: { cron: '0 4 * * 0' } })
    for (const body of [{}, { dir, file: 'x' }, { file: join(dir, 'x.zip') }])
      assert.equal(problem(await raw('POST', '/v1/backups', json, JSON.stringify(body))).code, 'field_invalid')
    await go('audit.set_receiver', {}, { host: 'localhost' })
    await go('audit.remove_receiver')
    await go('slots.confirm', {}, { code: test.recoveryCode })
    assert.equal(problem(await raw('POST', '/v1/blocks/lift', json, '{"network":"203.0.113.7"}')).code, 'not_found')
    called.add('blocks.lift')
    await go('slots.rotate')
    assert.equal(problem(await raw('POST', '/v1/clock/accept', json)).code, 'conflict')
    called.add('clock.accept')
    const kit = await go('slots.add', {}, { kind: 'recovery' })
    await go('slots.remove', { slot: String(kit['slot_id']) })
    assert.equal(problem(await raw('POST', '/v1/unlock', json, '{"code":"x"}')).code, 'conflict')
    called.add('keystore.unlock')
    const document = await go('openapi.get')
    const operations = Object.values(document['paths'] as object).flatMap((path: object) => Object.values(path))
    assert.deepEqual(
      operations.map(({ operationId }: { operationId: string }) => operationId).toSorted(),
      [...called].toSorted(),
      'every operation of the document is called here, and is the document’s',
    )
  })

  it('a refused field is named with its limit and its fix', async () => {
    for (const [body, field, message] of [
      [{ name: 'ab' }, 'name', /3 to 100/],
      [{}, 'name', /needed/],
      [{ name: 5 }, 'name', /string/],
      [{ name: 'abc', nmae: 1 }, 'nmae', /no such field/],
      [{ name: 'abc', reveal: 'maybe' }, 'reveal', /always, once, never/],
      [{ name: 'abc', expires: { days: 1, never: true } }, 'expires', /form/],
      [{ name: 'abc', description: 'x'.repeat(4_001) }, 'description', /4000/],
    ] as const) {
      const answered = await raw('POST', '/v1/keys', json, JSON.stringify(body))
      const { code, errors } = problem(answered)
      assert.deepEqual([answered.status, code, errors?.[0]?.field], [400, 'field_invalid', field])
      assert.match(errors?.[0]?.message ?? '', message)
    }
  })

  it('what is no JSON, too much, of another type, or nowhere is said as a problem', async () => {
    for (const [answered, status, code] of [
      [await raw('POST', '/v1/keys', json, '{'), 400, 'field_invalid'],
      [await raw('POST', '/v1/keys', json, '"x"'), 400, 'field_invalid'],
      [await raw('POST', '/v1/keys', json, `{"name":"${'x'.repeat(300_000)}"}`), 413, 'body_too_large'],
      [await raw('POST', '/v1/keys', { 'content-type': 'text/plain' }, 'x'), 415, 'media_type_unsupported'],
      [await raw('GET', '/v1/nowhere'), 404, 'not_found'],
      [await raw('PUT', '/v1/keys'), 405, 'method_not_allowed'],
      [await raw('GET', '/v1/keys/%zz'), 400, 'request_malformed'],
      [await raw('GET', '/v1/keys/nobody'), 404, 'not_found'],
      [await raw('GET', '/v1/keys?per_page=501'), 400, 'field_invalid'],
      [await raw('GET', '/v1/keys?page=0'), 400, 'field_invalid'],
      [await raw('GET', '/v1/keys?colour=red'), 400, 'field_invalid'],
      [await raw('GET', '/v1/keys?status=a&status=b'), 400, 'field_invalid'],
    ] as const) {
      assert.deepEqual([answered.status, problem(answered).code], [status, code])
      assert.equal(answered.headers['content-type'], 'application/problem+json')
      assert.equal(problem(answered).request_id, answered.headers['x-request-id'])
    }
    assert.equal((await raw('PUT', '/v1/keys')).headers['allow'], 'GET, POST')
  })

  it('lists page, filter and keep their order', async () => {
    for (let at = 0; at < 12; at++)
      await create(`List ${String(at).padStart(2, '0')}`, {
        expires: { days: at < 3 ? 2 : at < 6 ? 10 : 100 },
        owner: at === 7 ? 'Zoë' : null,
      })
    const list = async (query: string): Promise<{ names: string[]; count: number }> => {
      const { data, count } = JSON.parse((await raw('GET', `/v1/keys?text=list&${query}`)).body) as {
        data: { name: string }[]
        count: number
      }
      return { names: data.map(({ name }) => name), count }
    }
    const all = await list('per_page=500')
    assert.deepEqual(
      all.names,
      [...all.names].toSorted((a, b) => a.localeCompare(b)),
    )
    assert.deepEqual(await list('per_page=5&page=3'), { names: ['List 10', 'List 11'], count: 12 })
    assert.equal((await list('status=red')).count, 3)
    assert.equal((await list('status=orange')).count, 3)
    assert.equal((await list('client=default')).count, 12)
    assert.equal((await raw('GET', '/v1/keys?client=nobody')).status, 404)
    await raw('DELETE', '/v1/keys/List%2011')
    assert.deepEqual(
      [(await list('')).count, (await list('removed=true')).count, (await list('state=removed')).count],
      [11, 12, 1],
    )
    assert.equal((JSON.parse((await raw('GET', '/v1/keys?text=zo%C3%AB')).body) as { count: number }).count, 1)
  })

  it('no list, view or error shows a secret', async () => {
    const { value } = JSON.parse((await create('Secret keeper')).body) as { value: string }
    const secret = value.slice(17, 60)
    for (const path of ['/v1/keys?per_page=500', '/v1/keys/Secret%20keeper', '/v1/audit', '/v1/status'])
      assert.ok(!(await raw('GET', path)).body.includes(secret), path)
  })

  it('an edit needs the entity tag last read; an older one is refused', async () => {
    const edit = (headers: Record<string, string>): Promise<Raw> =>
      raw('PATCH', '/v1/keys/Tagged', { ...json, ...headers }, '{"description":"x"}')
    const { headers } = await create('Tagged')
    assert.equal(headers['etag'], '"1"')
    assert.equal((await edit({})).status, 428)
    assert.equal((await edit({ 'if-match': '"1"' })).headers['etag'], '"2"')
    assert.equal((await edit({ 'if-match': '"1"' })).status, 412)
    assert.equal((await edit({ 'if-match': '*' })).status, 200)
  })

  it('a create that is sent again with its Idempotency-Key gets the first answer, also while that is under way', async () => {
    const key = { 'idempotency-key': 'abc-1' }
    const [one, two] = await Promise.all([create('Once only', {}, key), create('Once only', {}, key)])
    const again = await create('Once only', {}, key)
    assert.equal(one.status, 201)
    assert.deepEqual([two.body, again.body], [one.body, one.body])
    assert.equal(again.headers['idempotency-replayed'], 'true')
    assert.equal(problem(await create('Another', {}, key)).code, 'idempotency_mismatch')
    assert.equal((await create('Bad key', {}, { 'idempotency-key': 'a b' })).status, 400)
    test.clock.nowMs += 600_001
    assert.equal(problem(await create('Once only', {}, key)).code, 'name_taken')
    assert.equal((await create('Another one', {}, key)).status, 201)
  })

  it('whoever makes the named file is who they are; anyone else only claims it', async () => {
    const { data } = await test.admin.call('audit.list', { query: { object: 'Tagged' } })
    assert.deepEqual([data[0]?.actor.name, data[0]?.actor.proof], ['unknown', 'claimed'])
    await test.admin.call('keys.disable', { params: { key: 'Tagged' } })
    const proved = await test.admin.call('audit.list', { query: { object: 'Tagged' } })
    assert.equal(proved.data[0]?.actor.proof, 'file')
    await raw('POST', '/v1/keys/Tagged/enable', { 'postern-actor': 'mallory', 'postern-actor-token': 'made-up' })
    const claimed = await test.admin.call('audit.list', { query: { object: 'Tagged' } })
    assert.deepEqual([claimed.data[0]?.actor.name, claimed.data[0]?.actor.proof], ['mallory', 'claimed'])
  })
})
