/** What the commands about clients, collections and endpoints share: list, show, disable, enable, delete. */
import type { Command } from 'commander'
import type { ClientView, CollectionView, EndpointView, ReachEvidence } from '@postern/shared'
import { given } from './options.ts'
import { plain, printJson, printLine, printTable, when, type Column } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { confirm, UsageError } from './prompt.ts'

type Shown = ClientView | CollectionView | EndpointView

interface Kind<V extends Shown> {
  readonly tools: Toolbox
  readonly noun: 'client' | 'collection' | 'endpoint'
  readonly columns: readonly Column<V>[]
  readonly title: (view: V) => string
}

export const say = (tools: Toolbox, command: Command, view: object, text: string): void =>
  tools.globals(command).json === true ? printJson(tools.io, view) : printLine(tools.io, text)

const reachText = ({
  calls,
  callers_count: callers,
  keys_count: keys,
  days,
  last_hour: last,
}: ReachEvidence): string =>
  calls === 0
    ? `Nobody has called it in the last ${days} days.`
    : `In the last ${days} days ${calls} calls from ${callers} ${callers === 1 ? 'caller' : 'callers'} with ${keys} ${keys === 1 ? 'key' : 'keys'} passed, the last in the hour from ${when(last, '-')}.`

export const onOff = (view: { enabled: boolean }): string => (view.enabled ? 'enabled' : 'disabled')

/** The commands every kind of record has in the same form: list, show, enable, disable, delete. */
export const commonCommands = <V extends Shown>(root: Command, { tools, noun, columns, title }: Kind<V>): void => {
  const { io } = tools
  const calls = `${noun}s` as const
  const example = noun === 'endpoint' ? "'GET /orders/{id}'" : "'Sales'"
  const sub = (name: string, about: string): Command => withGlobals(root.command(name).description(about))
  const paramsOf = (ref: string) => ({ [noun]: ref }) as never

  sub('list', `list ${noun}s`)
    .option('--text <text>')
    .option(noun === 'endpoint' ? '--collection <collection>' : '--project <project>')
    .option('--page <n>')
    .option('--per-page <n>', 'at most 500')
    .addHelpText('after', `\nExample:\n  postern ${calls} list`)
    .action(async (_options, command: Command) => {
      const { text, collection, project, page, perPage } = command.opts<Record<string, string>>()
      const query = given({ text, collection, project, page, per_page: perPage })
      const list = await tools.client(command).call(`${calls}.list`, { query })
      if (tools.globals(command).json === true) return printJson(io, list)
      printTable(io, columns, list.data as unknown as V[])
      if (list.count > list.data.length)
        printLine(io, `${list.data.length} of ${list.count}; page ${list.page}. More: --page ${list.page + 1}`)
    })
  sub(`show <${noun}>`, `show one ${noun} as JSON`)
    .addHelpText('after', `\nExample:\n  postern ${calls} show ${example}`)
    .action(async (ref: string, _options, command: Command) =>
      printJson(io, await tools.client(command).call(`${calls}.get`, { params: paramsOf(ref) })),
    )
  for (const verb of ['disable', 'enable'] as const)
    sub(`${verb} <${noun}>`, verb === 'disable' ? `switch the ${noun} off` : `switch the ${noun} on again`)
      .addHelpText('after', `\nExample:\n  postern ${calls} ${verb} ${example}`)
      .action(async (ref: string, _options, command: Command) => {
        const answer = await tools.client(command).call(`${calls}.${verb}`, { params: paramsOf(ref) })
        const view = answer as unknown as V & { evidence?: ReachEvidence }
        const hit = view.evidence === undefined ? '' : ` ${reachText(view.evidence)}`
        say(tools, command, view, `"${plain(title(view))}" is ${onOff(view)}.${hit}`)
      })
  sub(`delete <${noun}>`, `remove the ${noun}`)
    .option('--yes', 'do not ask')
    .addHelpText('after', `\nExample:\n  postern ${calls} delete ${example} --yes`)
    .action(async (ref: string, _options, command: Command) => {
      const client = tools.client(command)
      const view = (await client.call(`${calls}.get`, { params: paramsOf(ref) })) as unknown as V
      const evidence = await client.call(`${calls}.evidence`, { params: paramsOf(view.id) })
      await confirm(
        io,
        `Remove the ${noun} "${plain(title(view))}" (${view.id}) for good. ${reachText(evidence)}`,
        command.opts<{ yes?: boolean }>().yes,
      )
      await client.call(`${calls}.remove`, { params: paramsOf(view.id) })
      const said = `Removed the ${noun} "${plain(title(view))}". ${reachText(evidence)}`
      say(tools, command, { ...view, evidence }, said)
    })
}

/** Throws a UsageError when nothing was named. */
export const changes = <T extends object>(edit: T): T => {
  if (Object.keys(edit).length === 0) throw new UsageError('Nothing to change was named; see --help.')
  return edit
}
