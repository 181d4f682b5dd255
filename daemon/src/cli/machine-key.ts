/** `postern machine-key`: how this machine keeps the key with which it opens the keystore. Works with the daemon stopped. */
import { Command } from 'commander'
import { changeMachineKeyKind, machineKeyKindOf, machineKeyKinds, type MachineKeyKind } from '../init-store.ts'
import { Problem } from '../problem.ts'
import { printJson, printLine } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { UsageError } from './prompt.ts'

/** Throws a UsageError that names the flag. */
export const readMachineKeyKind = (flag: string, text: string): MachineKeyKind => {
  const kind = machineKeyKinds.find((each) => each === text)
  if (kind === undefined) throw new UsageError(`${flag}: use one of ${machineKeyKinds.join(', ')}.`)
  return kind
}

const words: Readonly<Record<MachineKeyKind, string>> = {
  file: 'a file that only its owner may read',
  'systemd-creds': 'systemd-creds: sealed by the host key of this machine, and its TPM where there is one',
  dpapi: 'DPAPI: sealed for this Windows machine',
}

export const machineKeyCommand = (tools: Toolbox): Command => {
  const { io } = tools
  const root = new Command('machine-key').description('how this machine keeps the key that opens the keystore')
  withGlobals(root.command('show').description('say how it is kept'))
    .addHelpText('after', '\nExample:\n  postern machine-key show')
    .action(async (_options, command: Command) => {
      const folders = tools.folders(command)
      const kind = await machineKeyKindOf(folders)
      if (kind === undefined)
        throw new Problem('not_found', {
          detail: `There is no machine key in ${folders.machineDir}. For another keystore: --data DIR`,
        })
      if (tools.globals(command).json === true) printJson(io, { machine_key: kind })
      else printLine(io, `Kept by ${words[kind]} (${folders.machineDir}).`)
    })
  withGlobals(root.command('protect').description('keep it in another way; the daemon has to be stopped'))
    .requiredOption('--kind <kind>', machineKeyKinds.join(', '))
    .addHelpText('after', '\nExample:\n  postern machine-key protect --kind systemd-creds')
    .action(async (_options, command: Command) => {
      const kind = readMachineKeyKind('--kind', command.opts<{ kind: string }>().kind)
      const { before } = await changeMachineKeyKind(tools.folders(command), kind)
      if (tools.globals(command).json === true) printJson(io, { machine_key: kind, before: before ?? null })
      else printLine(io, `The machine key is now kept by ${words[kind]}.`)
    })
  return root
}
