/** `postern settings …`: what the store holds once. */
import { Command } from 'commander'
import type { SettingsEdit } from '@postern/shared'
import { given, readNumber } from './options.ts'
import { printJson } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { UsageError } from './prompt.ts'

export const settingsCommand = (tools: Toolbox): Command => {
  const root = new Command('settings').description('settings of the store')
  withGlobals(root.command('show').description('show the settings as JSON')).action(
    async (_options, command: Command) => printJson(tools.io, await tools.client(command).call('settings.get')),
  )
  withGlobals(root.command('edit').description('change settings'))
    .option('--reveal-default <policy>', 'always, once or never: for keys that name no policy')
    .option('--socket-rate <n>', 'admin requests a second over the socket')
    .option('--admin-rate <n>', 'admin requests a second of one admin token or one session of the pages')
    .addHelpText('after', '\nExample:\n  postern settings edit --reveal-default once')
    .action(async (_options, command: Command) => {
      const { revealDefault, socketRate, adminRate } = command.opts<Record<string, string | undefined>>()
      const body = given({
        reveal_default: revealDefault,
        socket_requests_per_second: readNumber('--socket-rate', socketRate),
        admin_requests_per_second: readNumber('--admin-rate', adminRate),
      }) as SettingsEdit
      if (Object.keys(body).length === 0) throw new UsageError('Nothing to change was named; see --help.')
      const client = tools.client(command)
      const { etag } = await client.call('settings.get')
      printJson(tools.io, await client.call('settings.edit', { body, ifMatch: etag }))
    })
  return root
}
