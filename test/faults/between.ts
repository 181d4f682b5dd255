/** What the differential rig tries: the gateway, and two proxies with one mistake each that the rig has to find. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { buildIndex } from '../../daemon/src/access/build-index.ts'
import { bareGateway } from '../support/bare-gateway.ts'
import { listen } from '../../daemon/src/gateway/listener.ts'
import { issueThrowaway } from '../../daemon/src/tls/certificate.ts'
import { makeClient, makeDocument, makeEndpoint, makeKey } from '../support/access-document.ts'
import type { Between } from './differential.ts'
import { readStrictly } from './strict-http.ts'

const key = makeKey({ name: 'Robot', subject: 'anna@example.com' })
const auth = `Authorization: Bearer ${key.value}`
const identity = {
  'x-postern-key-id': key.record.id,
  'x-postern-key-name': 'Robot',
  'x-postern-client': 'default',
  'x-postern-subject': 'anna%40example.com',
}

export const theGateway = async (upstreamPort: number): Promise<Between> => {
  const upstream = `http://127.0.0.1:${upstreamPort}/up/{rest*}`
  const endpoints = (['ANY', 'OPTIONS'] as const).map((method) => makeEndpoint(method, '/api/{rest*}', { upstream }))
  const index = buildIndex(makeDocument({ keys: [key], clients: [makeClient()], endpoints }), 1)
  const gateway = bareGateway(index)
  const issued = await issueThrowaway(['localhost'], Date.now())
  const tls = { cert: issued.certificate, key: issued.key.reveal() }
  const plain = await listen({ protocol: 'http', host: '127.0.0.1', port: 0 }, gateway, {})
  const secure = await listen({ protocol: 'https', host: '127.0.0.1', port: 0 }, gateway, tls)
  return {
    http: Number(new URL(plain.url).port),
    https: Number(new URL(secure.url).port),
    auth,
    identity,
    stop: async () => {
      await plain.stop(0)
      await secure.stop(0)
      await gateway.close()
    },
  }
}

/** The mistakes. `forged`: a caller's own X-Postern-Key-Id goes on. `framing`: Content-Length goes on beside an encoding. */
export type Mistake = 'forged' | 'framing'

/** A small proxy that does what the gateway does, but for one mistake. */
export const mistaken =
  (mistake: Mistake) =>
  async (upstreamPort: number): Promise<Between> => {
    const sockets = new Set<Socket>()
    const server = createServer((near) => {
      let text = ''
      sockets.add(near)
      near.on('error', () => {}).on('close', () => sockets.delete(near))
      near.on('data', (chunk) => {
        text += chunk.toString('latin1')
        const written = mistake === 'forged' ? rewritten(text) : bothKept(text)
        if (written === null) return
        text = ''
        const far = connect(upstreamPort, '127.0.0.1')
        sockets.add(far)
        far.on('error', () => {}).on('close', () => sockets.delete(far))
        far.write(written, 'latin1')
        far.on('data', (answer) => void near.end(answer))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return {
      http: (server.address() as AddressInfo).port,
      https: null,
      auth,
      identity,
      stop: () =>
        new Promise((resolve) => {
          server.close(() => resolve())
          for (const socket of sockets) socket.destroy()
        }),
    }
  }

const own = (authority: string): string[] => [
  `Host: ${authority}`,
  'X-Forwarded-For: 127.0.0.1',
  'X-Forwarded-Proto: http',
  'X-Forwarded-Host: a',
  'X-Request-Id: r-1',
  ...Object.entries(identity).map(([name, value]) => `${name}: ${value}`),
]
const dropped =
  /^(?:host|authorization|connection|content-length|transfer-encoding|x[-_](?:api|forwarded|real).*|forwarded|te|expect|upgrade|http2.*|keep.alive|proxy.*|trailer|content_length|transfer_encoding)$/i

/** Exact in everything, except that names which speak for Postern are compared as they are written. */
const rewritten = (text: string): string | null => {
  const [request] = readStrictly(text).requests
  if (request === undefined || !/^\/api\/[a-z0-9/?=-]+$/.test(request.target) || !text.includes(auth)) return null
  const headers = request.headers.filter(([name]) => !dropped.test(name) && !name.startsWith('X-Postern-'))
  const lines = [...headers.map(([name, value]) => `${name}: ${value}`), ...own('a')]
  const line = `${request.method} ${request.target.replace(/^\/api/, '/up')} HTTP/1.1`
  return [line, ...lines, `Content-Length: ${request.body.length}`, '', request.body].join('\r\n')
}

/** A call that says both is given on with both, and its bytes as they are. */
const bothKept = (text: string): string | null => {
  const [head = '', ...bodies] = text.split('\r\n\r\n')
  const [line = '', ...headers] = head.split('\r\n')
  if (bodies.length === 0 || !/^GET|^POST/.test(line) || !headers.includes(auth)) return null
  const framing = headers.filter((header) => /^(?:content-length|transfer-encoding):/i.test(header))
  if (framing.length !== 2) return null
  return [line.replace('/api/', '/up/'), ...own('a'), ...framing, '', bodies.join('\r\n\r\n')].join('\r\n')
}
