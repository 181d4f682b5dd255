/**
 * `postern doctor`: finds the usual troubles and says the fix, with the daemon running or stopped. Promises: changes
 * nothing; a check that cannot be made says so instead of passing.
 */
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { Command } from 'commander'
import type { EndpointView, StatusView } from '@postern/shared'
import { assertPrivate } from '../disk/folder-mode.ts'
import { freeBytesOf } from '../host/host-facts.ts'
import { assertNever, isProblem, Problem } from '../problem.ts'
import { readSettings, readSocket, type Settings } from '../settings.ts'
import { plain, printJson, printLine } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'

export interface Finding {
  readonly check: string
  readonly result: 'ok' | 'warn' | 'fail'
  readonly detail: string
}

const freeBytesMin = 64 * 1024 * 1024
const patienceMs = 2_000
const dayMs = 86_400_000
/** No clock can rightly say an earlier time than this code was written. */
const writtenMs = Date.UTC(2026, 10, 1)
const endlessMs = Date.UTC(2100, 0, 1)

export const doctorCommand = (tools: Toolbox): Command =>
  withGlobals(new Command('doctor').description('find the usual troubles and say the fix'))
    .addHelpText('after', '\nExample:\n  postern doctor --data /var/lib/postern')
    .action(async (_options, command: Command) => {
      const findings = await examine(tools, command)
      if (tools.globals(command).json === true) printJson(tools.io, { findings })
      else
        for (const { check, result, detail } of findings)
          printLine(tools.io, `${result.padEnd(4)}  ${check.padEnd(12)} ${plain(detail)}`)
      const failed = findings.filter(({ result }) => result === 'fail').length
      const checks = failed === 1 ? 'One check' : `${failed} checks`
      if (failed > 0) throw new Problem('checks_failed', { detail: `${checks} failed; what to do stands above.` })
    })

const examine = async (tools: Toolbox, command: Command): Promise<Finding[]> => {
  const findings: Finding[] = []
  const ok = (check: string, detail: string): void => void findings.push({ check, result: 'ok', detail })
  const warn = (check: string, detail: string): void => void findings.push({ check, result: 'warn', detail })
  const fail = (check: string, detail: string): void => void findings.push({ check, result: 'fail', detail })
  const attempt = async (check: string, act: () => Promise<string>): Promise<void> =>
    act().then(
      (detail) => ok(check, detail),
      (error: unknown) => fail(check, error instanceof Problem ? error.message : String(error)),
    )

  const nowMs = tools.io.now()
  if (nowMs < writtenMs || nowMs > endlessMs)
    fail('clock', `the clock says ${new Date(nowMs).toISOString()}; set it, or keys expire at the wrong time`)
  else ok('clock', new Date(nowMs).toISOString())

  let settings: Settings | undefined
  await attempt('settings', async () => {
    settings = readSettings(tools.globals(command), tools.env)
    return `data folder ${settings.dataDir}, machine folder ${settings.machineDir}`
  })
  const status = await daemonStatus(tools, command, { ok, warn, fail })
  if (settings !== undefined) {
    const { dataDir, machineDir, listen } = settings
    if (await isThere(join(dataDir, 'store'))) {
      for (const dir of [dataDir, machineDir])
        await attempt('folder mode', async () => {
          if (!(await isThere(dir)))
            throw new Problem('keystore_locked', {
              detail: `there is no folder ${dir}, so this machine has no key of its own: postern unlock --recovery --data ${dataDir}`,
            })
          await assertPrivate(dir)
          return `${dir} is reachable by its owner alone`
        })
      await attempt('writable', async () => {
        await access(dataDir, constants.W_OK)
        return `this user may write to ${dataDir}`
      })
      const free = await freeBytesOf(dataDir).catch(() => undefined)
      if (free === undefined) warn('disk', `the free space of ${dataDir} cannot be read`)
      else if (free < freeBytesMin)
        fail('disk', `only ${Math.round(free / 1e6)} MB free at ${dataDir}; make room, or changes will be refused`)
      else ok('disk', `${Math.round(free / 1e6)} MB free at ${dataDir}`)
    } else fail('folder', `there is no keystore in ${dataDir}; make one: postern init --data ${dataDir}`)
    for (const file of filesOf(settings.certificate))
      await attempt('tls file', async () => {
        await access(file, constants.R_OK)
        return `${file} can be read`
      })
    if (status === undefined)
      for (const { host, port } of listen) {
        const fault = await bindFault(host, port)
        if (fault === undefined) ok('port', `port ${port} on ${host} is free`)
        else if (fault === 'EADDRINUSE')
          fail('port', `port ${port} is taken by another program; stop it, or start with --listen ${host}:${port + 1}`)
        else
          fail(
            'port',
            `${host}:${port} cannot be listened on (${fault}); name an address of this machine with --listen`,
          )
      }
  }
  if (status !== undefined && status.certificate !== null) {
    const leftMs = Date.parse(status.certificate.not_after) - nowMs
    const text = `the certificate is valid until ${status.certificate.not_after}`
    if (leftMs < 0) fail('certificate', `${text}, which has passed; replace the file it comes from`)
    else if (leftMs < 14 * dayMs) warn('certificate', `${text}; replace the file it comes from in time`)
    else ok('certificate', text)
  }
  if (status?.state === 'open') for (const finding of await examineUpstreams(tools, command)) findings.push(finding)
  return findings
}

