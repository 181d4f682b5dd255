/** What the console is started with: where the daemon is, whether to stay in the tray, and a link to follow. Pure. */
import { readDeepLink, type DeepLink } from './deep-link.ts'

export interface CommandLine {
  /** The daemon's data folder; its socket is found by it. */
  readonly data: string | undefined
  readonly socket: string | undefined
  /** No window at first: it waits in the tray. */
  readonly hidden: boolean
  readonly link: DeepLink | undefined
}

/** Whatever is not known here is Chromium's or Electron's own, and is passed over. */
export const readCommandLine = (argv: readonly string[]): CommandLine => ({
  data: valueOf('--data', argv),
  socket: valueOf('--socket', argv),
  hidden: argv.includes('--hidden'),
  link: argv.map((each) => readDeepLink(each)).find((link) => link !== undefined),
})

const valueOf = (flag: string, argv: readonly string[]): string | undefined => {
  const at = argv.indexOf(flag)
  const next = at === -1 ? undefined : argv[at + 1]
  if (next !== undefined && !next.startsWith('--')) return next
  return argv.find((each) => each.startsWith(`${flag}=`))?.slice(flag.length + 1)
}
