/** The path an upstream is asked for. */
import assert from 'node:assert/strict'
import { buildIndex } from '../../../daemon/src/access/build-index.ts'
import { upstreamPath } from '../../../daemon/src/gateway/upstream-path.ts'
import { makeDocument, makeEndpoint } from '../../support/access-document.ts'

describe('upstreamPath', () => {
  for (const [path, template, asked, expected] of [
    ['/o/{id}', '/x/{id}/y', '/o/a%20b', '/x/a%20b/y'],
    ['/o/{a}/{b}', '/{b}-{a}', '/o/1/2', '/2-1'],
    ['/o/{rest*}', '/base/{rest}', '/o/1/2/', '/base/1/2/'],
    ['/o/{rest*}', '/base/{rest*}', '/o/', '/base/'],
    ['/o', '', '/o', '/'],
    ['/o/{id}', '/fixed', '/o/1', '/fixed'],
    ['/o/{id}', '/{id}', '/o/$&', '/$&'],
    ['/{constructor}', '/{constructor}/{toString}', '/x', '/x/'],
  ] as const)
    it(`${path} to ${template || 'the origin'}: ${asked} becomes ${expected}`, () => {
      const endpoints = [makeEndpoint('GET', path, { upstream: `http://a${template}` })]
      const [endpoint] = buildIndex(makeDocument({ endpoints }), 1).endpoints
      assert.ok(endpoint !== undefined)
      assert.equal(upstreamPath(endpoint, asked), expected)
    })
})
