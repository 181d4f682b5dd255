/**
 * `postern scan`: finds leaked keys in files and folders, and says what to do about each. Promises: works without a daemon
 * and without a network; exit 0: nothing found, 1: a key was found or something could not be read. Never: a key value in
 * what it prints, or a question to the daemon that would show or use a key.
 */
import { Command, Option } from 'commander'
import type { AdminAnswer, KeyView, TokenView } from '@postern/shared'
import { Problem } from '../problem.ts'
import { ruleFormats, rulesFor, type RuleFormat } from '../scan/rules.ts'
import { scan, type Finding, type Note, type ScanCounts, type ScanResult } from '../scan/scan.ts'
import type { Io } from './io.ts'
import { plain, printJson, printLine, printTable, when } from './output.ts'
import { Ended, withGlobals, type Toolbox } from './program.ts'
import { UsageError } from './prompt.ts'

const examples = `
Examples:
  postern scan .                          everything below this folder
  postern scan /srv/share app.log.gz      archives (gzip, zip) are looked into
  postern scan --all backup.zip           mistyped and made-up keys too
  postern scan --json . > findings.json   for scripts
  postern scan --rules gitleaks > postern.toml && gitleaks git --config postern.toml

Exit code: 0 nothing found, 1 a key was found or something could not be read, 2 wrong usage.`

export const scanCommand = (tools: Toolbox): Command =>
  withGlobals(new Command('scan').description('find leaked keys in files and folders'))
    .argument('[path...]', 'files and folders')
    .option('--all', 'also what looks like a key but has a wrong checksum: mistyped or made up')
    .addOption(new Option('--rules <program>', 'print the rule for another scanner instead').choices(ruleFormats))
    .addHelpText('after', examples)
    .action(async (paths: string[], _options, command: Command) => {
      const { all = false, rules } = command.opts<{ all?: boolean; rules?: RuleFormat }>()
      if (rules !== undefined) {
        if (paths.length > 0) throw new UsageError('Give --rules or something to look through, not both.')
        return printLine(tools.io, rulesFor(rules))
      }
      if (paths.length === 0) throw new UsageError('Say what to look through: postern scan PATH...')
      const progress = createProgress(tools.io)
      const result = await scan({ paths, cwd: tools.io.cwd, onProgress: progress.show }).finally(progress.clear)
      const shown = result.findings.filter(({ checksumRight }) => all || checksumRight)
      const known = await askDaemon(tools, command, shown)
      const told = shown.map((finding) => ({ finding, ...judge(finding, known) }))
      if (tools.globals(command).json === true) printJson(tools.io, jsonOf(told, result, known))
      else printReport(tools.io, told, { result, known, all })
      if (shown.length > 0 || result.notes.some(({ kind }) => kind === 'unreadable')) throw new Ended(1)
    })

/** What this gateway says of its keys; `reason`: why it could not be asked. */
type Known =
  | { readonly keys: ReadonlyMap<string, KeyView>; readonly tokens: ReadonlyMap<string, TokenView> }
  | { readonly reason: string }
  | { readonly asked: false }

/** The lists of keys and of admin tokens, which show and use none. Without a daemon there is no state, and the findings stand all the same. */
const askDaemon = async (tools: Toolbox, command: Command, findings: readonly Finding[]): Promise<Known> => {
  if (!findings.some(({ checksumRight }) => checksumRight)) return { asked: false }
  const wanted = new Set(findings.map(({ keyId }) => keyId))
  const keys = new Map<string, KeyView>()
  try {
    const client = tools.client(command)
    let list: AdminAnswer<'keys.list'>
    let page = 1
    do {
      list = await client.call('keys.list', { query: { removed: 'true', per_page: 500, page } })
      for (const key of list.data) if (wanted.has(key.id)) keys.set(key.id, key)
      page += 1
    } while (list.data.length > 0 && list.per_page * list.page < list.count)
    const tokens = new Map<string, TokenView>()
    if (findings.some(({ opens }) => opens === 'admin_token')) {
      const listed = await client.call('tokens.list', { query: { per_page: 500 } })
      for (const token of listed.data) if (wanted.has(token.id)) tokens.set(token.id, token)
    }
    return { keys, tokens }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { reason: error.message }
  }
}

