/** `postern explain` and `postern refusals`: would a call pass, and why one did not. Never makes a call. */
import { Command, Option } from 'commander'
import {
  problems,
  refusalReasons,
  verdictRules,
  type Explanation,
  type ExplainRequest,
  type RefusalReason,
  type RefusalView,
  type RuleAnswer,
  type VerdictRule,
} from '@postern/shared'
import { assertNever } from '../problem.ts'
import type { Io } from './io.ts'
import { given } from './options.ts'
import { plain, printJson, printLine, printTable } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { UsageError } from './prompt.ts'

interface Asked {
  readonly key?: string
  readonly method?: string
  readonly path?: string
  readonly host?: string
  readonly address?: string
  readonly at?: string
  readonly forwardAuth?: boolean
}

export const explainCommand = (tools: Toolbox): Command =>
  withGlobals(new Command('explain').description('would a call pass? or: why was it refused? rule by rule'))
    .argument('[request-id]', 'of a refused call, as its answer says it')
    .option('--method <method>', 'of the call')
    .option('--path <path>', 'of the call, as it arrives')
    .option('--key <key>', 'an id or name; default: as if no credential was given')
    .option('--address <address>', 'of the caller')
    .option('--host <host>', 'as in the Host header')
    .option('--at <instant>', 'another instant, judged by what is set up now; default: now')
    .option('--forward-auth', 'a proxy asks, and forwards by itself')
    .addHelpText(
      'after',
      '\nExamples:\n  postern explain --key "SAP sync" --method GET --path /orders/1 --address 203.0.113.9\n' +
        '  postern explain 3f2a9c-1b\n\nIt makes no call. The last 20,000 refusals since the start can be asked for by request id.',
    )
    .action(async (requestId: string | undefined, _options, command: Command) => {
      const { json: _json, ...asked } = command.opts<Asked & { json?: boolean }>()
      if (requestId === undefined) await explainCall(tools, command, asked)
      else await explainRefusal(tools, command, requestId, asked)
    })

const explainCall = async (tools: Toolbox, command: Command, asked: Asked): Promise<void> => {
  const { method, path, key, host, address, at, forwardAuth } = asked
  if (method === undefined || path === undefined)
    throw new UsageError('Say which call with --method and --path, or name a refused one by its request id.')
  const body = { method, path, ...given({ key, host, address, at, forward_auth: forwardAuth }) }
  const found = await tools.client(command).call('explain.call', { body })
  if (tools.globals(command).json === true) return printJson(tools.io, found)
  printExplanation(tools.io, found)
}

/** A refusal as it was, and the same call judged again by what is set up now. */
const explainRefusal = async (tools: Toolbox, command: Command, requestId: string, asked: Asked): Promise<void> => {
  const other = (['method', 'path', 'key', 'address', 'host', 'at', 'forwardAuth'] as const).find(
    (option) => asked[option] !== undefined,
  )
  if (other !== undefined) throw new UsageError('A request id stands alone: what the call was like is remembered.')
  const { io } = tools
  const client = tools.client(command)
  const refusal = await client.call('refusals.get', { params: { request: requestId } })
  const again = askAgain(refusal)
  const explanation = typeof again === 'string' ? null : await client.call('explain.call', { body: again })
  if (tools.globals(command).json === true) return printJson(io, { refusal, explanation })
  const { key, address, reason, status, said } = refusal
  const who = key === null ? 'no key' : `the key ${key.name} (${key.id})`
  printLine(io, plain(`${refusal.method} ${refusal.path === '' ? '(no path)' : refusal.path} with ${who}`))
  printLine(io, plain(`at ${refusal.at} from ${address}${refusal.caller_known === false ? ', a proxy' : ''}`))
  printLine(io, plain(`was refused with ${status} ${reason}${said === '' ? '' : `: ${said}`}.`))
  if (typeof again === 'string') printLine(io, `\nIt cannot be judged again: ${again}.`)
  if (explanation === null) return
  printLine(io, '\nThe same call now:\n')
  printExplanation(io, explanation)
}

/** These refuse before it is known which key was meant, or what was asked. */
const beforeKey: readonly (VerdictRule | null)[] = verdictRules.slice(0, verdictRules.indexOf('credential_given'))

