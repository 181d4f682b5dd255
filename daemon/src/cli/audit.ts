/** `postern audit`: the trail read, checked, and handed to somebody who need not trust this machine. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { actorKinds, type AuditLines, type AuditVerification, type AuditView } from '@postern/shared'
import { verifyTrailOffline } from '../init-store.ts'
import { isProblem, Problem } from '../problem.ts'
import { given, readNumber, readOptionFile } from './options.ts'
import { plain, printJson, printLine, printTable } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { UsageError } from './prompt.ts'

export const auditCommand = (tools: Toolbox): Command => {
  const root = new Command('audit').description('who changed or revealed what')
  root.addCommand(listCommand(tools))
  root.addCommand(verifyCommand(tools))
  root.addCommand(exportCommand(tools))
  root.addCommand(keyCommand(tools))
  root.addCommand(verifierCommand(tools))
  root.addCommand(receiverCommand(tools))
  return root
}

const listCommand = (tools: Toolbox): Command =>
  withGlobals(new Command('list').description('list entries, newest first'))
    .option('--object <id>', 'only entries about this id or name')
    .option('--actor <name>', 'only entries of actors whose name has this in it')
    .option('--action <action>', 'only entries of this action')
    .addOption(new Option('--source <kind>', 'only entries of somebody of this kind').choices(actorKinds))
    .option('--from <date>', 'a date in UTC or an instant; only entries since then')
    .option('--to <date>', 'a date in UTC, with its whole day, or an instant; only entries before')
    .option('--page <n>')
    .option('--per-page <n>', 'at most 500')
    .addHelpText('after', '\nExample:\n  postern audit list --object ab12cd34')
    .action(async (_options, command: Command) => {
      const { page, perPage, ...asked } = command.opts<Record<string, string>>()
      const { object, actor, action: done, source, from, to } = asked
      const query = given({ page, per_page: perPage, object, actor, action: done, source, from, to })
      const list = await tools.client(command).call('audit.list', { query })
      if (tools.globals(command).json === true) return printJson(tools.io, list)
      printTable<AuditView>(
        tools.io,
        [
          { title: 'Time', text: ({ ts }) => `${ts.slice(0, 10)} ${ts.slice(11, 19)}Z`, fixed: true },
          {
            title: 'Actor',
            text: ({ actor: { name, proof } }) => plain(proof === 'claimed' ? `${name} (claimed)` : name),
          },
          { title: 'Action', text: ({ action }) => action, fixed: true },
          { title: 'Object', text: ({ object: { id, name } }) => plain(name === undefined ? id : `${name} (${id})`) },
          {
            title: 'Outcome',
            text: outcomeText,
            fixed: true,
          },
        ],
        list.data,
        { wrap: true },
      )
    })

const outcomeText = ({ outcome, count, came_true: cameTrue }: AuditView): string => {
  if (outcome === 'intent') return cameTrue ? 'done' : 'not done'
  return count === undefined ? outcome.replace('_', ' ') : `${outcome} × ${count}`
}

const verifyCommand = (tools: Toolbox): Command =>
  withGlobals(new Command('verify').description('read the whole trail and name the first record that is not genuine'))
    .option('--allow-gaps', 'records that a sealed record says are missing are no fault')
    .addHelpText(
      'after',
      '\nWith the daemon stopped it checks against what this machine remembers of the trail.\n\nExample:\n  postern audit verify --json',
    )
    .action(async (_options, command: Command) => {
      const { io } = tools
      const found: AuditVerification = await tools
        .client(command)
        .call('audit.verify')
        .catch((error: unknown) => {
          if (!isProblem(error, 'daemon_unreachable')) throw error
          return verifyTrailOffline(tools.folders(command))
        })
      if (tools.globals(command).json === true) printJson(io, found)
      const { ok, bad, entries, last_seq: last, gaps, unchained } = found
      const { allowGaps } = command.opts<{ allowGaps?: boolean }>()
      if (ok && tools.globals(command).json !== true) {
        const whole = gaps.length === 0 ? 'whole' : 'genuine as far as it goes'
        printLine(io, `The trail is ${whole}: ${entries} records, the last is ${last ?? 0}.`)
        if (unchained > 0) printLine(io, `${unchained} of them are from before the trail was chained.`)
        for (const { from, to } of gaps) printLine(io, `Records ${from} to ${to} are missing; a sealed record says so.`)
      }
      if (bad === null && gaps.length > 0 && allowGaps !== true)
        throw new Problem('trail_damaged', {
          detail: `Records are missing: ${gaps.map(({ from, to }) => `${from} to ${to}`).join(', ')}. When you know why, leave them out of the verdict with --allow-gaps.`,
        })
      if (bad !== null)
        throw new Problem('trail_damaged', {
          detail: `From record ${bad.seq} on: ${bad.reason}. Keep the folder as it is and compare with an export or a backup.`,
        })
    })

const exportCommand = (tools: Toolbox): Command =>
  withGlobals(new Command('export').description('print the trail as JSON lines that a stranger can check'))
    .option('--after <record>', 'only records after this one', '0')
    .addHelpText(
      'after',
      '\nCheck it anywhere with Node alone, using what `audit key` and `audit verifier` print:\n  node verify-trail.mjs trail.jsonl key.pem\n\nExample:\n  postern audit export > trail.jsonl',
    )
    .action(async (_options, command: Command) => {
      const { io } = tools
      const client = tools.client(command)
      const after = readNumber('--after', command.opts<{ after: string }>().after) ?? 0
      if (after < 0) throw new UsageError('--after: the number of a record, or 0 for all.')
      let first: number | undefined
      let last = 0
      for (let next: number | null = after; next !== null;) {
        const page: AuditLines = await client.call('audit.lines', { query: { after: next } })
        for (const line of page.lines) {
          const seq = seqOf(line) ?? last + 1
          if (first === undefined)
            printLine(io, JSON.stringify({ postern_audit_begin: 1, store_id: page.store_id, from: seq }))
          first ??= seq
          last = seq
          printLine(io, line)
        }
        next = page.next
      }
      if (first === undefined)
        throw new Problem('not_found', { detail: `There are no records after ${after} in the trail.` })
      printLine(io, (await client.call('audit.trailer', { query: { from: first, to: last } })).line)
    })

/** A damaged record is exported too: whoever checks the export shall see it. */
const seqOf = (line: string): number | undefined => {
  try {
    return (JSON.parse(line) as { seq: number }).seq
  } catch {
    return undefined
  }
}

