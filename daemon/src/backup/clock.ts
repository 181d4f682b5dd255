/**
 * Backups and drills by the clock: what is due is tried, and what became of it is remembered, outside the data folder.
 * Promises: one that was missed while nothing ran is made up for once; one that failed is tried again after 15 minutes.
 */
import { briefly, Problem } from '../problem.ts'
import type { Backups } from './backups.ts'
import { dueAt, isDue, type Tried } from './cron.ts'

type Name = 'backupTried' | 'drillTried'
interface Scheduled {
  readonly cron: string
}

export interface BackupClock {
  /** Begins to wait for the next time; what was tried before is forgotten. */
  begin(name: Name, schedule: Scheduled | null): Promise<void>
  /** Does the work when it is due. Gives what is remembered of it then; `null`: it was not due. */
  attempt<S extends Scheduled>(
    name: Name,
    schedule: S | null,
    work: (schedule: S) => Promise<void>,
  ): Promise<Tried | null>
  /** When it comes next, and whether it failed. */
  next(
    schedule: Scheduled,
    tried: Tried | null,
  ): { next_at: string | null; failed: { at: string; problem: string } | null }
}

/** For people: a Problem says more than its code. */
export const sayWhy = (error: unknown): string => (error instanceof Problem ? error.message : briefly(error))

export const createBackupClock = ({
  backups,
  zone,
  now,
}: {
  backups: Pick<Backups, 'facts' | 'remember'>
  zone: string
  now: () => number
}): BackupClock => {
  const instant = (): string => new Date(now()).toISOString()
  const fresh = ({ cron }: Scheduled): Tried => ({ cron, at: instant(), problem: null })

  return {
    begin: (name, schedule) => backups.remember({ [name]: schedule === null ? null : fresh(schedule) }),
    async attempt(name, schedule, work) {
      const known = backups.facts()[name]
      if (schedule === null) {
        if (known !== null) await backups.remember({ [name]: null })
        return null
      }
      // A store that came from elsewhere has a schedule that this machine has not begun yet.
      const tried = known?.cron === schedule.cron ? known : fresh(schedule)
      if (tried !== known) await backups.remember({ [name]: tried })
      if (!isDue(tried, zone, now())) return null
      const at = instant()
      // Before it is tried: what ends Postern every time must not be tried at every start.
      await backups.remember({ [name]: { ...tried, at } })
      const problem = await work(schedule).then(() => null, sayWhy)
      const done: Tried = { ...tried, at, problem }
      await backups.remember({ [name]: done })
      return done
    },
    next(schedule, tried) {
      const known = tried?.cron === schedule.cron ? tried : fresh(schedule)
      const nextMs = dueAt(known, zone, now())
      return {
        next_at: nextMs === null || nextMs <= now() ? null : new Date(nextMs).toISOString(),
        failed: known.problem === null ? null : { at: known.at, problem: known.problem },
      }
    },
  }
}
