/** One server of the measurement, in a process of its own: `servers.ts KIND [ARGUMENTS]`. Says where it listens in JSON. */
import { hash } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'
import { formatKeyValue } from '@postern/shared'
import { buildIndex } from '../../daemon/src/access/build-index.ts'
import { createGateway } from '../../daemon/src/gateway/gateway.ts'
import { listen } from '../../daemon/src/gateway/listener.ts'
import { createGateLimits } from '../../daemon/src/limits/gate-limits.ts'
import { createLimits } from '../../daemon/src/limits/limits.ts'
import { documentOf } from './documents.ts'

const announce = (url: string, headers: string[] = []): void =>
  void process.stdout.write(`${JSON.stringify({ url, headers })}\n`)

const serve = (answer: RequestListener): void => {
  const server = createServer({ keepAliveTimeout: 5_000 }, answer)
  server.listen(0, '127.0.0.1', () => announce(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
}

const [kind, ...rest] = process.argv.slice(2)
switch (kind) {
  case 'upstream': {
    const body = JSON.stringify({ id: 7, name: 'order', lines: [1, 2, 3] })
    serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
      response.end(body)
    })
    break
  }
  case 'hash':
    serve((request, response) => {
      response.writeHead(200, { 'content-length': 0, 'x-digest': hash('sha256', `${request.url}`, 'base64url') })
      response.end()
    })
    break
  case 'proxy': {
    const pool = new Pool(rest[0] ?? '', { connections: 128, pipelining: 1, allowH2: false })
    serve((request, response) => {
      pool.dispatch(
        { path: request.url ?? '/', method: request.method ?? 'GET', headers: request.rawHeaders },
        {
          onRequestStart: () => undefined,
          onResponseStart: (controller, status) =>
            void response.writeHead(status, (controller.rawHeaders as Buffer[]).map(String)),
          onResponseData: (_controller, chunk) => void response.write(chunk),
          onResponseEnd: () => void response.end(),
          onResponseError: () => response.destroy(),
        },
      )
    })
    break
  }
  case 'gateway': {
    const { document, material } = documentOf(Number(rest[0]), rest[1] ?? '')
    const index = buildIndex(document, 1)
    const gateway = createGateway({
      index: () => index,
      record: () => undefined,
      changes: async function* none() {},
      calendar: () => null,
      limits: createGateLimits(createLimits().take),
      jwks: () => ({ keys: [] }),
      documents: () => null,
      tokens: () => {
        throw new Error('nobody makes tokens here')
      },
      onFault: (_id, error) => process.stderr.write(`${String(error)}\n`),
      now: Date.now,
    })
    const listener = await listen({ protocol: 'http', host: '127.0.0.1', port: 0 }, gateway, {})
    announce(listener.url, [
      `Authorization: Bearer ${formatKeyValue(material)}`,
      'X-Forwarded-Method: GET',
      'X-Forwarded-Uri: /erp/orders/7',
      'X-Forwarded-Host: gw.example',
    ])
    break
  }
  default:
    throw new Error(`there is no server "${kind}"`)
}
