/** `postern notices`: what people were told, whom it reached, and through which channels it goes. */
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { mailSecurities, syslogTransports, type NoticeView, type ReceiptView } from '@postern/shared'
import { Problem } from '../problem.ts'
import { given, many, readNumber, readOptionFile } from './options.ts'
import { plain, printJson, printLine, printTable, when } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { readSecret } from './prompt.ts'

export const noticesCommand = (tools: Toolbox): Command => {
  const { io } = tools
  const root = new Command('notices').description('what people are told in time, and how')
  const sub = (name: string, about: string, example: string): Command =>
    withGlobals(root.command(name).description(about)).addHelpText('after', `\nExample:\n  postern notices ${example}`)

  sub('list', 'list notices, newest first, and whom they have reached', 'list')
    .option('--page <n>')
    .option('--per-page <n>', 'at most 500')
    .action(async (_options, command: Command) => {
      const { page, perPage } = command.opts<Record<string, string>>()
      const list = await tools.client(command).call('notices.list', { query: given({ page, per_page: perPage }) })
      if (tools.globals(command).json === true) return printJson(io, list)
      printTable<NoticeView>(
        io,
        [
          { title: 'Raised', text: ({ at }) => when(at, '-'), fixed: true },
          { title: 'Notice', text: ({ text }) => plain(text) },
          { title: 'Reached', text: ({ receipts }) => receipts.map(short).join(', ') },
        ],
        list.data,
        { wrap: true },
      )
    })

  sub('channels', 'show where notices go', 'channels').action(async (_options, command: Command) => {
    const channels = await tools.client(command).call('channels.get')
    if (tools.globals(command).json === true) return printJson(io, channels)
    const { mail, webhook, syslog, system } = channels
    printLine(io, 'log      always: the log of the daemon')
    if (mail !== null)
      printLine(io, `mail     to ${plain(mail.to.join(', '))} by ${plain(mail.host)}:${mail.port} (${mail.security})`)
    if (webhook !== null) printLine(io, `webhook  ${plain(webhook.url)}`)
    if (syslog !== null) printLine(io, `syslog   ${plain(syslog.host)}:${syslog.port} (${syslog.transport})`)
    if (system !== null) printLine(io, `system   the log of this machine, as ${plain(system.name)}`)
  })

  sub(
    'mail',
    'send notices by mail; a password comes on standard input',
    'mail --host mail.example.com --from postern@example.com --to ops@example.com',
  )
    .requiredOption('--host <host>', 'the mail server')
    .requiredOption('--from <address>')
    .requiredOption('--to <address>', 'repeat for more', many)
    .option('--port <n>')
    .addOption(new Option('--security <how>', 'default: starttls; none only for this machine').choices(mailSecurities))
    .option('--user <user>', 'asks for its password on standard input')
    .option('--ca-file <file>', 'certificates to trust, in PEM form')
    .action(async (_options, command: Command) => {
      const options = command.opts<{
        host: string
        from: string
        to: string[]
        port?: string
        security?: (typeof mailSecurities)[number]
        user?: string
        caFile?: string
      }>()
      const password = options.user === undefined ? undefined : (await readSecret(io, 'Password: ')).reveal()
      const { host, from, to, security, user } = options
      const channels = await tools.client(command).call('channels.mail', {
        body: {
          host,
          from,
          to,
          ...given({
            port: readNumber('--port', options.port),
            security,
            user,
            password,
            ca: await caOf(options.caFile),
          }),
        },
      })
      said(command, channels, `Notices go to ${plain(to.join(', '))} by ${plain(host)}. Try it: postern notices test`)
    })

  sub(
    'webhook <url>',
    'send notices to a webhook, signed in the form of Standard Webhooks',
    'webhook https://hooks.example.com/postern',
  )
    .option('--ca-file <file>', 'certificates to trust, in PEM form')
    .action(async (url: string, _options, command: Command) => {
      const { caFile } = command.opts<{ caFile?: string }>()
      const body = { url, ...given({ ca: await caOf(caFile) }) }
      const channels = await tools.client(command).call('channels.webhook', { body })
      said(
        command,
        channels,
        `Notices go to ${plain(url)}. The receiver checks their signature with this secret, shown this once:\n\n  ${channels.secret ?? ''}\n\nTry it: postern notices test`,
      )
    })

  sub('syslog <host>', 'send notices to a syslog server', 'syslog logs.example.com --transport tls')
    .addOption(new Option('--transport <how>', 'default: tls').choices(syslogTransports))
    .option('--port <n>')
    .option('--ca-file <file>', 'certificates to trust, in PEM form')
    .action(async (host: string, _options, command: Command) => {
      const { transport, port, caFile } = command.opts<{
        transport?: (typeof syslogTransports)[number]
        port?: string
        caFile?: string
      }>()
      const body = { host, ...given({ transport, port: readNumber('--port', port), ca: await caOf(caFile) }) }
      said(
        command,
        await tools.client(command).call('channels.syslog', { body }),
        `Notices go to ${plain(host)}. Try it: postern notices test`,
      )
    })

  sub('system', 'write notices into journald or syslog, or the Windows event log', 'system')
    .option('--name <name>', 'the name entries carry; default: postern')
    .action(async (_options, command: Command) => {
      const { name } = command.opts<{ name?: string }>()
      const channels = await tools.client(command).call('channels.system', { body: given({ name }) })
      said(command, channels, 'Notices go into the log of this machine. Try it: postern notices test')
    })

  sub('calendar', 'make a calendar of expiries to subscribe to; shows its token once', 'calendar')
    .option('--remove', 'no more calendar')
    .action(async (_options, command: Command) => {
      const client = tools.client(command)
      if (command.opts<{ remove?: boolean }>().remove === true) {
        await client.call('calendar.remove')
        if (tools.globals(command).json !== true) printLine(io, 'There is no calendar any more.')
        return
      }
      const calendar = await client.call('calendar.set')
      const [first] = (await client.call('status.get')).listeners
      const url = `${first?.url ?? 'https://GATEWAY:8443'}${calendar.path}`
      said(
        command,
        calendar,
        `Subscribe to ${url} with any user name and this password, shown this once:\n\n  ${calendar.token}\n\nA calendar program that asks for no password takes ${calendar.path}?token=TOKEN. Whoever has the token reads names and dates of keys, and nothing else.`,
      )
    })

  sub('remove <channel>', 'send no more notices by mail, webhook, syslog or system', 'remove webhook').action(
    async (channel: string, _options, command: Command) => {
      await tools.client(command).call('channels.remove', { params: { channel } })
      if (tools.globals(command).json !== true) printLine(io, `No more notices go by ${plain(channel)}.`)
    },
  )

  sub('test', 'send a test notice through every channel', 'test').action(async (_options, command: Command) => {
    const answered = await tools.client(command).call('notices.test')
    const failed = answered.receipts.filter(({ state }) => state !== 'accepted')
    if (tools.globals(command).json === true) printJson(io, answered)
    else
      for (const each of answered.receipts)
        printLine(
          io,
          `${each.channel.padEnd(8)} ${each.state === 'accepted' ? 'accepted' : 'FAILED'}: ${plain(each.note ?? '')}`,
        )
    if (failed.length > 0)
      throw new Problem('notice_undelivered', {
        detail: `The test did not go through by ${failed.map(({ channel }) => channel).join(', ')}. Correct the channel and try again.`,
      })
  })

  const caOf = async (file: string | undefined): Promise<string | undefined> =>
    file === undefined ? undefined : readOptionFile('--ca-file', resolve(io.cwd, file))
  const said = (command: Command, answer: object, text: string): void => {
    if (tools.globals(command).json === true) printJson(io, answer)
    else printLine(io, text)
  }
  return root
}

const short = ({ channel, state, attempts }: ReceiptView): string =>
  state === 'accepted'
    ? channel
    : `${channel}: ${state === 'owed' ? (attempts === 0 ? 'waiting' : attempts === 1 ? 'failed once' : `failed ${attempts} times`) : 'given up'}`
