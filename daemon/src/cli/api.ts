/**
 * `postern api`: the API documentation in a browser. Promises: the link is asked for over the socket and printed to the
 * one who asked; a browser is started without a shell. Never: the code among a program's arguments, where every user of
 * the machine could read it and be faster than the browser.
 */
import { spawn } from 'node:child_process'
import { hostname } from 'node:os'
import { Command } from 'commander'
import type { Io } from './io.ts'
import { printJson, printLine } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'

export const apiCommand = (tools: Toolbox): Command =>
  withGlobals(new Command('api').description('open the API documentation, with "Try it out", in a browser'))
    .option('--no-open', 'only print the link')
    .addHelpText('after', '\nExamples:\n  postern api\n  postern api --no-open')
    .action(async (_options, command: Command) => {
      const { io } = tools
      const { open } = command.opts<{ open: boolean }>()
      const link = await tools.client(command).call('links.create', { body: { page: 'api' } })
      if (tools.globals(command).json === true) return printJson(io, link)
      const { port } = new URL(link.url)
      const [page = '', code = ''] = link.url.split('#')
      if (open && hasDisplay(io) && (await openBrowser(io, page)))
        printLine(io, `Your browser opens ${page}\nPaste this code there:\n\n  ${code}\n\nOr open this link:`)
      else printLine(io, 'Open this link in a browser on this machine:')
      printLine(io, `\n  ${link.url}\n\nIt works once, until ${link.expires_at}.`)
      printLine(io, `From another machine, first:\n\n  ssh -L ${port}:127.0.0.1:${port} ${hostname()}`)
    })

const hasDisplay = ({ env }: Io): boolean => {
  if (process.platform === 'win32' || process.platform === 'darwin') return env['SSH_CONNECTION'] === undefined
  return [env['DISPLAY'], env['WAYLAND_DISPLAY']].some((display) => display !== undefined && display !== '')
}

const opener = (): [program: string, ...args: string[]] => {
  // `start` is a word of cmd.exe; this is what it comes down to.
  if (process.platform === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler']
  return process.platform === 'darwin' ? ['open'] : ['xdg-open']
}

/** Whether the program that opens pages could be started; what becomes of it is the desktop's business. */
const openBrowser = (io: Io, page: string): Promise<boolean> =>
  new Promise((resolve) => {
    const [program, ...args] = opener()
    const child = spawn(program, [...args, page], { stdio: 'ignore', detached: true, env: { ...io.env } })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