type Say = Record<'ok' | 'warn' | 'fail', (check: string, detail: string) => void>

const daemonStatus = async (tools: Toolbox, command: Command, say: Say): Promise<StatusView | undefined> => {
  try {
    const status = await tools.client(command).call('status.get')
    if (status.problem === null) say.ok('daemon', `runs as process ${status.pid}, keystore ${status.state}`)
    else say.fail('daemon', status.problem.detail)
    for (const { message } of status.alarms) say.warn('alarm', message)
    return status
  } catch (error) {
    const detail = error instanceof Problem ? error.message : String(error)
    if (isProblem(error, 'daemon_unreachable') || isProblem(error, 'keystore_absent')) say.warn('daemon', detail)
    else say.fail('daemon', `${readSocket(tools.globals(command), tools.env)}: ${detail}`)
    return undefined
  }
}

const examineUpstreams = async (tools: Toolbox, command: Command): Promise<Finding[]> => {
  const list = await tools.client(command).call('endpoints.list', { query: { per_page: 500 } })
  const origins = new Map<string, EndpointView>()
  for (const endpoint of list.data) {
    const origin = /^https?:\/\/[^/]+/.exec(endpoint.upstream ?? '')?.[0]
    if (origin !== undefined && endpoint.enabled) origins.set(origin, endpoint)
  }
  return Promise.all(
    [...origins].map(async ([origin, endpoint]): Promise<Finding> => {
      const { hostname, port, protocol } = new URL(origin)
      const reached = await answers(
        hostname.replace(/^\[(.*)\]$/, '$1'),
        Number(port) || (protocol === 'https:' ? 443 : 80),
      )
      return reached
        ? { check: 'upstream', result: 'ok', detail: `${origin} can be reached` }
        : {
            check: 'upstream',
            result: 'fail',
            detail: `${origin} cannot be reached (endpoint ${endpoint.method} ${endpoint.path}); start the service, or correct the endpoint`,
          }
    }),
  )
}

const filesOf = (source: Settings['certificate']): string[] => {
  switch (source.kind) {
    case 'own':
      return []
    case 'pem':
      return [source.certificateFile, source.keyFile]
    case 'pfx':
      return [source.file]
    default:
      return assertNever(source)
  }
}

/** What keeps a listener from an address, or nothing. The port is free again afterwards. */
const bindFault = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
    server.listen({ host, port }, () => server.close(() => resolve(undefined)))
  })

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patienceMs })
    const end = (reached: boolean): void => {
      socket.destroy()
      resolve(reached)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
