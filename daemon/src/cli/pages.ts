/**
 * `postern console` and `postern api`: pages of this machine in a browser. Promises: the link is asked for over the socket
 * and printed to the one who asked; where there is a display the browser opens it by itself. Never: the code among a
 * program's arguments, where every user of the machine could read it and be faster than the browser.
 */
import { hostname } from 'node:os'
import { Command } from 'commander'
import type { AdminPage } from '@postern/shared'
import type { Io } from './io.ts'
import { openInBrowser } from './open-in-browser.ts'
import { printJson, printLine } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'

const about: Readonly<Record<AdminPage, string>> = {
  console: 'open the console in a browser',
  api: 'open the API documentation, with "Try it out", in a browser',
}

export const pageCommand = (page: AdminPage, tools: Toolbox): Command =>
  withGlobals(new Command(page).description(about[page]))
    .option('--no-open', 'only print the link')
    .addHelpText('after', `\nExamples:\n  postern ${page}\n  postern ${page} --no-open`)
    .action(async (_options, command: Command) => {
      const { io } = tools
      const { open } = command.opts<{ open: boolean }>()
      const link = await tools.client(command).call('links.create', { body: { page } })
      if (tools.globals(command).json === true) return printJson(io, link)
      const opened = open && hasDisplay(io) ? await openInBrowser(io, link.url) : undefined
      printLine(
        io,
        opened === undefined
          ? 'Open this link in a browser on this machine:'
          : 'Your browser opens it. If not, open this link:',
      )
      printLine(io, `\n  ${link.url}\n\nIt works once, until ${link.expires_at}.`)
      const { port } = new URL(link.url)
      printLine(io, `From another machine, first:\n\n  ssh -L ${port}:127.0.0.1:${port} ${hostname()}`)
      await opened?.done
    })

const hasDisplay = ({ env }: Io): boolean => {
  if (process.platform === 'win32' || process.platform === 'darwin') return env['SSH_CONNECTION'] === undefined
  return [env['DISPLAY'], env['WAYLAND_DISPLAY']].some((display) => display !== undefined && display !== '')
}