type State = KeyView['state'] | TokenView['state'] | 'unknown' | 'not_known_here' | 'no_key'

interface Judged {
  readonly key: KeyView | null
  readonly state: State
  /** What can be said of the secret without asking for it: whether its last four characters are those of the key's. */
  readonly secret: 'same_last_four' | 'another' | null
  readonly says: string
  readonly remedy: string | null
}

interface Told extends Judged {
  readonly finding: Finding
}

const judge = (finding: Finding, known: Known): Judged => {
  if (finding.opens === 'admin_token') return judgeToken(finding, known)
  const none = { key: null, secret: null }
  const rotate = `postern keys rotate ${finding.keyId}`
  if (!finding.checksumRight)
    return { ...none, state: 'no_key', says: 'wrong checksum: mistyped or fake', remedy: null }
  if (!('keys' in known)) return { ...none, state: 'not_known_here', says: 'not known here', remedy: rotate }
  const key = known.keys.get(finding.keyId)
  if (key === undefined) return { ...none, state: 'unknown', says: 'unknown to this gateway', remedy: null }
  const { state } = key
  const title = `${plain(key.name)}: ${state}`
  if (key.masked === finding.masked) {
    const says = `${title}, same last four characters`
    return { key, state, secret: 'same_last_four', says, remedy: state === 'removed' ? null : rotate }
  }
  const overlap = key.old_secret_valid_until
  const old = overlap !== null && state !== 'removed'
  return {
    key,
    state,
    secret: 'another',
    says: `${title}; another secret of this key, rotated since${old ? `; the one before works until ${when(overlap, '-')}` : ''}`,
    remedy: old ? `postern keys end-overlap ${key.id}` : null,
  }
}

/** A removed token is told like one that never was: nothing is left of it. */
const judgeToken = ({ keyId: id, checksumRight, masked }: Finding, known: Known): Judged => {
  const none = { key: null, secret: null }
  const remove = `postern tokens delete ${id}`
  if (!checksumRight) return { ...none, state: 'no_key', says: 'wrong checksum: mistyped or fake', remedy: null }
  if (!('tokens' in known))
    return { ...none, state: 'not_known_here', says: 'admin token; not known here', remedy: remove }
  const token = known.tokens.get(id)
  if (token?.masked !== masked)
    return { ...none, state: 'unknown', says: 'admin token; unknown to this gateway', remedy: null }
  const says = `admin token ${plain(token.name)}: ${token.state}, role ${token.role}`
  return { ...none, state: token.state, secret: 'same_last_four', says, remedy: remove }
}

const jsonOf = (told: readonly Told[], { notes, counts, findings }: ScanResult, known: Known): object => ({
  findings: told.map(({ finding, key, state, secret, remedy }) => ({
    path: finding.path,
    entry: finding.entry,
    line: finding.line,
    offset: finding.offset,
    form: finding.form,
    times: finding.times,
    opens: finding.opens,
    key_id: finding.keyId,
    masked: finding.masked,
    checksum: finding.checksumRight ? 'right' : 'wrong',
    key_name: key?.name ?? null,
    state,
    secret,
    remedy,
  })),
  not_looked_into: notes,
  counts: { ...counts, wrong_checksums: wrongOf(findings) },
  daemon: 'keys' in known ? 'answered' : 'reason' in known ? known.reason : 'not asked',
})

const wrongOf = (findings: readonly Finding[]): number => findings.filter(({ checksumRight }) => !checksumRight).length

