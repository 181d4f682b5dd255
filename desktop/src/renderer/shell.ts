/** Words as a POSIX shell reads them, and the commands by which the service is seen to where it runs. Pure. */
import type { StatusView } from '@postern/shared'

const plainWord = /^[A-Za-z0-9_./:@%+=,-]+$/

/** One word, whatever is in it. */
export const quoted = (word: string): string =>
  plainWord.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`

/** A command line of `postern`. */
export const commandLine = (words: readonly string[]): string => ['postern', ...words].map(quoted).join(' ')

export interface ServiceCommands {
  /** Null where it is not known how the service runs. */
  readonly start: string | null
  /** Null likewise. `byHand`: it runs in a terminal, where it has to be ended first. */
  readonly restart: { readonly command: string; readonly byHand: boolean } | null
  /** Prints a link to the console's pages. */
  readonly console: string
  readonly log: string | null
  readonly doctor: string
  readonly unlock: string
  readonly clock: string
}

/** The folder and the unit of the installer. */
const installedDir = '/var/lib/postern'
const unit = 'postern'

/** `status`: as last heard; null: never. */
export const serviceCommands = (status: Pick<StatusView, 'data_dir'> | null): ServiceCommands => {
  const dir = status?.data_dir
  const isWindows = dir !== undefined && /^[A-Za-z]:\\|^\\\\/.test(dir)
  const clock = isWindows ? 'w32tm /query /status' : 'timedatectl'
  if (dir === undefined || dir === installedDir)
    return {
      start: dir === undefined ? null : `systemctl start ${unit}`,
      restart: dir === undefined ? null : { command: `systemctl restart ${unit}`, byHand: false },
      console: commandLine(['console']),
      log: dir === undefined ? null : `journalctl -u ${unit} -n 50`,
      doctor: commandLine(['doctor']),
      unlock: commandLine(['unlock', '--recovery']),
      clock,
    }
  // The shells of Windows quote otherwise, and a path there holds no quotation mark.
  const data = isWindows ? `"${dir}"` : quoted(dir)
  return {
    start: `postern run --data ${data}`,
    restart: { command: `postern run --data ${data}`, byHand: true },
    console: `postern console --data ${data}`,
    log: null,
    doctor: `postern doctor --data ${data}`,
    unlock: `postern unlock --recovery --data ${data}`,
    clock,
  }
}
