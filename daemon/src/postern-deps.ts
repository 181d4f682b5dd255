/** What the daemon is started with, and what is then known of it. */
import type { StatusView } from '@postern/shared'
import type { Log } from './log.ts'

export interface PosternDeps {
  readonly log: Log
  readonly now?: () => number
  /** Milliseconds of a clock that nobody can set; default: the process’s own. */
  readonly steadyMs?: () => number
  readonly env?: Readonly<Record<string, string | undefined>>
  /** IANA zone for expiry dates without a time; default: the machine's. */
  readonly zone?: string
  /** What the audit trail keeps back for a full disk. */
  readonly auditReserveBytes?: number
  /** Changes are refused while the disk has less room; default: 16 MiB. */
  readonly freeBytesMin?: number
  /** How often what is held in memory is flushed, and a disk that failed is tried; default: a minute, ten seconds. */
  readonly flushEveryMs?: number
  readonly probeEveryMs?: number
}

export interface Postern {
  readonly urls: readonly string[]
  /** Of the status listener; `null` when it is off. */
  readonly statusUrl: string | null
  /** Of the door for programs with admin tokens; `null` when there is none. */
  readonly adminUrl: string | null
  readonly state: StatusView['state']
  /** Lets calls under way finish, flushes, and gives the folder back. */
  stop(): Promise<void>
}
