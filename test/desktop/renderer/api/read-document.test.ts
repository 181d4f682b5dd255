/** The API page says what the table says: every call, every field, commands that are there, and no secret in an example. */
import assert from 'node:assert/strict'
import { adminApi, type AdminRow } from '@postern/shared'
import { openApiDocument } from '../../../../daemon/src/admin/openapi.ts'
import { commands } from '../../../../desktop/src/renderer/api/commands.ts'
import { curlFor, exampleOf, hasSecret, socketOf } from '../../../../desktop/src/renderer/api/examples.ts'
import { readDocument } from '../../../../desktop/src/renderer/api/read-document.ts'
import { commandLine } from '../../../support/command-line.ts'

const calls = readDocument(openApiDocument('0.1.0', 'pages'))
const callOf = (name: string) => {
  const found = calls.find((each) => each.name === name)
  assert.ok(found, name)
  return found
}

describe('console: documentation of the API', () => {
  it('has every row of the table with its method, path, role and summary', () =>
    assert.deepEqual(
      Object.fromEntries(calls.map(({ name, method, path, role, summary }) => [name, [method, path, role, summary]])),
      Object.fromEntries(
        Object.entries<AdminRow>(adminApi).map(([name, { method, path, role, summary }]) => [
          name,
          [method, path.replaceAll(/:([a-z]+)/g, '{$1}'), role, summary],
        ]),
      ),
    ))

  it('names fields inside of others and of alternatives, each once, with type, need and meaning', () => {
    const { body, answer, parameters } = callOf('keys.create')
    const named = Object.fromEntries((body ?? []).map((each) => [each.name, each]))
    assert.deepEqual([named['name']?.required, named['owner']?.required], [true, false])
    assert.deepEqual(named['owner']?.type, {
      kind: 'either',
      of: [
        { kind: 'plain', name: 'string' },
        { kind: 'plain', name: 'null' },
      ],
    })
    assert.deepEqual(named['reveal']?.type, { kind: 'values', values: ['"always"', '"once"', '"never"'] })
    for (const name of ['expires.days', 'expires.at', 'expires.never', 'honey.block_seconds'])
      assert.ok(named[name], name)
    assert.equal(named['client']?.about, 'default: the client "default"')
    assert.ok(answer?.some(({ name }) => name === 'client.id'))
    assert.deepEqual(
      parameters.map(({ name, place }) => [name, place]),
      [['Idempotency-Key', 'header']],
    )
    const list = callOf('keys.list').answer?.map(({ name }) => name) ?? []
    assert.ok(list.includes('data[].client.name') && new Set(list).size === list.length)
  })

  it('what is not understood is left out, and nothing is thrown', () => {
    for (const document of [{}, { paths: null }, { paths: { '/a': { get: 7, post: { parameters: [null] } } } }])
      assert.ok(readDocument(document).length <= 1)
  })

  it('every command is there, and its help names what it takes', async () => {
    const { run } = commandLine(
      () => assert.fail('help needs no daemon'),
      () => '.',
    )
    for (const [name, command] of Object.entries(commands)) {
      assert.ok(Object.hasOwn(adminApi, name), name)
      const [, ...words] = command.split(' ')
      const options = words.filter((word) => word.startsWith('--'))
      const names = words.filter((word) => /^[a-z-]+$/.test(word) && !word.startsWith('--'))
      const { code, out } = await run([...names, '--help'])
      assert.equal(code, 0, command)
      const usage = /Usage: (.*)/.exec(out)?.[1] ?? ''
      const said = usage
        .replace(' [options]', '')
        .replaceAll(/[<[]([a-z]+)[\]>]/g, (_, each: string) => each.toUpperCase())
      const plain = command.replaceAll(/ --[a-z-]+(?: [A-Z]+)?/g, '')
      // What may be left out is not named where the call needs none.
      assert.ok(
        said === plain || usage.replace(' [options]', '').replace(/ \[[a-z]+(?:\.\.\.)?\]$/, '') === plain,
        `${usage}: ${command}`,
      )
      for (const option of options) assert.match(out, new RegExp(`${option}\\b`), command)
    }
  })

  it('an example holds what must be there, and the row accepts it', () => {
    for (const { name, bodySchema } of calls) {
      const { body }: AdminRow = adminApi[name as keyof typeof adminApi]
      if (bodySchema === null || body === undefined) continue
      const example = exampleOf(bodySchema, '', true)
      assert.ok(body.safeParse(example).success, `${name}: ${JSON.stringify(example)}`)
    }
  })

  it('a body with a secret goes into a file, an edit says which version, and quotes are safe', () => {
    assert.ok(hasSecret(callOf('keystore.unlock')) && !hasSecret(callOf('keys.create')))
    assert.match(curlFor(callOf('keystore.unlock'), 'S'), /-d @body\.json/)
    assert.equal(
      curlFor(callOf('collections.create'), 'S'),
      `curl --unix-socket S -X POST -H 'Content-Type: application/json' -d '{"name":"Invoices"}' 'http://localhost/v1/collections'`,
    )
    assert.match(curlFor(callOf('clients.edit'), 'S'), /-X PATCH -H 'If-Match: \*' .*\/v1\/clients\/CLIENT'$/)
  })

  it('the socket of an installed service is named, another one has to be, and a pipe of Windows is none', () => {
    assert.deepEqual(socketOf('/var/lib/postern'), { path: '/run/postern/postern.sock', known: true })
    assert.deepEqual(socketOf('/srv/postern'), { path: '"$POSTERN_SOCKET"', known: false })
    assert.equal(socketOf('C:\\ProgramData\\Postern'), null)
  })
})
