/** A real nginx in front, for tests: one server on a free loopback port, in a folder of its own, until it is stopped. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { answersAt } from './call.ts'
import { temporaryDir } from './start-postern.ts'

export interface Nginx {
  readonly url: string
  stop(): Promise<void>
}

export const hasNginx = (): boolean => spawnSync('nginx', ['-v']).status === 0

/** `server`: what stands in its server block. Rejects with what nginx says when it does not come up. */
export const startNginx = async (server: string): Promise<Nginx> => {
  const dir = await temporaryDir()
  await mkdir(join(dir, 'logs'))
  const port = await freePort()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${dir}/${name};`,
  )
  await writeFile(
    join(dir, 'nginx.conf'),
    `daemon off; master_process off; pid ${dir}/pid; error_log ${dir}/logs/error.log;
     events { worker_connections 64; }
     http { access_log off; ${temporary.join(' ')} server { listen 127.0.0.1:${port}; ${server} } }`,
  )
  const child = spawn('nginx', ['-p', dir, '-c', join(dir, 'nginx.conf'), '-e', join(dir, 'logs', 'error.log')], {
    stdio: 'ignore',
  })
  const exited = once(child, 'exit')
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGTERM')
    await exited
    await rm(dir, { recursive: true, force: true })
  }
  const deadline = Date.now() + 10_000
  while (!(await answersAt('127.0.0.1', port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      const said = await readFile(join(dir, 'logs', 'error.log'), 'utf8').catch(() => '')
      await stop()
      throw new Error(`nginx does not come up: ${said}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return { url: `http://127.0.0.1:${port}`, stop }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
