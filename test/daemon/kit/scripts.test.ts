/** Whatever names and descriptions say, the kit's files are read back as they were meant, and scripts do one call and nothing else. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatAdminToken, kitFormats, parsePathPattern } from '@postern/shared'
import fc from 'fast-check'
import { kitFiles } from '../../../daemon/src/kit/kit.ts'
import type { KitSource } from '../../../daemon/src/kit/source.ts'
import { makeKey } from '../../support/access-document.ts'
import { powershellReader } from '../../support/kit-judges.ts'
import { kitEndpoint, kitSource, manyEndpoints } from '../../support/kit-source.ts'
import { temporaryDir } from '../../support/start-postern.ts'

const sharp = [
  `'`,
  '"',
  '`',
  '’',
  '‘',
  '\\',
  '\n',
  '\r',
  '\u2028',
  '\u0085',
  '\u202e',
  '\ud800',
  '😀',
  '$(touch owned)',
  '`touch owned`',
  '; touch owned #',
  "'; touch owned; '",
  '$env:POSTERN_KEY',
  '${process.exit(9)}',
  '</script>',
  '*/',
  '{{apiKey}}',
  '#>',
  '%',
] as const
const text = fc
  .array(fc.oneof(fc.constantFrom(...sharp), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 40 })
  .map((parts) => parts.join(''))
const long = fc.constantFrom(...sharp).map((each) => each.repeat(4_000).slice(0, 4_000))
const told = fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: long })
const literal = fc
  .array(fc.constantFrom(`'`, '$', '&', '(', ')', '*', '!', '~', '=', ':', '@', ',', '+', ';', '%27', 'touch', 'a'), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join('').replaceAll(';', ''))
const path = fc
  .array(fc.oneof(literal, fc.constantFrom('{id}')), { minLength: 1, maxLength: 3 })
  .map((parts) => `/${parts.join('/')}`)
  .filter((each) => typeof parsePathPattern(each) !== 'string')
const source: fc.Arbitrary<KitSource> = fc
  .record({
    title: told,
    description: told,
    about: told,
    paths: fc.array(path, { minLength: 1, maxLength: 5 }),
    ca: text,
  })
  .map(({ title, description, about, paths, ca }) =>
    kitSource(
      paths.flatMap((each) => [
        kitEndpoint('GET', each, { description: about, collection: title }),
        kitEndpoint('DELETE', each, { description: about, collection: title }),
      ]),
      { title, description, caFile: `/srv/${ca.replaceAll('\0', '')}` },
    ),
  )

/** Found once: a call that stands as a comment, with a line's end in the name of a file. */
const lined = kitSource([kitEndpoint('GET', '/{id}'), kitEndpoint('DELETE', '/{id}')], {
  caFile: '/srv/\n; touch owned #\r; touch owned',
})
const found = { examples: [[lined] as [KitSource]] }

const contentOf = (of: KitSource, name: string): string =>
  kitFormats.flatMap((format) => kitFiles(of, format)).find((file) => file.name === name)?.content ?? assert.fail(name)

/** The one call a script carries out: what reads, with the fewest segments to fill in, in order. */
const calledBy = ({ endpoints, baseUrl }: KitSource): string[] => {
  const open = (each: string): number => each.split('{id}').length
  const fewest = Math.min(...endpoints.map((each) => open(each.path)))
  return endpoints
    .filter((each) => open(each.path) === fewest)
    .map((each) => baseUrl + each.path.replace('{id}', 'YOUR_id'))
}

/**
 * The lines of a PowerShell script without comments, TEXT for what is quoted. about_Quoting_Rules: any of these ends a text in
 * single quotes, and two of them in a row are one of its characters.
 */
