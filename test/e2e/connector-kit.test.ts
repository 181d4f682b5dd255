/** From a kit to a first green call: the generated files as their own programs take them, against a running gateway. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import SwaggerParser from '@apidevtools/swagger-parser'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { powershellReader } from '../support/kit-judges.ts'
import { runByGenerated, runByNewman, type Access } from '../support/kit-clients.ts'
import { startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

const run = promisify(execFile)

describe('connector kit: from the files to a first call', function () {
  this.timeout(60_000)
  let test: TestPostern
  let upstream: FakeUpstream
  let dir: string
  let kit: string
  let key: string
  let collection: string
  const {
    ok,
    run: command,
    at,
  } = commandLine(
    () => test,
    () => dir,
  )
  const fileOf = (name: string): Promise<string> => readFile(join(kit, name), 'utf8')
  const access = async (): Promise<Access> => {
    const { certificate } = await test.admin.call('status.get')
    return { key, caFile: certificate?.ca_file ?? '' }
  }
  const reached = (): string[] => upstream.received.splice(0).map(({ method, url }) => `${method} ${url}`)

  before(async () => {
    test = await startTestPostern()
    upstream = await startUpstream()
    dir = await temporaryDir()
    kit = join(dir, 'kit', 'of ERP')
    collection = (await test.admin.call('collections.create', { body: { name: 'ERP', version: '2.1.0' } })).id
    for (const [method, path] of [
      ['POST', '/erp/orders'],
      ['GET', '/erp/orders/{id}'],
      ['GET', '/erp/orders'],
      ['ANY', '/erp/:batch/{rest*}'],
    ] as const)
      await test.admin.call('endpoints.create', {
        body: { collection: 'ERP', method, path, upstream: upstream.origin + path },
      })
    key = (await test.admin.call('keys.create', { body: { name: 'Robot' } })).value ?? ''
  })
  after(async () => {
    await test?.stop()
    await upstream?.close()
    if (dir !== undefined) await rm(dir, { recursive: true, force: true })
  })

  it('the command line writes them, overwrites nothing unasked, and none of them holds a key', async () => {
    const said = await ok('kit', '--collection', 'erp', '--out', kit)
    assert.match(
      said,
      /Wrote 9 files for "ERP" 2\.1\.0, called at https:\/\/127\.0\.0\.1:\d+:[^]*a guess[^]*--public-url/,
    )
    const names = await readdir(kit)
    assert.equal(names.length, 9)
    for (const name of names) assert.ok(!(await fileOf(name)).includes(key.slice(17)), name)
    await rm(join(kit, 'openapi.json'))
    await writeFile(join(kit, 'calls.mjs'), 'mine')
    const refused = await command(['kit', '--collection', 'ERP', '--out', kit, ...at()])
    assert.deepEqual(
      [refused.code, /swagger\.json is there already.*--force/s.test(refused.err)],
      [2, true],
      refused.err,
    )
    assert.deepEqual([await fileOf('calls.mjs'), (await readdir(kit)).length], ['mine', 8])
    await ok('kit', '--collection', 'ERP', '--out', kit, '--force')
    assert.match(await fileOf('calls.mjs'), /POSTERN_KEY/)
  })

  it('the command line prints one file, and says what to do where there are more', async () => {
    assert.equal(await ok('kit', '--collection', 'ERP', '--format', 'openapi'), await fileOf('openapi.json'))
    const asJson = JSON.parse(await ok('kit', '--collection', 'ERP', '--format', 'curl', '--json')) as {
      files: object[]
    }
    assert.equal(asJson.files.length, 1)
    for (const [args, message] of [
      [['--collection', 'ERP'], /--out DIR, or choose one with --format/],
      [['--collection', 'ERP', '--format', 'postman'], /postman is 2 files.*--out DIR/],
      [['--format', 'openapi'], /either --client or --collection/],
      [['--client', 'default', '--collection', 'ERP', '--format', 'openapi'], /either/],
      [['--collection', 'ERP', '--format', 'word'], /Allowed choices are openapi/],
    ] as const) {
      const { code, err } = await command(['kit', ...args, ...at()])
      assert.deepEqual([code, message.test(err)], [2, true], err)
    }
    assert.equal((await command(['kit', '--collection', 'none', '--format', 'curl', ...at()])).code, 1)
  })

  it('newman carries out the Postman collection with its environment and the key', async () => {
    const { executions, failures } = await runByNewman(kit, await access())
    assert.deepEqual([failures, executions.map(({ response }) => response?.code)], [[], Array(8).fill(200)])
    assert.deepEqual(reached(), [
      'POST /erp/orders',
      'GET /erp/orders/YOUR_id',
      'GET /erp/orders',
      ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => `${method} /erp/:batch/YOUR_rest`),
    ])
  })

  for (const document of ['openapi.json', 'swagger.json', 'apiDefinition.swagger.json'])
    it(`a generator makes a client of ${document}, and its first calls pass`, async () => {
      const calls = `await api.erp.getErpOrdersById('4711')\nawait api.erp.postErpOrders({ total: 1 })`
      await runByGenerated(kit, document, { ...(await access()), calls })
      assert.deepEqual(reached(), ['GET /erp/orders/4711', 'POST /erp/orders'])
    })

  it('the OpenAPI document at its stable address is the one of the kit', async () => {
    const [known] = (await test.admin.call('kit.get', { query: { collection: 'ERP', format: 'openapi' } }))
      .document_urls
    const { status, body } = await call(known?.url ?? '', { headers: bearer(key), ca: await test.ca() })
    assert.deepEqual([status, body], [200, await fileOf('openapi.json')])
  })

  it('a token from where the OpenAPI document says reads that document too', async () => {
    const { components } = JSON.parse(await fileOf('openapi.json')) as {
      components: { securitySchemes: { oauth2: { flows: { clientCredentials: { tokenUrl: string } } } } }
    }
    const { tokenUrl } = components.securitySchemes.oauth2.flows.clientCredentials
    const ca = await test.ca()
    const { id } = await test.admin.call('keys.get', { params: { key: 'Robot' } })
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: key }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const issued = await call(tokenUrl, { method: 'POST', headers, body, ca })
    const { access_token: token } = JSON.parse(issued.body) as { access_token: string }
    const path = `/.postern/apis/${collection}/openapi.json`
    assert.equal((await call(test.http + path, { headers: bearer(token) })).body, await fileOf('openapi.json'))
    await test.admin.call('keys.disable', { params: { key: 'Robot' } })
    assert.equal((await call(test.http + path, { headers: bearer(token) })).status, 403)
    await test.admin.call('keys.enable', { params: { key: 'Robot' } })
  })

  it('the Swagger document at its stable address is valid, and follows what is set up', async () => {
    await test.admin.call('settings.edit', { body: { public_url: 'https://gateway.example.com' }, ifMatch: '*' })
    const path = `/.postern/apis/${collection}/swagger.json`
    const document = async () => JSON.parse((await call(test.http + path, { headers: bearer(key) })).body) as never
    const { info, host } = (await SwaggerParser.validate(await document())) as {
      info: { version: string }
      host: string
    }
    assert.deepEqual([info.version, host], ['2.1.0', 'gateway.example.com'])
    assert.match(await ok('collections', 'edit', 'ERP', '--version', '2.2.0'), /Changed/)
    assert.match(await ok('collections', 'list'), /ERP .*2\.2\.0/)
    assert.match(await ok('settings', 'edit', '--no-public-url'), /"public_url": null/)
    const later: { info: { version: string }; host: string } = await document()
    assert.deepEqual([later.info.version, `https://${later.host}`], ['2.2.0', test.https])
    await test.admin.call('collections.disable', { params: { collection: 'ERP' } })
    const gone = await call(test.http + path, { headers: bearer(key) })
    assert.equal(gone.problem().code, 'no_endpoint')
    assert.equal((await command(['kit', '--collection', 'ERP', '--format', 'curl', ...at()])).code, 1)
    await test.admin.call('collections.enable', { params: { collection: 'ERP' } })
  })

  it('the scripts make one call that reads, with the key from the environment', async function () {
    const env = { ...process.env, POSTERN_KEY: key }
    const trusting = { ...env, NODE_EXTRA_CA_CERTS: (await access()).caFile }
    await run(process.execPath, [join(kit, 'calls.mjs')], { env: trusting })
    assert.deepEqual(reached(), ['GET /erp/orders'])
    if ((await run('curl', ['--version']).catch(() => null)) === null) return this.skip()
    const { stdout } = await run('sh', [join(kit, 'calls.sh')], { env })
    assert.deepEqual([reached(), stdout], [['GET /erp/orders'], 'upstream /erp/orders'])
  })

  it('the call of the PowerShell script, read by a grammar and made as it is written, passes', async () => {
    const commandsIn = await powershellReader()
    const [trust, called] = commandsIn((await fileOf('calls.ps1')).slice(1)) ?? []
    assert.deepEqual([trust?.name, called?.name], ['Import-Certificate', 'Invoke-RestMethod'])
    const headers = Object.fromEntries(
      (called?.entries ?? []).map(([name, value]) => [name, value.replace('$env:POSTERN_KEY', key)]),
    )
    const ca = await readFile(trust?.texts[0] ?? '', 'utf8')
    const { status } = await call(called?.texts[0] ?? '', { headers, ca })
    assert.deepEqual([status, reached()], [200, ['GET /erp/orders']])
  })
})
