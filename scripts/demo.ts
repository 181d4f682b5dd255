/**
 * What `npm start` shows: a Postern on loopback with a demo folder, a small on-premises service behind it, and a key to
 * call it with. Running it again keeps everything. Nothing here is needed by a real installation.
 */
import { existsSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join, relative } from 'node:path'
import { createAdminClient, type AdminClient } from '../daemon/src/cli/admin-client.ts'
import { initStore } from '../daemon/src/init-store.ts'
import { createLog } from '../daemon/src/log.ts'
import { startPostern, type Postern } from '../daemon/src/postern.ts'
import { holdFolder } from '../daemon/src/keystore/folder-hold.ts'
import { isProblem, Problem } from '../daemon/src/problem.ts'
import { readSettings } from '../daemon/src/settings.ts'

const demoDir = join(import.meta.dirname, '..', '.postern-demo')
const folders = { dataDir: join(demoDir, 'data'), machineDir: join(demoDir, 'data.machine') }
const keyName = 'Demo connector'
const defaultPort = 8443
const listenAt = (port: number): string[] => [`https://127.0.0.1:${port}`]
const say = (text: string): void => void process.stdout.write(`${text}\n`)

const readPort = (flag: string, otherwise: number): number => {
  const at = process.argv.indexOf(flag)
  const port = at < 0 ? otherwise : Number(process.argv[at + 1])
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new Problem('settings_invalid', { detail: `${flag}: a port number such as ${otherwise}` })
}

/** The on-premises service: says what reached it, which shows what the gateway adds and takes away. */
const startService = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      const postern = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => name.startsWith('x-postern-')),
      )
      const body = { message: `Hello from the on-premises service: ${request.method} ${request.url}`, ...postern }
      response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(body, null, 2)}\n`)
      request.resume()
    })
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Problem('port_taken', {
              detail: `Port ${port}, which the demo service needs, is taken. Stop the other program, or choose another port: npm start -- --service-port ${port + 1}`,
            })
          : error,
      ),
    )
    server.listen(port, '127.0.0.1', () => resolve(server))
  })

/** The collection, the endpoint and the key, made when they are not there yet. Gives the key's value. */
const prepare = async (client: AdminClient, servicePort: number): Promise<string> => {
  const absent = (error: unknown): undefined => {
    if (isProblem(error, 'not_found')) return undefined
    throw error
  }
  const params = { collection: 'Demo' }
  const collection = await client.call('collections.get', { params }).catch(absent)
  if (collection === undefined) await client.call('collections.create', { body: { name: 'Demo' } })
  const upstream = `http://127.0.0.1:${servicePort}/{rest*}`
  const endpoint = await client.call('endpoints.get', { params: { endpoint: 'ANY /demo/{rest*}' } }).catch(absent)
  if (endpoint === undefined)
    await client.call('endpoints.create', {
      body: { collection: 'Demo', method: 'ANY', path: '/demo/{rest*}', upstream },
    })
  else if (endpoint.upstream !== upstream)
    await client.call('endpoints.edit', {
      params: { endpoint: endpoint.id },
      body: { upstream },
      ifMatch: endpoint.etag,
    })
  const key = await client.call('keys.get', { params: { key: keyName } }).catch(absent)
  if (key === undefined) return (await client.call('keys.create', { body: { name: keyName } })).value ?? ''
  if (key.state === 'removed') return ''
  return (await client.call('keys.reveal', { params: { key: key.id } })).value ?? ''
}

const main = async (): Promise<void> => {
  const port = process.argv.includes('--port') ? readPort('--port', defaultPort) : null
  const servicePort = readPort('--service-port', 9310)
  const known = ['--port', '--service-port', '--fresh']
  const unknown = process.argv.slice(2).find((each) => each.startsWith('-') && !known.includes(each))
  if (unknown !== undefined)
    throw new Problem('settings_invalid', { detail: `${unknown} is not known here; there are ${known.join(', ')}` })
  // Before anything is changed: throws, naming the process, while a demo runs here; its folder stays.
  if (existsSync(folders.dataDir)) await (await holdFolder(folders.dataDir, folders.machineDir)).release()
  const service = await startService(servicePort)
  try {
    await serve({ port, servicePort, service })
  } catch (error) {
    service.close()
    throw error
  }
}

const serve = async (options: { port: number | null; servicePort: number; service: Server }): Promise<void> => {
  const { port, servicePort, service } = options
  if (process.argv.includes('--fresh')) rmSync(demoDir, { recursive: true, force: true })
  // What stands in the folder's config.json holds, unless a port is named now.
  const named = port === null ? {} : { listen: listenAt(port) }
  if (!existsSync(join(folders.dataDir, 'store'))) {
    const kit = await initStore(folders, { config: { listen: listenAt(port ?? defaultPort) }, now: Date.now })
    say(
      `Made a demo keystore in ${relative(process.cwd(), folders.dataDir)}. Its recovery kit, shown this once:\n\n  ${kit.code.reveal()}\n`,
    )
  }
  const settings = readSettings({ data: folders.dataDir, machine: folders.machineDir, ...named }, process.env)
  let postern: Postern
  try {
    postern = await startPostern(settings, { log: createLog('warn') })
  } catch (error) {
    const [only, ...more] = settings.listen
    if (!isProblem(error, 'port_taken') || only === undefined || more.length > 0) throw error
    throw new Problem('port_taken', {
      detail: `Port ${only.port} is taken. Stop the other program, or choose another port: npm start -- --port ${only.port + 1}`,
    })
  }
  const admin = createAdminClient({ socketPath: settings.socketPath, actorName: 'demo' })
  const value = await prepare(admin, servicePort)
  const { url: consoleUrl } = await admin.call('links.create', { body: { page: 'console' } })
  const ca = relative(process.cwd(), join(folders.dataDir, 'tls', 'ca.crt'))
  const url = `${postern.urls[0]}/demo/hello`
  say(`Postern listens for connectors on ${postern.urls[0]}; the demo service behind it is on port ${servicePort}.

Try, in another terminal of this folder:

  # a call that passes
  curl --cacert ${ca} ${url} -H 'Authorization: Bearer ${value === '' ? 'KEY' : value}'

  # a call that is refused: no key
  curl --cacert ${ca} ${url}

  # the same key, switched off and on: the first call answers 403, then 200
  npx postern keys disable '${keyName}'
  npx postern keys enable '${keyName}'

  # the console, in your browser: this link works once and for a minute, the command makes a new one
  ${consoleUrl}
  npx postern console

  npx postern keys list
  npx postern keys add 'My connector' --days 90
  npx postern audit list
  npx postern doctor
  npx postern --help
${value === '' ? `\nThe demo key has been removed; take it back: npx postern keys restore '${keyName}'\n` : ''}
Stop with Ctrl-C; what you have made is kept. Start over with: npm start -- --fresh`)
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    say('Stopping.')
    service.close()
    service.closeAllConnections()
    void postern.stop()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

main().catch((error: unknown) => {
  process.stderr.write(error instanceof Problem ? `postern: ${error.message}\n` : `postern: ${String(error)}\n`)
  process.exitCode = 1
})