/** The question to ask of a refusal, or why there is none. */
const askAgain = (refusal: RefusalView): ExplainRequest | string => {
  const { key, method, path, host, address, asked_by_proxy: asked, caller_known: known, reason, rule } = refusal
  if (rule === null) return 'a path of Postern’s own has refused it'
  if (beforeKey.includes(rule)) return 'what was wrong with it is not kept'
  if (key === null && reason !== 'credential_missing') return 'nobody knows which key was meant'
  if (isCut(path) || isCut(host ?? '')) return 'long parts of its path or host are not kept; ask with --key and --path'
  const from = known === false ? undefined : address
  return { method, path, ...given({ key: key?.id, host, address: from, forward_auth: asked ? true : undefined }) }
}

/** Left out as in the log, or past what is kept of it. */
const isCut = (text: string): boolean => text.includes('…') || text.endsWith('...')

const printExplanation = (io: Io, found: Explanation): void => {
  printTable<RuleAnswer>(
    io,
    [
      { title: 'Outcome', text: ({ outcome }) => markOf(outcome), fixed: true },
      { title: 'Rule', text: ({ rule }) => rule, fixed: true },
      { title: 'Looked at', text: ({ outcome, said }) => (outcome === 'not_asked' ? '' : plain(said)) },
    ],
    found.rules,
    { wrap: true },
  )
  const judged = found.judged_by === 'live' ? '' : ` At ${found.at}, judged by what is set up now.`
  printLine(io, '')
  printLine(io, `${verdictLine(found)}${judged}`)
  if (found.changed_since.length === 0) return
  printLine(io, '\nChanged since:')
  for (const { at, action, by } of found.changed_since) printLine(io, plain(`  ${at}  ${action}  by ${by}`))
}

/** What a caller is answered, on one line. */
const verdictLine = ({ reason, status, rules }: Explanation): string => {
  if (reason !== null) return `Refused: ${status ?? problems[reason].status} ${reason}.`
  const open = rules.filter(({ outcome }) => outcome === 'unknown').map(({ rule }) => rule)
  return open.length === 0 ? 'Allowed.' : `Allowed, but for what is not known: ${open.join(', ')}.`
}

/** A sign and a word, because a sign alone is read by nobody's screen reader. */
const markOf = (outcome: RuleAnswer['outcome']): string => {
  switch (outcome) {
    case 'pass':
      return '✓ pass'
    case 'refuse':
      return '✗ refuse'
    case 'not_asked':
      return '· not asked'
    case 'unknown':
      return '? unknown'
    default:
      return assertNever(outcome)
  }
}

export const refusalsCommand = (tools: Toolbox): Command => {
  const root = new Command('refusals').description('calls that were refused, and why')
  withGlobals(root.command('list').description('the last refusals, newest first'))
    .option('--key <key>', 'only those of this key; an id or name')
    .addOption(new Option('--reason <reason>', 'only those for this reason').choices(refusalReasons))
    .option('--text <text>', 'only those with this in request id, path or address')
    .option('--page <n>')
    .option('--per-page <n>', 'at most 500')
    .addHelpText('after', '\nExample:\n  postern refusals list --key "SAP sync" --reason insufficient_scope')
    .action(async (_options, command: Command) => {
      const { io } = tools
      const { key, reason, text, page, perPage } = command.opts<Record<string, string>>()
      const query = given({ key, reason: reason as RefusalReason | undefined, text, page, per_page: perPage })
      const list = await tools.client(command).call('refusals.list', { query })
      if (tools.globals(command).json === true) return printJson(io, list)
      if (list.count === 0) return printLine(io, 'No refusal of this kind is remembered.')
      printTable<RefusalView>(
        io,
        [
          { title: 'Time', text: ({ at }) => `${at.slice(0, 10)} ${at.slice(11, 19)}Z`, fixed: true },
          { title: 'Request', text: ({ request_id }) => plain(request_id), fixed: true },
          { title: 'Answer', text: ({ status, reason: why }) => `${status} ${why}`, fixed: true },
          { title: 'Key', text: (refusal) => plain(refusal.key?.name ?? '-') },
          { title: 'Call', text: ({ method, path }) => plain(`${method} ${path}`) },
          { title: 'From', text: ({ address }) => plain(address), fixed: true },
          { title: 'Why', text: ({ said }) => plain(said) },
        ],
        list.data,
        { wrap: true },
      )
      if (list.count > list.data.length) printLine(io, `${list.data.length} of ${list.count} refusals.`)
    })
  return root
}
