/** `postern blocks`: addresses that are refused because a honey key was presented from there. */
import { Command } from 'commander'
import type { BlockView } from '@postern/shared'
import { plain, printJson, printLine, printTable, when } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'

export const blocksCommand = (tools: Toolbox): Command => {
  const { io } = tools
  const root = new Command('blocks').description('addresses refused because a honey key came from there')
  withGlobals(root.command('list').description('list addresses that are refused now'))
    .addHelpText('after', '\nExample:\n  postern blocks list')
    .action(async (_options, command: Command) => {
      const list = await tools.client(command).call('blocks.list', { query: { per_page: 500 } })
      if (tools.globals(command).json === true) return printJson(io, list)
      if (list.count === 0) return printLine(io, 'No address is refused.')
      printTable<BlockView>(
        io,
        [
          { title: 'Address', text: ({ network }) => network, fixed: true },
          { title: 'Honey key', text: ({ key }) => plain(`${key.name} (${key.id})`) },
          { title: 'Since', text: ({ created_at }) => when(created_at, '-'), fixed: true },
          { title: 'Until', text: ({ until }) => when(until, '-'), fixed: true },
        ],
        list.data,
      )
      if (list.count > list.data.length) printLine(io, `${list.data.length} of ${list.count} addresses.`)
    })
  withGlobals(root.command('lift <address>').description('let an address in again'))
    .addHelpText('after', '\nExample:\n  postern blocks lift 203.0.113.7')
    .action(async (address: string, _options, command: Command) => {
      await tools.client(command).call('blocks.lift', { body: { network: address } })
      if (tools.globals(command).json !== true) printLine(io, `${plain(address)} is refused no more.`)
    })
  return root
}
