/**
 * What happens by the clock. Promises: jobs run by a clock that nobody can set, so that a step of the time, forward or back,
 * neither floods nor stops them; after such a step, and after sleep, those that look at dates run at once. A job never
 * overlaps itself, and one that fails runs again when it is due. (node-cron walks through every minute of a step forward and
 * waits out a step back.)
 */
export interface Job {
  readonly name: string
  readonly everyMs: number
  /** Also at once when the time was set, or the machine has slept. */
  readonly afterStep?: true
  run(): Promise<void>
}

export interface Clocks {
  /** Milliseconds since the epoch, as this machine believes. */
  readonly wallMs: () => number
  /** Milliseconds of a clock that never goes back. */
  readonly steadyMs: () => number
}

const tickMs = 1_000
const stepMs = 30_000

/** Gives what has to be called about once a second. Nothing runs before its first time is up. */
export const createTicker = (
  jobs: readonly Job[],
  { wallMs, steadyMs }: Clocks,
  onFault: (job: string, error: unknown) => void,
  onMended: (job: string) => void = () => undefined,
): (() => void) => {
  const started = steadyMs()
  const states = jobs.map((job) => ({ job, dueMs: started + job.everyMs, busy: false, failed: false }))
  let before = { wall: wallMs(), steady: started }
  return () => {
    const now = { wall: wallMs(), steady: steadyMs() }
    const stepped = Math.abs(now.wall - before.wall - (now.steady - before.steady)) > stepMs
    before = now
    for (const state of states) {
      const { job } = state
      const due = now.steady >= state.dueMs || (stepped && job.afterStep === true)
      if (!due || state.busy) continue
      // What was missed while nothing ran is not made up for.
      state.dueMs = now.steady + job.everyMs
      state.busy = true
      job
        .run()
        .then(
          () => {
            if (state.failed) onMended(job.name)
            state.failed = false
          },
          (error: unknown) => {
            state.failed = true
            onFault(job.name, error)
          },
        )
        .finally(() => (state.busy = false))
    }
  }
}

/** Runs jobs until stopped. */
export const runJobs = (
  jobs: readonly Job[],
  wallMs: () => number,
  onFault: (job: string, error: unknown) => void,
  onMended: (job: string) => void,
): { stop(): void } => {
  const clocks = { wallMs, steadyMs: () => performance.now() }
  const timer = setInterval(createTicker(jobs, clocks, onFault, onMended), tickMs)
  return { stop: () => clearInterval(timer) }
}
