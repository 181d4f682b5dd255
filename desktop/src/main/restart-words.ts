/** How the service is restarted on this machine, in words. Pure; the commands are those of the pages. */
import { serviceCommands } from '../renderer/shell.ts'
import type { Texts } from '../renderer/texts/texts.ts'

export interface CommandWords {
  readonly title: string
  /** The first stands before the command. */
  readonly lines: readonly [string, ...string[]]
  readonly command: string
  readonly copy: string
  readonly close: string
}

/** `dataDir`: null where nobody has said yet which folder it is. */
export const restartWords = (dataDir: string | null, { window, common }: Texts): CommandWords => {
  const { restart: words } = window
  const { restart, doctor } = serviceCommands(dataDir === null ? null : { data_dir: dataDir })
  const shown = { title: words.title, copy: words.copy, close: common.close }
  if (restart === null) return { ...shown, lines: [words.unknown], command: doctor }
  return { ...shown, lines: [restart.byHand ? words.byHand : words.how, words.effect], command: restart.command }
}