const printReport = (
  io: Io,
  told: readonly Told[],
  { result, known, all }: { result: ScanResult; known: Known; all: boolean },
): void => {
  const { findings, notes, counts } = result
  if (told.length > 0)
    printTable<Told>(
      io,
      [
        { title: 'Where', text: ({ finding }) => plain(placeOf(finding)) },
        { title: 'Key', text: ({ finding }) => finding.masked, fixed: true },
        { title: 'State', text: ({ says }) => says },
      ],
      told,
      { wrap: true },
    )
  const remedies = new Set(told.flatMap(({ remedy }) => remedy ?? []))
  if (remedies.size > 0) printLine(io, `\nTo make what was found worthless:\n  ${[...remedies].join('\n  ')}`)
  if (told.length > 0 && 'reason' in known)
    printLine(io, `\nThe states of the keys are not known here. ${plain(known.reason)}`)
  if (notes.length > 0) {
    printLine(io, '\nNot looked into:')
    for (const note of notes) printLine(io, `  ${plain(noteOf(note))}`)
  }
  if (told.length + notes.length > 0) printLine(io, '')
  const through = `${count(counts.files, 'file')} (${sizeOf(counts.bytes)})`
  printLine(io, `${foundOf(findings)}; looked through ${through}${skippedOf(counts)}.`)
  const wrong = wrongOf(findings)
  if (wrong > 0)
    printLine(io, `A wrong checksum, mistyped or fake: ${count(wrong, 'place')}${all ? '' : '; see with --all'}.`)
}

const placeOf = ({ path, entry, form, line, offset, times }: Finding): string => {
  const at = form === 'name' ? ' (its name)' : line === null ? ` at byte ${offset}` : `:${line}`
  const more = times > 1 ? `, ${times} times` : ''
  return `${path}${entry === null ? '' : `!/${entry}`}${at}${more}`
}

const noteOf = ({ path, entry, reason, times }: Note): string =>
  `${path}${entry === null ? '' : `!/${entry}`} ${reason}${times > 1 ? ` (and ${times - 1} more like it)` : ''}`

const foundOf = (findings: readonly Finding[]): string => {
  const right = findings.filter(({ checksumRight }) => checksumRight)
  const countOf = (opens: Finding['opens']): number =>
    new Set(right.filter((finding) => finding.opens === opens).map(({ keyId }) => keyId)).size
  const [keys, tokens] = [countOf('key'), countOf('admin_token')]
  if (keys + tokens === 0) return 'No key found'
  const found = [...(keys > 0 ? [count(keys, 'key')] : []), ...(tokens > 0 ? [count(tokens, 'admin token')] : [])]
  return `Found ${found.join(' and ')} in ${count(right.length, 'place')}`
}

const skippedOf = ({ links, special }: ScanCounts): string =>
  [
    ...(links > 0 ? [`; ${count(links, 'symbolic link')} not followed`] : []),
    ...(special > 0 ? [`; ${count(special, 'device, pipe or socket', 'devices, pipes and sockets')} not opened`] : []),
  ].join('')

const count = (number: number, one: string, several = `${one}s`): string => `${number} ${number === 1 ? one : several}`

const sizeOf = (bytes: number): string => {
  const [size, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB']
  return `${size.toFixed(1)} ${unit}`
}

const progressEveryMs = 200

/** A line on standard error that is written over; nothing at all where nobody is looking. */
const createProgress = (io: Io): { show(counts: ScanCounts): void; clear(): void } => {
  const onTerminal = io.stderr.isTTY === true
  let shownAtMs = io.now()
  let shown = false
  return {
    show({ files, bytes }) {
      if (!onTerminal) return
      const nowMs = io.now()
      if (nowMs - shownAtMs < progressEveryMs) return
      shownAtMs = nowMs
      shown = true
      io.stderr.write(`\r\u001b[K${count(files, 'file')}, ${sizeOf(bytes)}`)
    },
    clear() {
      if (shown) io.stderr.write('\r\u001b[K')
    },
  }
}
