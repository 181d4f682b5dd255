/** What happens by the clock: short ticks only, so that sleep, clock changes and restarts need no code of their own. */
import cron from 'node-cron'

export interface Job {
  readonly name: string
  /** A cron expression, seconds optional. */
  readonly every: string
  run(): Promise<void>
}

/** Runs jobs until stopped. A job that fails is reported and runs again at its next tick; it never overlaps itself. */
export const runJobs = (
  jobs: readonly Job[],
  onFault: (job: string, error: unknown) => void,
): { stop(): Promise<void> } => {
  const tasks = jobs.map(({ name, every, run }) =>
    cron.schedule(every, () => run().catch((error: unknown) => onFault(name, error)), { name, noOverlap: true }),
  )
  return {
    stop: async () => {
      for (const task of tasks) await task.destroy()
    },
  }
}
