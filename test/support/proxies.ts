/** Real reverse proxies with the files that the guide gives, changed only where the head of each says that a user does. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { answersAt } from './call.ts'
import { temporaryDir } from './start-postern.ts'

export interface Proxy {
  readonly url: string
  stop(): Promise<void>
}

/** Where things are, as `HOST:PORT`. `service` is where allowed calls go; a file that sends them to Postern has none. */
export interface Places {
  readonly postern: string
  readonly service?: string
}

const guide = new URL('../../installer/proxies/', import.meta.url)

/** A file of the guide as it stands. */
export const guideFile = (name: string): Promise<string> => readFile(new URL(name, guide), 'utf8')

/** What the head of a file says is to be replaced, in its order. */
export const replaceable = (text: string): string[] =>
  [...text.matchAll(/^#\s+Replace "([^"]+)"/gm)].map(([, each = '']) => each)

/** A file of the guide with the user's own words in place of those its head names: every one of them, and nothing else. */
const filledIn = async (name: string, own: Readonly<Record<string, string>>): Promise<string> => {
  const text = await guideFile(name)
  const named = replaceable(text)
  const unknown = [
    ...named.filter((each) => own[each] === undefined),
    ...Object.keys(own).filter((each) => !named.includes(each)),
  ]
  if (unknown.length > 0) throw new Error(`the head of ${name} and this test differ about ${unknown.join(', ')}`)
  // At once: a new word may look like another's old one.
  const words = named.toSorted((a, b) => b.length - a.length).map((each) => each.replaceAll('.', '\\.'))
  return text.replace(new RegExp(words.join('|'), 'g'), (each) => own[each] ?? each)
}

const placesIn = ({ postern, service }: Places, at: string): Record<string, string> => ({
  '127.0.0.1:8080': postern,
  ...(service === undefined ? {} : { '127.0.0.1:9000': service }),
  '127.0.0.1:8000': at,
})

export interface ProxyKind {
  readonly name: string
  isHere(): boolean
  start(places: Places): Promise<Proxy>
}

// Debian keeps daemons in sbin, which is not on everybody's path.
const withSbin = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` }

const has =
  (program: string, ...args: string[]) =>
  (): boolean =>
    spawnSync(program, args, { env: withSbin }).status === 0

/** nginx with the file that sends calls to a service, or the one that sends them to Postern when there is none. */
export const nginx: ProxyKind = {
  name: 'nginx',
  isHere: has('nginx', '-v'),
  start: (places) =>
    startIn('nginx', async (dir, at) => {
      const file = places.service === undefined ? 'nginx-then-postern.conf' : 'nginx.conf'
      const site = await filledIn(file, placesIn(places, at))
      const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      const temporary = folders.map((name) => `${name}_temp_path ${dir}/${name};`).join(' ')
      await mkdir(join(dir, 'logs'))
      await writeFile(
        join(dir, 'nginx.conf'),
        `daemon off; master_process off; pid ${dir}/pid; events { worker_connections 64; }
         http { access_log off; ${temporary} ${site} }`,
      )
      return ['-p', dir, '-c', join(dir, 'nginx.conf'), '-e', 'stderr']
    }),
}

export const caddy: ProxyKind = {
  name: 'Caddy',
  isHere: has('caddy', 'version'),
  start: (places) =>
    startIn('caddy', async (dir, at) => {
      const { '127.0.0.1:8000': _site, ...others } = placesIn(places, at)
      const own = { 'http://:8000': `http://:${at.split(':')[1]}`, 'bind 127.0.0.1': 'bind 127.0.0.1' }
      const site = await filledIn('Caddyfile', { ...others, ...own })
      // Its own port for administration is one for the whole machine; two tests at once would fight about it.
      await writeFile(join(dir, 'Caddyfile'), `{\n\tadmin off\n}\n${site}`)
      return ['run', '--adapter', 'caddyfile', '--config', join(dir, 'Caddyfile')]
    }),
}

export const haproxy: ProxyKind = {
  name: 'HAProxy',
  isHere: has('haproxy', '-v'),
  start: (places) => startHaproxy(places),
}

/** `broken`: what becomes of its script before it is loaded. */
export const startHaproxy = (places: Places, broken = (script: string): string => script): Promise<Proxy> =>
  startIn('haproxy', async (dir, at) => {
    const lua = join(dir, 'postern.lua')
    await writeFile(lua, broken(await guideFile('postern.lua')))
    const config = await filledIn('haproxy.cfg', { ...placesIn(places, at), '/etc/haproxy/postern.lua': lua })
    await writeFile(join(dir, 'haproxy.cfg'), config)
    return ['-db', '-f', join(dir, 'haproxy.cfg')]
  })

/** In a folder of its own, on a free port, until it is stopped. Rejects with what it says when it does not come up. */
const startIn = async (
  program: string,
  prepare: (dir: string, at: string) => Promise<readonly string[]>,
): Promise<Proxy> => {
  const dir = await temporaryDir()
  const port = await freePort()
  const args = await prepare(dir, `127.0.0.1:${port}`)
  const env = { ...withSbin, HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir }
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env })
  const said: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  const exited = once(child, 'exit')
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGTERM')
    await exited
    await rm(dir, { recursive: true, force: true })
  }
  const deadline = Date.now() + 10_000
  while (!(await answersAt('127.0.0.1', port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop()
      throw new Error(`${program} does not come up: ${Buffer.concat(said).toString()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return { url: `http://127.0.0.1:${port}`, stop }
}

/** A loopback port that nobody listens on just now. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
