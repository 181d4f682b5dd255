/** Real proxies in front of a listener, as lenient as they can be set: what they let through is what the listener has to bear. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answersAt } from '../support/call.ts'

export type FrontKind = 'nginx' | 'haproxy'

export interface Front {
  readonly port: number
  stop(): Promise<void>
}

const programs = { nginx: ['nginx', '-v'], haproxy: ['haproxy', '-v'] } as const
const sbin = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` }

export const hasFront = (kind: FrontKind): boolean =>
  spawnSync(programs[kind][0], [programs[kind][1]], { env: sbin }).error === undefined

/** Starts one before a port of this machine. Connections to that port are kept and shared by all callers. */
export const startFront = async (kind: FrontKind, to: number): Promise<Front> => {
  const dir = await mkdtemp(join(tmpdir(), 'postern-front-'))
  const port = await freePort()
  const file = join(dir, 'front.conf')
  await writeFile(file, kind === 'nginx' ? nginxConfig(dir, port, to) : haproxyConfig(port, to))
  const [program, ...args] =
    kind === 'nginx' ? ['nginx', '-p', dir, '-c', file, '-e', join(dir, 'error.log')] : ['haproxy', '-f', file]
  const child = spawn(program ?? '', args, { env: sbin, stdio: 'ignore' })
  const ended = once(child, 'exit')
  const deadline = Date.now() + 10_000
  while (!(await answersAt('127.0.0.1', port))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${kind} does not start`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    port,
    stop: async () => {
      await end(child, ended)
      await rm(dir, { recursive: true, force: true })
    },
  }
}

const end = async (child: ChildProcess, ended: Promise<unknown>): Promise<void> => {
  child.kill('SIGTERM')
  await ended
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

const nginxConfig = (dir: string, port: number, to: number): string => `
daemon off; master_process off; pid ${dir}/pid; worker_processes 1;
events { worker_connections 1024; }
http {
  access_log off; error_log /dev/null crit;
  client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy; fastcgi_temp_path ${dir}/f; uwsgi_temp_path ${dir}/u; scgi_temp_path ${dir}/s;
  underscores_in_headers on; ignore_invalid_headers off; merge_slashes off; proxy_request_buffering off;
  upstream behind { server 127.0.0.1:${to} max_fails=0; keepalive 4; }
  server {
    listen 127.0.0.1:${port}; server_name _;
    location / { proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host; proxy_next_upstream off; }
  }
}
`

const haproxyConfig = (port: number, to: number): string => `
defaults
  mode http
  timeout connect 5s
  timeout client 20s
  timeout server 20s
  retries 0
frontend front
  bind 127.0.0.1:${port}
  option accept-invalid-http-request
  default_backend behind
backend behind
  http-reuse always
  option accept-invalid-http-response
  server postern 127.0.0.1:${to}
`

export interface Tap {
  readonly port: number
  /** What each connection has carried towards the listener since the last time, and an end of those connections. */
  take(): string[]
  stop(): Promise<void>
}

/** Stands between a front and the listener and writes down what the front says. */
export const startTap = async (to: number): Promise<Tap> => {
  const connections = new Set<{ bytes: string; end: () => void }>()
  const carried: string[] = []
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    const one = {
      bytes: '',
      end: () => {
        if (!connections.delete(one)) return
        carried.push(one.bytes)
        near.destroy()
        far.destroy()
      },
    }
    connections.add(one)
    near.on('data', (chunk) => {
      one.bytes += chunk.toString('latin1')
      far.write(chunk)
    })
    far.on('data', (chunk) => void near.write(chunk))
    for (const socket of [near, far]) socket.on('error', () => {}).on('close', one.end)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    take: () => {
      for (const each of connections) each.end()
      return carried.splice(0)
    },
    stop: async () => {
      for (const each of connections) each.end()
      server.close()
      await once(server, 'close')
    },
  }
}
