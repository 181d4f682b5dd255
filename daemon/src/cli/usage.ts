/** `postern usage`: who calls what, how often. */
import { Command, Option } from 'commander'
import { usageGroups, type UsageReportRow } from '@postern/shared'
import { given } from './options.ts'
import { csvOf, plain, printJson, printLine, printTable, when } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'

export const usageCommand = (tools: Toolbox): Command => {
  const root = new Command('usage').description('who calls what, how often')
  withGlobals(root.command('report').description('calls by key, client, owner, endpoint, caller or time'))
    .addOption(new Option('--by <what>', 'what makes a line').choices(usageGroups).default('key'))
    .option('--from <date>', 'a date in UTC or an instant; default: 30 days ago')
    .option('--to <date>', 'a date, with its whole day, or an instant; default: now')
    .option('--key <key>')
    .option('--client <client>')
    .option('--endpoint <endpoint>', 'an id or "METHOD /path"')
    .option('--csv', 'print CSV')
    .addHelpText('after', '\nExample:\n  postern usage report --by endpoint --from 2026-11-01 --csv > usage.csv')
    .action(async (_options, command: Command) => {
      const { io } = tools
      const { by, from, to, key, client, endpoint, csv } = command.opts<Record<string, string> & { csv?: boolean }>()
      const report = await tools
        .client(command)
        .call('usage.report', { query: given({ group_by: by, from, to, key, client, endpoint }) })
      if (tools.globals(command).json === true) return printJson(io, report)
      const columns = [
        { title: by ?? '', text: ({ group }: UsageReportRow) => plain(group.name) },
        { title: 'Calls', text: ({ calls }: UsageReportRow) => String(calls), fixed: true as const },
        { title: 'Allowed', text: ({ allowed }: UsageReportRow) => String(allowed), fixed: true as const },
        { title: 'Refused', text: ({ refused }: UsageReportRow) => String(refused), fixed: true as const },
        { title: 'Callers', text: ({ callers }: UsageReportRow) => String(callers), fixed: true as const },
      ]
      if (csv === true) {
        const whole = [
          { title: 'id', text: ({ group }: UsageReportRow) => group.id },
          ...columns,
          { title: 'first', text: ({ first }: UsageReportRow) => first },
          { title: 'last', text: ({ last }: UsageReportRow) => last },
        ]
        return void io.stdout.write(csvOf(whole, report.data))
      }
      printTable<UsageReportRow>(
        io,
        [...columns, { title: 'Last in the hour from', text: ({ last }) => when(last, '-'), fixed: true }],
        report.data,
      )
      printLine(io, `${report.calls} calls from ${when(report.from, '-')} to ${when(report.to, '-')}.`)
    })
  return root
}
