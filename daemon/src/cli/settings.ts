/** `postern settings …`: what a site sets once for the whole store. */
import { Command } from 'commander'
import type { SettingsEdit } from '@postern/shared'
import { editNewest } from './edit-newest.ts'
import { given, readNumber } from './options.ts'
import { printJson } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { UsageError } from './prompt.ts'

interface Flags {
  revealDefault?: string
  socketRate?: string
  adminRate?: string
  wrongCredentials?: string
  /** False: none. */
  credentialHeader?: string | false
  publicUrl?: string | false
}

export const settingsCommand = (tools: Toolbox): Command => {
  const root = new Command('settings').description('settings of the store')
  withGlobals(root.command('show').description('show the settings as JSON')).action(
    async (_options, command: Command) => printJson(tools.io, await tools.client(command).call('settings.get')),
  )
  withGlobals(root.command('edit').description('change settings'))
    .option('--reveal-default <policy>', 'always, once or never: for keys that name no policy')
    .option('--socket-rate <n>', 'admin requests a second over the socket')
    .option('--admin-rate <n>', 'requests a second of one admin token or one session of the pages')
    .option('--wrong-credentials <n>', 'wrong credentials a minute that one address may present')
    .option('--credential-header <name>', 'a header for keys besides Authorization and X-API-Key')
    .option('--no-credential-header', 'no such header')
    .option('--public-url <url>', 'where callers reach the gateway, such as https://gateway.example.com:8443')
    .option('--no-public-url', 'say a listener’s own address instead')
    .addHelpText('after', '\nExample:\n  postern settings edit --credential-header apikey')
    .action(async (_options, command: Command) => {
      const flags = command.opts<Flags>()
      const body = given({
        reveal_default: flags.revealDefault,
        socket_requests_per_second: readNumber('--socket-rate', flags.socketRate),
        admin_requests_per_second: readNumber('--admin-rate', flags.adminRate),
        wrong_credentials_per_minute: readNumber('--wrong-credentials', flags.wrongCredentials),
        public_url: flags.publicUrl === false ? null : flags.publicUrl,
        credential_header: flags.credentialHeader === false ? null : flags.credentialHeader,
      }) as SettingsEdit
      if (Object.keys(body).length === 0) throw new UsageError('Nothing to change was named; see --help.')
      const client = tools.client(command)
      const settings = await editNewest(
        () => client.call('settings.get'),
        ({ etag }) => client.call('settings.edit', { body, ifMatch: etag }),
      )
      printJson(tools.io, settings)
    })
  return root
}
