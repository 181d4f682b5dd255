/** A link from outside names a key to look at, and nothing else. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readCommandLine } from '../../../desktop/src/main/command-line.ts'
import { readDeepLink } from '../../../desktop/src/main/deep-link.ts'

const id = fc.stringMatching(/^[0-9A-Za-z]{8}$/)

describe('console window: links', () => {
  it('lead to the key that they name', () => {
    fc.assert(
      fc.property(id, fc.constantFrom('', '/'), (key, end) => {
        const link = readDeepLink(`postern://keys/${key}${end}`)
        assert.deepEqual(link, { kind: 'go', page: 'keys', asked: `view:${key}` })
      }),
    )
  })

  it('lead to why a key was refused, or to the refusal with a request id', () => {
    assert.deepEqual(readDeepLink('postern://keys/Abcd1234/why'), { kind: 'go', page: 'keys', asked: 'why:Abcd1234' })
    assert.deepEqual(readDeepLink('postern://refusals'), { kind: 'go', page: 'usage', asked: 'why' })
    const found = { kind: 'go', page: 'usage', asked: 'why:a1b2c3d4e5f6-4' }
    assert.deepEqual(readDeepLink('postern://refusals/a1b2c3d4e5f6-4'), found)
    for (const text of [
      'postern://refusals/a b',
      'postern://refusals/a/b',
      'postern://refusals/?x',
      'postern://refusals#',
    ])
      assert.equal(readDeepLink(text), undefined, text)
  })

  it('that are anything else lead nowhere', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((text) => `postern://keys/${text}`),
        ),
        (text) => {
          const link = readDeepLink(text)
          assert.ok(link === undefined || /^postern:\/\/keys\/[0-9A-Za-z]{8}(\/why)?\/?$/i.test(text), text)
        },
      ),
    )
    for (const text of [
      'postern://keys/Abcd1234/remove',
      'postern://keys/Abcd1234?do=remove',
      'postern://keys/Abcd1234#x',
      'postern://keys/Abcd123',
      'postern://keys/Abcd12345',
      'postern://keys/..%2f..%2fx',
      'postern://settings/Abcd1234',
      'postern:keys/Abcd1234',
      ' postern://keys/Abcd1234',
      'postern://keys/Abcd1234\n',
      'https://keys/Abcd1234',
    ])
      assert.equal(readDeepLink(text), undefined, text)
  })

  it('are found among the arguments of a program, with where the service is', () => {
    const read = readCommandLine(['electron', '.', '--data', '/srv/postern', '--hidden', 'postern://keys/Abcd1234'])
    assert.deepEqual(read, {
      data: '/srv/postern',
      socket: undefined,
      hidden: true,
      link: { kind: 'go', page: 'keys', asked: 'view:Abcd1234' },
    })
    assert.equal(readCommandLine(['electron', '--socket=/run/x.sock']).socket, '/run/x.sock')
    assert.equal(readCommandLine(['electron', '--socket', '--hidden']).socket, undefined)
    assert.deepEqual(readCommandLine([]), { data: undefined, socket: undefined, hidden: false, link: undefined })
  })
})