const wordsOf = (script: string): string[] => {
  const pieces = script.matchAll(/(?<comment>^#.*$)|(?<text>['‘’‚‛](?:[^'‘’‚‛]|['‘’‚‛]{2})*['‘’‚‛])|(?<other>[^])/gmu)
  const words = [...pieces].map(({ groups }) => groups?.['other'] ?? (groups?.['text'] === undefined ? '' : 'TEXT'))
  return words
    .join('')
    .split(/[\n\r\u0085\u2028\u2029]/)
    .filter((line) => line !== '')
}

describe('kit: hostile texts', function () {
  this.timeout(60_000)
  let dir: string
  before(async () => {
    dir = await temporaryDir()
    await mkdir(join(dir, 'bin'))
    await mkdir(join(dir, 'here'))
    await writeFile(join(dir, 'bin', 'curl'), `#!/bin/sh\nprintf '%s\\0' "$@" '.'\n`)
    await chmod(join(dir, 'bin', 'curl'), 0o755)
    const fetch = 'globalThis.fetch = (...asked) => (console.log(JSON.stringify(asked)), { text: () => "" })\n'
    await writeFile(join(dir, 'fetch.mjs'), fetch)
  })
  after(() => rm(dir, { recursive: true, force: true }))

  const started = (program: string, args: string[]) => {
    const env = { PATH: `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`, POSTERN_KEY: 'the key' }
    return spawnSync(program, args, { cwd: join(dir, 'here'), env, encoding: 'utf8' })
  }

  it('JSON is read back with the very names it was given', () =>
    fc.assert(
      fc.property(source, (of) => {
        for (const name of ['openapi.json', 'swagger.json', 'apiDefinition.swagger.json']) {
          const { info, paths } = JSON.parse(contentOf(of, name)) as { info: { title: string }; paths: object }
          assert.equal(info.title, of.title)
          assert.ok(Object.keys(paths).length > 0)
        }
        const properties = JSON.parse(contentOf(of, 'apiProperties.json')) as { properties: { stackOwner: string } }
        assert.equal(properties.properties.stackOwner, of.title)
        for (const name of ['postman_collection.json', 'postman_environment.json']) JSON.parse(contentOf(of, name))
      }),
    ))

  it('the shell reads the script, and carries out one call and nothing else', () =>
    fc.assert(
      fc.property(source, (of) => {
        const file = join(dir, 'calls.sh')
        writeFileSync(file, contentOf(of, 'calls.sh'))
        assert.equal(started('sh', ['-n', file]).status, 0, 'it can be read')
        const { status, stdout, stderr } = started('sh', [file])
        assert.equal(status, 0, stderr)
        const [flag, ca, url = '', header, value, end, ...more] = stdout.split('\0').slice(0, -1)
        assert.deepEqual(
          [flag, ca, header, value, end, more],
          ['--cacert', of.caFile?.toWellFormed(), '-H', 'Authorization: Bearer the key', '.', []],
        )
        assert.ok(calledBy(of).includes(url), url)
        assert.deepEqual(readdirSync(join(dir, 'here')), [])
      }),
      { numRuns: 60, ...found },
    ))

  it('the shell carries out nothing without a key', () => {
    const file = join(dir, 'calls.sh')
    writeFileSync(file, contentOf(kitSource([kitEndpoint('GET', '/x')]), 'calls.sh'))
    const { status, stdout, stderr } = spawnSync('/bin/sh', [file], {
      env: { PATH: join(dir, 'bin') },
      encoding: 'utf8',
    })
    assert.deepEqual([status === 0, stdout, /POSTERN_KEY/.test(stderr)], [false, '', true])
  })

  it('Node reads the script, and carries out one call and nothing else', () =>
    fc.assert(
      fc.property(source, (of) => {
        const file = join(dir, 'calls.mjs')
        writeFileSync(file, contentOf(of, 'calls.mjs'))
        const { status, stdout, stderr } = started(process.execPath, ['--import', join(dir, 'fetch.mjs'), file])
        assert.equal(status, 0, stderr)
        const [asked = '', said, ...more] = stdout.split('\n').filter((line, at) => at === 0 || line !== '')
        const [url, how] = JSON.parse(asked) as [string, object]
        assert.deepEqual([said, more], [undefined, []])
        assert.deepEqual(how, { headers: { authorization: 'Bearer the key' } })
        assert.ok(calledBy(of).includes(url), url)
        assert.deepEqual(readdirSync(join(dir, 'here')), [])
      }),
      { numRuns: 25, ...found },
    ))

  it('PowerShell’s rules of quoting leave the script’s own words alone outside of quotes and comments', () =>
    fc.assert(
      fc.property(source, (of) => {
        const content = contentOf(of, 'calls.ps1')
        assert.ok(content.startsWith('\uFEFF# '))
        assert.deepEqual(wordsOf(content.slice(1)), [
          'if (-not $env:POSTERN_KEY) { throw TEXT }',
          'Import-Certificate -FilePath TEXT -CertStoreLocation Cert:\\CurrentUser\\Root',
          'Invoke-RestMethod TEXT -Headers @{ Authorization = "Bearer $env:POSTERN_KEY" }',
        ])
      }),
    ))

  it('a grammar of PowerShell reads the script, and finds the certificate and one call', async () => {
    const commandsIn = await powershellReader()
    assert.equal(commandsIn(`if ($x { throw 'a }`), null)
    fc.assert(
      fc.property(source, (of) => {
        const [trust, called, ...more] = commandsIn(contentOf(of, 'calls.ps1').slice(1)) ?? []
        assert.deepEqual([trust?.name, called?.name, more], ['Import-Certificate', 'Invoke-RestMethod', []])
        assert.equal(trust?.texts[0], of.caFile)
        assert.ok(calledBy(of).includes(called?.texts[0] ?? ''))
        assert.deepEqual(called?.entries, [['Authorization', 'Bearer $env:POSTERN_KEY']])
      }),
      found,
    )
    const names = commandsIn(contentOf(kitSource(manyEndpoints), 'calls.ps1').slice(1))?.map(({ name }) => name)
    assert.deepEqual(names, ['Invoke-RestMethod'])
  })

  for (const [what, value] of [
    ['a key', makeKey().value],
    ['an admin token', formatAdminToken({ tokenId: `at_${'0'.repeat(12)}`, secret: 'a'.repeat(43) })],
  ] as const)
    it(`${what} that somebody has put into a name or a description is in no file`, () => {
      const of = kitSource([kitEndpoint('GET', '/x', { description: `call it with ${value}`, collection: value })], {
        title: value,
        description: `"${value}"`,
      })
      for (const format of kitFormats)
        for (const { name, content } of kitFiles(of, format)) {
          assert.ok(!content.includes(value.slice(-40)), name)
          if (name.endsWith('.json')) JSON.parse(content)
        }
    })

  it('what may change something stands in a script as a comment, also where nothing else is there', () => {
    const of = kitSource([kitEndpoint('DELETE', '/x'), kitEndpoint('POST', '/x')])
    const file = join(dir, 'calls.sh')
    writeFileSync(file, contentOf(of, 'calls.sh'))
    assert.equal(started('sh', [file]).stdout, '')
    assert.match(contentOf(of, 'calls.sh'), /^# curl -X POST '.*\/x' .* --data '\{\}'$/m)
  })

  it('a script holds twenty calls, and says how many more there are', () => {
    const of = kitSource(Array.from({ length: 25 }, (_, at) => kitEndpoint('GET', `/x${at}`)))
    const content = contentOf(of, 'calls.mjs')
    assert.equal(content.split('await fetch(').length - 1, 20)
    assert.match(content, /\n\/\/ 5 more are in the documents of this kit\.\n$/)
  })
})
