/** What the commands about keys share: how one is declared, and how a key is printed. */
import { type Command, Option } from 'commander'
import { keyScopes, revealPolicies, type IssuedKey, type KeyEdit, type KeyScope, type KeyView } from '@postern/shared'
import { given, readDuration } from './options.ts'
import { printJson, printLine } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { UsageError } from './prompt.ts'

export interface KeyKit {
  readonly tools: Toolbox
  sub(name: string, about: string, example: string): Command
  printKey(command: Command, key: KeyView, said: string): void
  /** With its value, which no other output holds. */
  printIssued(command: Command, key: IssuedKey, said: string): void
}

export const keyKit = (tools: Toolbox, keys: Command): KeyKit => {
  const { io } = tools
  const sub = (name: string, about: string, example: string): Command =>
    withGlobals(keys.command(name).description(about)).addHelpText('after', `\nExample:\n  postern keys ${example}`)

  const printKey = (command: Command, key: KeyView, said: string): void => {
    if (tools.globals(command).json === true) printJson(io, key)
    else printLine(io, said)
  }

  const printIssued = (command: Command, key: IssuedKey, said: string): void => {
    if (tools.globals(command).json === true) return printJson(io, key)
    printLine(io, said)
    if (key.value === null) return printLine(io, 'Its reveal policy is "never", so its value is not shown.')
    printLine(io, `\n  ${key.value}\n`)
    printLine(
      io,
      key.reveal === 'always'
        ? `Show it again with: postern keys copy ${key.id}`
        : 'It is not kept and cannot be shown again: store it now.',
    )
  }

  return { tools, sub, printKey, printIssued }
}

/** What makes a key a trap, and what it may ask of Postern itself. */
export const specialOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--scope <scope>', 'what it may ask of Postern itself; repeat for more')
        .choices(keyScopes)
        .argParser((value: string, before: KeyScope[] | undefined) => [...(before ?? []), readScope(value)]),
    )
    .option('--honey', 'a trap: opens nothing, and whoever presents it is told of at once')
    .option('--block <duration>', 'with --honey: refuse the address it comes from for so long, such as 24h')

export interface SpecialFlags {
  scope?: KeyScope[] | undefined
  honey?: boolean
  block?: string
}

export const readSpecial = ({ scope, honey, block }: SpecialFlags): Pick<KeyEdit, 'scopes' | 'honey'> => {
  if (block !== undefined && honey !== true) throw new UsageError('--block goes with --honey.')
  const seconds = block === undefined ? undefined : readDuration(block)
  if (seconds === 0) throw new UsageError('--block: leave it out for a trap that blocks nobody.')
  return given({ scopes: scope, honey: honey === true ? given({ block_seconds: seconds }) : undefined })
}

const readScope = (text: string): KeyScope => {
  const scope = keyScopes.find((each) => each === text)
  if (scope === undefined) throw new UsageError(`--scope: one of ${keyScopes.join(', ')}.`)
  return scope
}

export const revealOption = (): Option =>
  new Option('--reveal <policy>', 'whether the value can be shown again').choices(revealPolicies)