const keyCommand = (tools: Toolbox): Command =>
  withGlobals(new Command('key').description('print the public key that the seals of the trail are checked with'))
    .addHelpText('after', '\nExample:\n  postern audit key > key.pem')
    .action(async (_options, command: Command) => {
      const { store_id, public_key } = await tools.client(command).call('audit.lines', { query: {} })
      if (tools.globals(command).json === true) printJson(tools.io, { store_id, public_key })
      else printLine(tools.io, public_key.trimEnd())
    })

const receiverCommand = (tools: Toolbox): Command =>
  withGlobals(
    new Command('receiver').description('send the trail to a syslog server over TLS as it is written; alone: show it'),
  )
    .argument('[host]')
    .option('--port <n>', 'default: 6514')
    .option('--ca-file <file>', 'certificates to trust, in PEM form')
    .option('--remove', 'send it nowhere any more')
    .addHelpText('after', '\nExample:\n  postern audit receiver logs.example.com --ca-file ca.pem')
    .action(async (host: string | undefined, _options, command: Command) => {
      const { io } = tools
      const client = tools.client(command)
      const { port, caFile, remove } = command.opts<{ port?: string; caFile?: string; remove?: boolean }>()
      if (remove === true) await client.call('audit.remove_receiver')
      const ca = caFile === undefined ? undefined : await readOptionFile('--ca-file', resolve(io.cwd, caFile))
      const view =
        host === undefined
          ? await client.call('audit.receiver')
          : await client.call('audit.set_receiver', {
              body: { host, ...given({ port: readNumber('--port', port), ca }) },
            })
      if (tools.globals(command).json === true) return printJson(io, view)
      if (view.receiver === null) return printLine(io, 'The trail is sent nowhere.')
      const { receiver, sent_seq: sent, last_seq: last, problem } = view
      printLine(
        io,
        `The trail goes to ${plain(receiver.host)}:${receiver.port}; ${sent ?? 0} of ${last} records are there.`,
      )
      if (problem !== null) printLine(io, `It is not reached at present: ${plain(problem)}`)
    })

const verifierCommand = ({ io }: Toolbox): Command =>
  new Command('verifier')
    .description('print a short program that checks an export with Node alone')
    .addHelpText('after', '\nExample:\n  postern audit verifier > verify-trail.mjs')
    .action(async () => {
      const path = join(import.meta.dirname, '..', 'audit', 'verify-trail.mjs')
      io.stdout.write(await readFile(path, 'utf8'))
    })
