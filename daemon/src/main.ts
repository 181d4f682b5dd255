/**
 * The command line: arguments -> command -> exit code. 0: done. 1: refused, with a problem. 2: wrong usage. 3: the keystore
 * is locked, damaged or not there. What a command says goes to standard output, why it did not to standard error.
 */
import { Command, CommanderError } from 'commander'
import { auditCommand } from './cli/audit.ts'
import { type Io, processIo } from './cli/io.ts'
import { backupCommand } from './cli/backup.ts'
import { blocksCommand } from './cli/blocks.ts'
import { clockCommand } from './cli/clock.ts'
import { doctorCommand } from './cli/doctor.ts'
import { explainCommand, refusalsCommand } from './cli/explain.ts'
import { keysCommand } from './cli/keys.ts'
import { createToolbox, Ended, type Toolbox } from './cli/program.ts'
import { UsageError } from './cli/prompt.ts'
import { policiesCommand } from './cli/policies.ts'
import { endpointsCommand } from './cli/endpoints.ts'
import { clientsCommand, collectionsCommand } from './cli/records.ts'
import { initCommand, runCommand, slotsCommand, statusCommand, unlockCommand } from './cli/store.ts'
import { kitCommand } from './cli/kit.ts'
import { machineKeyCommand } from './cli/machine-key.ts'
import { settingsCommand } from './cli/settings.ts'
import { pageCommand } from './cli/pages.ts'
import { noticesCommand } from './cli/notices.ts'
import { tokensCommand, whoamiCommand } from './cli/tokens.ts'
import { usageCommand } from './cli/usage.ts'
import { scanCommand } from './cli/scan.ts'
import { redact } from './log.ts'
import { version } from './daemon-status.ts'
import { problems, type ProblemCode } from '@postern/shared'
import { Problem, toResponse } from './problem.ts'

const keystoreCodes: readonly ProblemCode[] = [
  'keystore_locked',
  'keystore_absent',
  'keystore_damaged',
  'keystore_too_new',
  'keystore_rolled_back',
]

/** Runs one command line (without the program's name) and gives its exit code. */
export const main = async (argv: readonly string[], io: Io = processIo()): Promise<number> => {
  const tools = createToolbox(io)
  const program = new Command('postern')
    .description('An on-premises gateway with a local encrypted keystore')
    .version(version)
    // Of the program itself alone: the version of a collection is an option of its own commands.
    .enablePositionalOptions()
  const commands = [
    initCommand,
    runCommand,
    statusCommand,
    unlockCommand,
    doctorCommand,
    keysCommand,
    clientsCommand,
    collectionsCommand,
    endpointsCommand,
    kitCommand,
    policiesCommand,
    tokensCommand,
    whoamiCommand,
    slotsCommand,
    machineKeyCommand,
    settingsCommand,
    noticesCommand,
    usageCommand,
    explainCommand,
    refusalsCommand,
    auditCommand,
    scanCommand,
    blocksCommand,
    backupCommand,
    clockCommand,
    (toolbox: Toolbox) => pageCommand('console', toolbox),
    (toolbox: Toolbox) => pageCommand('api', toolbox),
  ]
  for (const make of commands) program.addCommand(make(tools))
  settle(program, io)
  try {
    await program.parseAsync(argv, { from: 'user' })
    return 0
  } catch (error) {
    return report(error, io, argv.includes('--json'))
  }
}

/** What the system says of a file, in words; nothing for other errors. */
const diskText = (error: unknown): string | undefined => {
  const { code, path } = error instanceof Error ? (error as NodeJS.ErrnoException) : {}
  if (code === undefined || path === undefined) return undefined
  const texts: Record<string, string> = {
    EACCES: 'may not be used by this user. Run the command as the user that Postern runs as, or name another folder.',
    EPERM: 'may not be used by this user. Run the command as the user that Postern runs as, or name another folder.',
    EROFS: 'is on a disk that cannot be written to.',
    ENOSPC: 'is on a disk that is full. Make room and try again.',
    ENOENT: 'is not there.',
    EEXIST: 'is there already, or is a file where a folder is needed.',
    ENOTDIR: 'is not a folder.',
    EISDIR: 'is a folder, not a file.',
  }
  const text = texts[code]
  return text === undefined ? undefined : `${path} ${text}`
}

/** Commander would end the process; here a wrong usage is thrown like anything else. */
const settle = (command: Command, io: Io): void => {
  command.exitOverride().configureOutput({
    writeOut: (text) => void io.stdout.write(text),
    writeErr: (text) => void io.stderr.write(redact(text)),
  })
  for (const each of command.commands) settle(each, io)
}

const report = (error: unknown, io: Io, json: boolean): number => {
  // Help and version are asked for; everything else of commander's has already been said.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof Ended) return error.exitCode
  if (error instanceof UsageError) {
    io.stderr.write(`postern: ${error.message}\n`)
    return 2
  }
  const said = diskText(error)
  if (said !== undefined) {
    io.stderr.write(`postern: ${redact(said)}\n`)
    return 1
  }
  if (!(error instanceof Problem)) {
    io.stderr.write(`postern: ${redact(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`)
    return 1
  }
  const { title } = problems[error.code]
  if (json) io.stderr.write(`${JSON.stringify(toResponse(error, '-').body)}\n`)
  else io.stderr.write(redact(`postern: ${title}.${error.detail === undefined ? '' : ` ${error.detail}`}\n`))
  return keystoreCodes.includes(error.code) ? 3 : 1
}
