/** How far long work of the daemon has come: one line on standard error, where that is a terminal and nobody reads JSON. */
import type { Command } from 'commander'
import { isProblem } from '../problem.ts'
import type { Toolbox } from './program.ts'

const askEveryMs = 500

/** Waits for the work, and meanwhile asks the daemon how far it is. */
export const withProgress = async <R>(tools: Toolbox, command: Command, work: () => Promise<R>): Promise<R> => {
  const { io } = tools
  if (io.stderr.isTTY !== true || tools.globals(command).json === true) return work()
  const client = tools.client(command)
  let shown = false
  let asking = false
  const show = async (): Promise<void> => {
    const { running } = await client.call('backups.last')
    if (running === null || running.bytes_total === null) return
    const [done, total] = [running.bytes_done, running.bytes_total].map((bytes) => (bytes / 1e6).toFixed(1))
    io.stderr.write(`\r${done} of ${total} MB `)
    shown = true
  }
  const timer = setInterval(() => {
    if (asking) return
    asking = true
    show()
      // The work itself says what is wrong.
      .catch((error: unknown) => isProblem(error, 'daemon_unreachable'))
      .finally(() => (asking = false))
  }, askEveryMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    if (shown) io.stderr.write('\r\u001b[K')
  }
}
