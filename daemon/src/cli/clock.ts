/** `postern clock`: the time that keys are judged by. */
import { Command } from 'commander'
import type { ClockView } from '@postern/shared'
import { printJson, printLine } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { confirm } from './prompt.ts'

export const clockText = ({ standing, wall, judged_by: judged, agrees_in_seconds: left }: ClockView): string => {
  if (standing === 'right') return `${wall}, right as far as is known`
  if (standing === 'behind') return `says ${wall}, but it has been later; keys are judged by ${judged}`
  const hours = Math.ceil((left ?? 0) / 3_600)
  return `says ${wall}, far ahead of what is sure; believed in ${hours} h, or with postern clock accept`
}

export const clockCommand = (tools: Toolbox): Command => {
  const { io } = tools
  const root = new Command('clock').description('the time that keys are judged by')
  withGlobals(root.command('show').description('what the clock says, and whether it is believed'))
    .addHelpText('after', '\nExample:\n  postern clock show')
    .action(async (_options, command: Command) => {
      const { clock } = await tools.client(command).call('status.get')
      if (tools.globals(command).json === true) printJson(io, clock)
      else printLine(io, `The clock ${clockText(clock)}.`)
    })
  withGlobals(
    root.command('accept').description('say that the clock of this machine is right, though it went back or far ahead'),
  )
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  postern clock accept')
    .action(async (_options, command: Command) => {
      const client = tools.client(command)
      const before = (await client.call('status.get')).clock
      await confirm(io, `Believe the clock, which says ${before.wall}.`, command.opts<{ yes?: boolean }>().yes)
      const clock = await client.call('clock.accept')
      if (tools.globals(command).json === true) printJson(io, clock)
      else printLine(io, `Keys are judged by the clock again: ${clock.judged_by}.`)
    })
  return root
}
