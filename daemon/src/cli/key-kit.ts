/** What the commands about keys share: how one is declared, and how a key is printed. */
import { type Command, Option } from 'commander'
import { revealPolicies, type IssuedKey, type KeyView } from '@postern/shared'
import { printJson, printLine } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'

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

export const revealOption = (): Option =>
  new Option('--reveal <policy>', 'whether the value can be shown again').choices(revealPolicies)
