/**
 * Notices to the log of the operating system: journald or syslog through `logger` (util-linux), or the Windows event log
 * through `eventcreate`. Both say by their exit code whether the log took it.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { Notice } from '@postern/shared'
import type { Channel } from '../deliver.ts'
import { oneLine } from '../syslog-wire.ts'

export interface SystemLogSettings {
  /** The name entries carry. */
  readonly name: string
}

const priorities = { info: 'daemon.info', warning: 'daemon.warning', urgent: 'daemon.alert' } as const
const eventTypes = { info: 'INFORMATION', warning: 'WARNING', urgent: 'ERROR' } as const
/** `eventcreate` takes ids up to 1000, and texts of a limited length. */
const eventId = '100'
const textMax = 1_000

/** The program that writes a notice into the log of a platform, and its arguments. */
export const logCommand = (
  notice: Notice,
  { name }: SystemLogSettings,
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): { file: string; args: string[] } => {
  const text = `${oneLine(notice.text).slice(0, textMax)} (${notice.id})`
  if (platform === 'win32') {
    const file = join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'eventcreate.exe')
    const about = ['/L', 'APPLICATION', '/SO', name, '/ID', eventId, '/T', eventTypes[notice.severity]]
    return { file, args: [...about, '/D', text] }
  }
  const args = ['--socket-errors=on', '--tag', name, '--priority', priorities[notice.severity], '--', text]
  return { file: '/usr/bin/logger', args }
}

export const systemLogChannel = (
  settings: SystemLogSettings,
  { platform = process.platform, env = process.env, extra = [] }: SystemLogOptions = {},
): Channel => ({
  name: 'system',
  batchMax: 1,
  async send([notice], signal) {
    if (notice === undefined) return 'nothing to send'
    const { file, args } = logCommand(notice, settings, platform, env)
    await run(file, [...extra, ...args], signal)
    return platform === 'win32' ? 'the event log took it' : 'the system’s log took it'
  },
})

export interface SystemLogOptions {
  readonly platform?: NodeJS.Platform
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Arguments before all others, such as another socket. */
  readonly extra?: readonly string[]
}

const run = (file: string, args: readonly string[], signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile(file, args, { signal, windowsHide: true, timeout: 15_000 }, (error, _stdout, stderr) => {
      if (error === null) resolve()
      else if (error.code === 'ENOENT') reject(new Error(`${file} is not there`))
      else reject(new Error(oneLine(stderr).trim().slice(0, 200) || error.message))
    })
  })
